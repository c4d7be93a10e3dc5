import type { Acl, Held } from '../../model/acl.ts';
import { roleOf } from '../acl-items.ts';

/** An item of an ACL as SQL gives it. */
export interface Privilege {
  readonly privilege: string;
  /** null: PUBLIC. */
  readonly role: string | null;
  readonly grantor: string;
  readonly grantable: boolean;
}

/** Who has granted something, but for the owner. */
export interface Grantor {
  readonly role: string;
  readonly superuser: boolean;
  /** Whether it may name what is in the schema of the object; where that is in none, always. */
  readonly usage: boolean;
}

/** Who may do what with an object, as SQL gives it. */
export interface AclFacts {
  readonly owner: string;
  /** What the owner may not do, of what owners may by default. */
  readonly lacking: readonly string[];
  /** What others have, and what the owner may not grant by default. */
  readonly privileges: readonly Privilege[];
  readonly grantors: readonly Grantor[];
  readonly deputised: boolean;
}

/** Items of an ACL as JSON, but for those of `except`. */
export const privileges = (acl: string, except: string): string => `(
  SELECT coalesce(json_agg(json_build_object('privilege', x.privilege_type, 'role', g.rolname, 'grantor', o.rolname, 'grantable', x.is_grantable)
      ORDER BY x.privilege_type, g.rolname COLLATE "C", o.rolname COLLATE "C"), '[]')
  FROM (SELECT * FROM aclexplode(${acl}) EXCEPT SELECT * FROM aclexplode(${except})) x
  LEFT JOIN pg_roles g ON g.oid = x.grantee JOIN pg_roles o ON o.oid = x.grantor)`;

/** What the owner lacks of `usual`, an ACL of owners. */
export const lacking = (acl: string, usual: string, owner: string): string => `ARRAY(
  SELECT x.privilege_type FROM aclexplode(${usual}) x WHERE x.grantee = ${owner}
  EXCEPT SELECT x.privilege_type FROM aclexplode(coalesce(${acl}, ${usual})) x WHERE x.grantee = ${owner} ORDER BY 1)`;

/** @param items SQL of ACL items: grantor, grantee, is_grantable */
export const grantors = (items: string, owner: string, usage: string): string => `(
  SELECT coalesce(json_agg(json_build_object('role', o.rolname, 'superuser', o.rolsuper, 'usage', ${usage}) ORDER BY o.rolname COLLATE "C"), '[]')
  FROM pg_roles o WHERE o.oid <> ${owner} AND o.oid IN (SELECT grantor FROM ${items}))`;

/** Whether who asks might grant as another role than the owner: as one of those that it is a member of. */
export const deputised = (items: string, owner: string): string => `EXISTS (
  SELECT FROM ${items} WHERE is_grantable AND grantee <> ${owner} AND grantee <> 0 AND pg_has_role(grantee, 'USAGE') AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))`;

/** The ACL of an object, those of its columns included. */
export function aclOf(object: Omit<AclFacts, 'grantors'>, columns: readonly { readonly name: string; readonly privileges: readonly Privilege[] }[] = []): Acl {
  const held = (column: string | undefined) => ({ privilege, role, grantor, grantable }: Privilege): Held => ({ privilege, column, role: roleOf(role), grantor: grantor === object.owner ? undefined : grantor, grantable });
  return { owner: object.owner, lacking: object.lacking, asOwner: object.deputised, held: [...object.privileges.map(held(undefined)), ...columns.flatMap(({ name, privileges: own }) => own.map(held(name)))] };
}

/** Why what they have granted would not come back as theirs: a superuser grants as the owner, always. */
export function grantorObstacles(found: readonly Grantor[], on = 'it'): readonly string[] {
  return found.flatMap(({ role, superuser, usage }) => {
    if (superuser) return [`${role}, a superuser by now, has granted privileges on ${on}: a superuser grants as the owner`];
    return usage ? [] : [`${role} has granted privileges on ${on}, and could not again without USAGE on its schema`];
  });
}
