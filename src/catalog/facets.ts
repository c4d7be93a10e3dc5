import { groupBy } from '../base/group.ts';
import type { Facets } from '../model/facets.ts';
import { type AclItem, aclItem, heldOf, roleOf } from './acl-items.ts';

/** The columns of `facetColumns` as they come back. */
export interface FacetRow extends Record<string, unknown> {
  readonly owner: string;
  readonly comment: string | null;
  /** Without the owner's own. */
  readonly grants: readonly AclItem[];
}

/**
 * Owner, comment and grants of an object as select-list entries. A NULL ACL means the defaults, which for
 * servers, schemas and foreign tables grant nothing to anybody but the owner
 * (postgresql.org/docs/18/ddl-priv.html, table "Summary of Access Privileges").
 *
 * @param object SQL naming the object's oid, its owner and its ACL, and the catalog it is a row of
 */
export function facetColumns(object: { readonly oid: string; readonly owner: string; readonly acl: string; readonly catalog: string }): string {
  return `pg_get_userbyid(${object.owner}) AS owner, obj_description(${object.oid}, '${object.catalog}') AS comment,
    (SELECT coalesce(json_agg(${aclItem(object.owner)} ORDER BY x.privilege_type, g.rolname COLLATE "C"), '[]')
     FROM aclexplode(${object.acl}) x LEFT JOIN pg_roles g ON g.oid = x.grantee WHERE x.grantee <> ${object.owner}) AS grants`;
}

/** What such a row says. */
export function facetsOf({ owner, comment, grants }: FacetRow): Facets {
  const byPrivilege = groupBy(grants, ([privilege]) => privilege);
  return {
    owner,
    comment: comment ?? '',
    grants: [...byPrivilege].map(([privilege, granted]) => ({
      privilege,
      // Granted by two roles, it is one privilege.
      roles: [...new Set(granted.map(([, name]) => name))].map(roleOf),
      ...heldOf(granted.map((item) => ({ item }))),
    })),
  };
}
