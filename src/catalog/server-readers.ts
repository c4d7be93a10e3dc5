import type { ServerReader } from '../model/vitals.ts';
import type { Session } from '../postgres/session.ts';

interface ReaderRow extends Record<string, unknown>, ServerReader {
  readonly server: string;
}

/**
 * Who may read foreign tables of each server, and with which user mapping. One query, whatever the number of tables and roles:
 * tables with the same owner and grants are asked about once.
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
  ), alike AS (
    SELECT p.server, min(c.oid) AS relation, c.relowner, c.relnamespace, p.relation IN (SELECT relation FROM invoked) AS invoked
    FROM point p JOIN pg_catalog.pg_class c ON c.oid = p.relation
    LEFT JOIN LATERAL (SELECT array_agg(a.attacl::text ORDER BY a.attnum) AS acl FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL) k ON true
    GROUP BY p.server, c.relowner, c.relnamespace, c.relacl::text, k.acl, invoked
  ), usual AS (
    SELECT r.oid FROM pg_catalog.pg_roles r
    WHERE r.rolcanlogin AND NOT r.rolsuper AND NOT pg_has_role(r.oid, 'pg_read_all_data', 'USAGE') AND has_database_privilege(r.oid, current_database(), 'CONNECT')
  ), direct AS (
    SELECT a.server, r.oid AS role, bool_or(NOT pg_has_role(r.oid, a.relowner, 'USAGE')) AS granted, NULL::text AS view
    FROM alike a CROSS JOIN usual r
    WHERE (a.invoked OR has_schema_privilege(r.oid, a.relnamespace, 'USAGE')) AND (has_table_privilege(r.oid, a.relation, 'SELECT') OR has_any_column_privilege(r.oid, a.relation, 'SELECT'))
    GROUP BY a.server, r.oid
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
  )
  SELECT s.srvname AS server, r.rolname AS role, bool_or(x.granted) AS granted, max(x.view) AS view,
    CASE WHEN bool_or(m.umuser <> 0) THEN 'own' WHEN bool_or(m.umuser = 0) THEN 'public' ELSE 'none' END AS mapping
  FROM (SELECT * FROM direct UNION ALL SELECT * FROM owning) x
  JOIN pg_catalog.pg_foreign_server s ON s.oid = x.server
  JOIN pg_catalog.pg_roles r ON r.oid = x.role
  LEFT JOIN pg_catalog.pg_user_mappings m ON m.srvid = x.server AND m.umuser IN (0, x.role)
  GROUP BY s.srvname, r.rolname
  ORDER BY s.srvname COLLATE "C", r.rolname COLLATE "C"`;
