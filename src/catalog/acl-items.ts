import type { Held } from '../model/acl.ts';
import type { Grant } from '../model/facets.ts';
import type { MappingRole } from '../model/role.ts';

/** Who holds what; null for PUBLIC. Who granted it, null for the owner, stands there where it counts; `deputy`: whether who asks might grant as that role. */
export type AclItem = readonly [privilege: string, role: string | null, grantor?: string | null, grantable?: boolean, deputy?: boolean];

/** SQL for such an item, of `x`, a row of aclexplode, and `g`, the role that it names. */
export function aclItem(owner: string): string {
  return `CASE WHEN x.grantor <> ${owner} OR x.is_grantable
      THEN json_build_array(x.privilege_type, g.rolname, CASE WHEN x.grantor <> ${owner} THEN pg_get_userbyid(x.grantor) END, x.is_grantable,
        x.is_grantable AND x.grantee <> 0 AND pg_has_role(x.grantee, 'USAGE') AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))
      ELSE json_build_array(x.privilege_type, g.rolname) END`;
}

function heldBy([privilege, role, grantor, grantable = false]: AclItem, column: string | undefined): Held {
  return { privilege, column, role: roleOf(role), grantor: grantor ?? undefined, grantable };
}

/** The items, where others than the owner have granted some, or might. */
export function heldOf(items: readonly { readonly item: AclItem; readonly column?: string }[]): Pick<Grant, 'held' | 'asOwner'> {
  const asOwner = items.some(({ item: [, , , , deputy = false] }) => deputy);
  const others = items.some(({ item: [, , grantor = null] }) => grantor !== null);
  return { ...(asOwner || others ? { held: items.map(({ item, column }) => heldBy(item, column)) } : {}), ...(asOwner ? { asOwner } : {}) };
}

/** @param name null for PUBLIC */
export function roleOf(name: string | null): MappingRole {
  return name === null ? { kind: 'public' } : { kind: 'role', name };
}
