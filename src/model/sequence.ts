import type { Acl } from './acl.ts';
import type { MappingRole } from './role.ts';

/** The sequence of an identity column of a foreign table; it is in the schema of the table, and has its owner. Numbers are text: they have 64 bits. */
export interface Sequence {
  readonly column: string;
  /** As `format_type` prints it. */
  readonly columnType: string;
  readonly name: string;
  /** `smallint`, `integer` or `bigint`: that of the column, unless somebody has altered it. */
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
  readonly comment: string | undefined;
  readonly acl: Acl;
  /** Roles that default privileges would give something on a new one. */
  readonly favoured: readonly MappingRole[];
}
