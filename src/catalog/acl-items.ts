import type { Held } from '../model/acl.ts';
import type { MappingRole } from '../model/role.ts';

/** Who holds what; null for PUBLIC. Who granted it, null for the owner, stands there where it counts. */
export type AclItem = readonly [privilege: string, role: string | null, grantor?: string | null, grantable?: boolean];

/** SQL for such an item, of `x`, a row of aclexplode, and `g`, the role that it names. */
export function aclItem(owner: string): string {
  return `CASE WHEN x.grantor <> ${owner} OR x.is_grantable
      THEN json_build_array(x.privilege_type, g.rolname, CASE WHEN x.grantor <> ${owner} THEN pg_get_userbyid(x.grantor) END, x.is_grantable)
      ELSE json_build_array(x.privilege_type, g.rolname) END`;
}

export function heldBy([privilege, role, grantor, grantable = false]: AclItem, column?: string): Held {
  return { privilege, column, role: roleOf(role), grantor: grantor ?? undefined, grantable };
}

/** The items, where others than the owner have granted some. */
export function heldOf(held: readonly Held[]): { readonly held?: readonly Held[] } {
  return held.some(({ grantor }) => grantor !== undefined) ? { held } : {};
}

/** @param name null for PUBLIC */
export function roleOf(name: string | null): MappingRole {
  return name === null ? { kind: 'public' } : { kind: 'role', name };
}
