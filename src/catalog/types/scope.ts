import { facetColumns } from '../facets.ts';

/**
 * The condition for the types that are wanted; `$1` is a schema or NULL. Objects that initdb makes have OIDs below
 * 16384 (FirstNormalObjectId, src/include/access/transam.h).
 *
 * @param type the alias of pg_type
 * @param namespace the alias of its pg_namespace
 */
export function inScope(type: string, namespace: string): string {
  return `${type}.oid >= 16384 AND CASE WHEN $1::text IS NULL THEN ${namespace}.nspname !~ '^pg_(toast_)?temp_' ELSE ${namespace}.nspname = $1 END`;
}

/** In the order of their names, whatever the locale. */
export const byName = 'ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"';

/** Owner, comment and grants of the type `t`. A NULL ACL lets everybody use it (postgresql.org/docs/18/ddl-priv.html). */
export const facetsOfType = facetColumns({ oid: 't.oid', owner: 't.typowner', acl: "coalesce(t.typacl, acldefault('T', t.typowner))", catalog: 'pg_type' });
