import type { ServerReader } from '../model/vitals.ts';
import type { Session } from '../postgres/session.ts';

interface ReaderRow extends Record<string, unknown>, ServerReader {
  readonly server: string;
}

/**
 * Who may read foreign tables of each server, and with which user mapping. One query, whatever the number of tables and roles: what is
 * granted is read from the tables, and whom it reaches is asked once for each pair of roles, not for each table and role.
 */
export async function readServerReaders(session: Session): Promise<readonly ReaderRow[]> {
  return session.query<ReaderRow>(readersSql);
}

/*
 * A foreign table is read by itself or through a parent (pg_inherits). Through a view the mapping is that of the view's owner, who needs
 * SELECT himself, or with security_invoker (15 and later) that of the current user, who does too (postgresql.org/docs/18/sql-createview.html,
 * "Notes"): so whoever's mapping is used has SELECT. Who names a table must be allowed to use its schema; what a view names it has already found.
 * Who may not connect reads nothing, but its views do. Superusers and members of pg_read_all_data may read everything, which says nothing of
 * what they do; as owners of views they count. `granted`: not merely as an owner.
 *
 * A role has what is granted to PUBLIC and to roles whose privileges it has (aclmask and has_privs_of_role, src/backend/utils/adt/acl.c, 14 to
 * 18). An owner has SELECT as long as nobody took it, and a table without a list of grants has the default one.
 */
const readersSql = `
  WITH RECURSIVE point AS (
    SELECT f.ftserver AS server, f.ftrelid AS relation FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid WHERE c.relpersistence <> 't'
    UNION
    SELECT p.server, i.inhparent FROM point p JOIN pg_catalog.pg_inherits i ON i.inhrelid = p.relation
  ), invoked AS (
    SELECT DISTINCT d.refobjid AS relation
    FROM pg_catalog.pg_class v
    JOIN pg_catalog.pg_rewrite w ON w.ev_class = v.oid AND w.ev_type = '1'
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    WHERE v.relkind = 'v' AND EXISTS (SELECT FROM pg_catalog.pg_options_to_table(v.reloptions) WHERE option_name = 'security_invoker' AND option_value::bool)
  ), usual AS MATERIALIZED (
    SELECT r.oid FROM pg_catalog.pg_roles r
    WHERE r.rolcanlogin AND NOT r.rolsuper AND NOT pg_has_role(r.oid, 'pg_read_all_data', 'USAGE') AND has_database_privilege(r.oid, current_database(), 'CONNECT')
  ), readable AS MATERIALIZED (
    SELECT DISTINCT p.server, c.relowner, c.relnamespace, p.relation IN (SELECT relation FROM invoked) AS invoked, g.grantee
    FROM point p JOIN pg_catalog.pg_class c ON c.oid = p.relation
    CROSS JOIN LATERAL (
      SELECT x.grantee FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x WHERE x.privilege_type = 'SELECT'
      UNION ALL
      SELECT x.grantee FROM pg_catalog.pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) x WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped AND x.privilege_type = 'SELECT'
    ) g
  ), reach AS MATERIALIZED (
    SELECT g.grantee, ARRAY(SELECT r.oid FROM usual r WHERE CASE WHEN g.grantee = 0 THEN true ELSE pg_has_role(r.oid, g.grantee, 'USAGE') END) AS roles
    FROM (SELECT grantee FROM readable UNION SELECT relowner FROM readable) g
  ), admitted AS MATERIALIZED (
    SELECT r.oid AS role, n.relnamespace FROM usual r CROSS JOIN (SELECT DISTINCT relnamespace FROM readable) n WHERE has_schema_privilege(r.oid, n.relnamespace, 'USAGE')
  ), direct AS (
    SELECT t.server, m.role, bool_or(m.role <> ALL (o.roles)) AS granted, NULL::text AS view
    FROM readable t JOIN reach g ON g.grantee = t.grantee JOIN reach o ON o.grantee = t.relowner CROSS JOIN LATERAL unnest(g.roles) AS m(role)
    WHERE t.invoked OR (m.role, t.relnamespace) IN (SELECT role, relnamespace FROM admitted)
    GROUP BY t.server, m.role
  ), owning AS (
    SELECT p.server, v.relowner AS role, true AS granted, min(n.nspname || '.' || v.relname) AS view
    FROM point p
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = p.relation AND d.classid = 'pg_catalog.pg_rewrite'::regclass
    JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid AND w.ev_type = '1'
    JOIN pg_catalog.pg_class v ON v.oid = w.ev_class AND v.oid <> p.relation AND v.relkind IN ('v', 'm') AND v.relpersistence <> 't'
    JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_options_to_table(v.reloptions) WHERE option_name = 'security_invoker' AND option_value::bool)
      AND (has_table_privilege(v.relowner, p.relation, 'SELECT') OR has_any_column_privilege(v.relowner, p.relation, 'SELECT'))
    GROUP BY p.server, v.relowner
  ), mapping AS MATERIALIZED (
    SELECT srvid, umuser FROM pg_catalog.pg_user_mappings
  )
  SELECT s.srvname AS server, r.rolname AS role, x.granted, x.view,
    CASE WHEN (x.server, x.role) IN (SELECT srvid, umuser FROM mapping) THEN 'own' WHEN (x.server, 0) IN (SELECT srvid, umuser FROM mapping) THEN 'public' ELSE 'none' END AS mapping
  FROM (SELECT server, role, bool_or(granted) AS granted, max(view) AS view FROM (SELECT * FROM direct UNION ALL SELECT * FROM owning) way GROUP BY server, role) x
  JOIN pg_catalog.pg_roles r ON r.oid = x.role
  CROSS JOIN LATERAL (SELECT srvname FROM pg_catalog.pg_foreign_server WHERE oid = x.server OFFSET 0) s
  ORDER BY s.srvname COLLATE "C", r.rolname COLLATE "C"`;
