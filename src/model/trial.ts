import type { MappingRole } from './role.ts';

/** A user mapping that a plan's changes may have broken, to be tried before the commit. */
export interface Trial {
  readonly server: string;
  readonly role: MappingRole;
  /** Whether the spec names it: one that does not work is then a reason to roll back, else worth a word. */
  readonly listed: boolean;
  /** The addresses of the changes that touch it. */
  readonly after: readonly string[];
}
