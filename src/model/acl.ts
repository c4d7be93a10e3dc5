import { type MappingRole, roleKey } from './role.ts';

/** One item of an ACL. */
export interface Held {
  readonly privilege: string;
  /** undefined: on the whole object. */
  readonly column: string | undefined;
  readonly role: MappingRole;
  /** undefined: the owner. */
  readonly grantor: string | undefined;
  /** WITH GRANT OPTION. */
  readonly grantable: boolean;
}

/** What the owner has granted, on the whole object or on a column. */
export function fromOwner(privilege: string, role: MappingRole, column?: string): Held {
  return { privilege, column, role, grantor: undefined, grantable: false };
}

/** Who may do what with an object, beyond what its owner may by default. */
export interface Acl {
  readonly owner: string;
  /** What the owner has not, of what owners have by default. */
  readonly lacking: readonly string[];
  readonly held: readonly Held[];
  /** Whether the owner's grants have to be made as the owner: a member of several roles grants as the first that may (utils/adt/acl.c, select_best_grantor, 14 to 18). */
  readonly asOwner: boolean;
}

/**
 * Each after those that its grantor has the grant option from; what nobody could have granted is left out.
 * A grant option on a table counts for its columns.
 */
export function inOrderOfGrants(held: readonly Held[]): readonly Held[] {
  const ordered: Held[] = [];
  let waiting = held;
  for (;;) {
    const ready = waiting.filter((each) => each.grantor === undefined || ordered.some((one) => lets(one, each)));
    if (ready.length === 0) return ordered;
    ordered.push(...ready);
    const done = new Set(ready);
    waiting = waiting.filter((each) => !done.has(each));
  }
}

function lets({ privilege, column, role, grantable }: Held, each: Held): boolean {
  return grantable && privilege === each.privilege && (column === undefined || column === each.column) && role.kind === 'role' && role.name === each.grantor;
}

/** Who grants something of it, but for the owner. */
export function grantorsOf({ held }: Acl): readonly string[] {
  return [...new Set(held.flatMap(({ grantor }) => (grantor === undefined ? [] : [grantor])))];
}

/** Equal for one privilege of one role on one thing, whoever has granted it. */
export function heldKey({ privilege, column = '', role }: Pick<Held, 'privilege' | 'column' | 'role'>): string {
  return `${privilege}\0${column}\0${roleKey(role)}`;
}
