/* SET is told apart from membership from 16 on (postgresql.org/docs/16/release-16.html). */
const setRole = (versionNum: number): string => (versionNum >= 160000 ? 'SET' : 'MEMBER');

/**
 * One row per requirement of `$1`, a JSON array of {need, a, b, privilege, columns}: whether it is met (NULL: there is no such object),
 * who owns what it is about, and whether who asks is a member of that role, or of the one that it is about. Ownership is `pg_has_role(…, 'USAGE')`, as in object_ownercheck (catalog/aclchk.c, 14 to 18).
 */
export function preflightSql(versionNum: number): string {
  return `
WITH asked AS (
  SELECT q.position::int, q.value ->> 'need' AS need, q.value ->> 'a' AS a, q.value ->> 'b' AS b, q.value ->> 'privilege' AS privilege, nullif(q.value -> 'columns', 'null') AS columns
  FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS q(value, position)
), self AS (
  SELECT oid, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user
), owned AS (
  SELECT q.position, x.owner, x.granted
  FROM asked AS q CROSS JOIN LATERAL (
    SELECT e.extowner AS owner, false AS granted FROM pg_catalog.pg_extension AS e WHERE q.need LIKE '% extension' AND e.extname = q.a
    UNION ALL
    SELECT w.fdwowner, q.privilege IS NOT NULL AND has_foreign_data_wrapper_privilege(w.oid, q.privilege || ' WITH GRANT OPTION')
      FROM pg_catalog.pg_foreign_data_wrapper AS w WHERE q.need LIKE '% foreign-data wrapper' AND w.fdwname = q.a
    UNION ALL
    SELECT s.srvowner, q.privilege IS NOT NULL AND has_server_privilege(s.oid, q.privilege || ' WITH GRANT OPTION')
      FROM pg_catalog.pg_foreign_server AS s WHERE (q.need LIKE '% server' OR q.need = 'map') AND s.srvname = q.a
    UNION ALL
    SELECT n.nspowner, q.privilege IS NOT NULL AND has_schema_privilege(n.oid, q.privilege || ' WITH GRANT OPTION')
      FROM pg_catalog.pg_namespace AS n WHERE q.need LIKE '% schema' AND n.nspname = q.a
    UNION ALL
    SELECT t.typowner, q.need LIKE 'drop %' AND pg_has_role(n.nspowner, 'USAGE') FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
      WHERE q.need LIKE '% type' AND t.typname = q.a AND n.nspname = q.b
    UNION ALL
    SELECT c.relowner, CASE WHEN q.privilege IS NULL THEN q.need LIKE 'drop %' AND pg_has_role(n.nspowner, 'USAGE')
        WHEN q.columns IS NULL THEN has_table_privilege(c.oid, q.privilege || ' WITH GRANT OPTION')
        ELSE coalesce((SELECT bool_and(has_column_privilege(c.oid, a.attnum, q.privilege || ' WITH GRANT OPTION'))
          FROM jsonb_array_elements_text(q.columns) AS w(name) JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.name AND NOT a.attisdropped), false) END
      FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE q.need LIKE '% table' AND c.relname = q.a AND n.nspname = q.b
  ) AS x
)
SELECT q.position, pg_get_userbyid(o.owner) AS owner, r.rolsuper AS owner_is_superuser,
  CASE WHEN o.owner IS NOT NULL THEN pg_has_role(o.owner, 'MEMBER') WHEN q.need IN ('become', 'grant-as', 'revoke-as') THEN (SELECT pg_has_role(g.oid, 'MEMBER') FROM pg_catalog.pg_roles AS g WHERE g.rolname = q.a) END AS member,
  CASE
    WHEN self.rolsuper THEN true
    WHEN o.owner IS NOT NULL AND q.need <> 'map' THEN pg_has_role(o.owner, 'USAGE') OR o.granted
    WHEN o.owner IS NOT NULL THEN pg_has_role(o.owner, 'USAGE')
      OR (q.b = current_user AND (SELECT has_server_privilege(s.oid, 'USAGE') FROM pg_catalog.pg_foreign_server AS s WHERE s.srvname = q.a))
    WHEN q.need = 'create-on-database' THEN has_database_privilege(current_database(), 'CREATE')
    WHEN q.need = 'temporary' THEN has_database_privilege(current_database(), 'TEMPORARY')
    WHEN q.need = 'plpgsql' THEN (SELECT has_language_privilege(l.oid, 'USAGE') FROM pg_catalog.pg_language AS l WHERE l.lanname = 'plpgsql')
    WHEN q.need = 'create-in' THEN (SELECT has_schema_privilege(n.oid, 'CREATE') FROM pg_catalog.pg_namespace AS n WHERE n.nspname = q.a)
    WHEN q.need = 'usage-in' THEN (SELECT has_schema_privilege(n.oid, 'USAGE') FROM pg_catalog.pg_namespace AS n WHERE n.nspname = q.a)
    WHEN q.need = 'usage-on-wrapper' THEN (SELECT has_foreign_data_wrapper_privilege(w.oid, 'USAGE') FROM pg_catalog.pg_foreign_data_wrapper AS w WHERE w.fdwname = q.a)
    WHEN q.need = 'usage-on-server' THEN (SELECT has_server_privilege(s.oid, 'USAGE') FROM pg_catalog.pg_foreign_server AS s WHERE s.srvname = q.a)
    WHEN q.need = 'become' THEN (SELECT pg_has_role(g.oid, '${setRole(versionNum)}') FROM pg_catalog.pg_roles AS g WHERE g.rolname = q.a)
    WHEN q.need IN ('grant-as', 'revoke-as') THEN (SELECT pg_has_role(session_user, g.oid, '${setRole(versionNum)}') FROM pg_catalog.pg_roles AS g WHERE g.rolname = q.a)
    WHEN q.need = 'role-create-in' THEN (SELECT has_schema_privilege(g.oid, n.oid, 'CREATE') FROM pg_catalog.pg_roles AS g, pg_catalog.pg_namespace AS n WHERE g.rolname = q.a AND n.nspname = q.b)
    WHEN q.need = 'role-usage-on-wrapper' THEN (SELECT has_foreign_data_wrapper_privilege(g.oid, w.oid, 'USAGE') FROM pg_catalog.pg_roles AS g, pg_catalog.pg_foreign_data_wrapper AS w WHERE g.rolname = q.a AND w.fdwname = q.b)
    WHEN q.need = 'install' THEN (SELECT bool_or(v.installed OR (v.trusted AND has_database_privilege(current_database(), 'CREATE')) OR NOT v.superuser)
      FROM pg_catalog.pg_available_extension_versions AS v WHERE v.name = q.a)
    WHEN q.need = 'superuser' THEN false
  END AS met
FROM asked AS q CROSS JOIN self LEFT JOIN owned AS o USING (position) LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = o.owner
ORDER BY q.position`;
}
