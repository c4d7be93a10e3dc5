import type { QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';

/** A relation on the way from a role to foreign tables, and who must be allowed to read it. */
export interface AccessStep extends QualifiedName {
  readonly oid: string;
  readonly kind: 'table' | 'partitioned table' | 'view' | 'materialized view' | 'foreign table';
  readonly depth: number;
  /** The relation above that leads here; null: the one that was asked about. */
  readonly parent: string | null;
  readonly parentWho: string | null;
  readonly owner: string;
  /** Of a view: whether it is read as whoever asks (security_invoker, 15 and later). */
  readonly invoker: boolean;
  /** The role that is checked, and whose user mapping is used. */
  readonly who: string;
  readonly whoIsSuperuser: boolean;
  /** Whether `who` is checked here: not for a child that is read through its parent. */
  readonly checked: boolean;
  readonly may: 'all' | 'columns' | 'none';
  /** A role that `who` may become and that may read it, where `who` may not. */
  readonly become: string | null;
  /** Of a foreign table. */
  readonly server: string | null;
  readonly wrapper: string | null;
  readonly remoteSchema: string | null;
  readonly remoteName: string | null;
  readonly columns: readonly string[] | null;
}

/** The relation of a name, found as written; without a schema on the search path. */
export async function findRelation(session: Session, schema: string | undefined, name: string): Promise<(QualifiedName & { readonly oid: string; readonly kind: string }) | undefined> {
  const [row] = await session.query<QualifiedName & { oid: string; kind: string } & Record<string, unknown>>(
    `SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = $2 AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $1 END`,
    [schema ?? null, name],
  );
  return row;
}

/**
 * Every relation that a query on `relation` by `role` comes across, down to the foreign tables. One query, whatever their number.
 *
 * What a view names is checked as its owner, or with security_invoker as the current user even where it stands within another view; a
 * materialized view was filled as its owner (postgresql.org/docs/18/sql-createview.html, sql-refreshmaterializedview.html). Of partitions and
 * children only the parent is checked (ddl-inherit.html). Whether a role may is asked of PostgreSQL, which knows what its membership gives
 * it in each version.
 *
 * @param relation OID; undefined: all relations that the role may read and that lead to foreign tables
 */
export async function readAccessSteps(session: Session, role: string, relation: string | undefined): Promise<readonly AccessStep[]> {
  const become = session.facts.versionNum >= 160000 ? 'SET' : 'MEMBER';
  return session.query<AccessStep & Record<string, unknown>>(stepsSql(become), [role, relation ?? null]);
}

const stepsSql = (become: string): string => `
  WITH RECURSIVE walk AS (
    SELECT c.oid AS relation, r.oid AS who, r.oid AS invoker, 0 AS depth, NULL::oid AS parent, NULL::oid AS parent_who, true AS checked
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles r ON r.rolname = $1
    WHERE CASE WHEN $2::oid IS NULL
      THEN c.relkind IN ('f', 'v', 'm', 'p', 'r') AND c.relpersistence <> 't' AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        AND (has_table_privilege(r.oid, c.oid, 'SELECT') OR has_any_column_privilege(r.oid, c.oid, 'SELECT'))
      ELSE c.oid = $2::oid END
    UNION
    SELECT next.relation, next.who, next.invoker, w.depth + 1, w.relation, w.who, next.checked
    FROM walk w
    JOIN pg_catalog.pg_class c ON c.oid = w.relation
    CROSS JOIN LATERAL (
      SELECT d.refobjid AS relation,
        CASE WHEN c.relkind = 'v' AND EXISTS (SELECT FROM pg_catalog.pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker' AND option_value::bool) THEN w.invoker ELSE c.relowner END AS who,
        CASE c.relkind WHEN 'm' THEN c.relowner ELSE w.invoker END AS invoker, true AS checked
      FROM pg_catalog.pg_rewrite r
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> c.oid
      WHERE c.relkind IN ('v', 'm') AND r.ev_class = c.oid AND r.ev_type = '1'
      UNION ALL
      SELECT i.inhrelid, w.who, w.invoker, false FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid AND c.relkind IN ('r', 'p', 'f')
    ) AS next
  )
  SELECT w.relation::text AS oid, n.nspname AS schema, c.relname AS name, w.depth, w.parent::text AS parent, pw.rolname AS "parentWho",
    CASE c.relkind WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'p' THEN 'partitioned table' ELSE 'table' END AS kind,
    pg_get_userbyid(c.relowner) AS owner, who.rolname AS who, who.rolsuper AS "whoIsSuperuser", w.checked,
    c.relkind = 'v' AND EXISTS (SELECT FROM pg_catalog.pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker' AND option_value::bool) AS invoker,
    CASE WHEN has_table_privilege(w.who, c.oid, 'SELECT') THEN 'all' WHEN has_any_column_privilege(w.who, c.oid, 'SELECT') THEN 'columns' ELSE 'none' END AS may,
    CASE WHEN w.checked AND NOT has_table_privilege(w.who, c.oid, 'SELECT') THEN (
      SELECT min(g.rolname) FROM pg_catalog.pg_roles g WHERE g.oid <> w.who AND pg_has_role(w.who, g.oid, '${become}') AND has_table_privilege(g.oid, c.oid, 'SELECT')) END AS become,
    s.srvname AS server, fw.fdwname AS wrapper, coalesce(o.schema_name, n.nspname) AS "remoteSchema", coalesce(o.table_name, c.relname) AS "remoteName", k.columns
  FROM walk w
  JOIN pg_catalog.pg_class c ON c.oid = w.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_roles who ON who.oid = w.who
  LEFT JOIN pg_catalog.pg_roles pw ON pw.oid = w.parent_who
  LEFT JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid
  LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
  LEFT JOIN pg_catalog.pg_foreign_data_wrapper fw ON fw.oid = s.srvfdw
  LEFT JOIN LATERAL (SELECT max(option_value) FILTER (WHERE option_name = 'schema_name') AS schema_name, max(option_value) FILTER (WHERE option_name = 'table_name') AS table_name
    FROM pg_catalog.pg_options_to_table(f.ftoptions)) o ON true
  LEFT JOIN LATERAL (SELECT array_agg(coalesce((SELECT option_value FROM pg_catalog.pg_options_to_table(a.attfdwoptions) WHERE option_name = 'column_name'), a.attname) ORDER BY a.attnum)::text[] AS columns
    FROM pg_catalog.pg_attribute a WHERE f.ftrelid IS NOT NULL AND a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) k ON true
  WHERE c.relkind IN ('f', 'v', 'm', 'p', 'r') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY w.depth, n.nspname COLLATE "C", c.relname COLLATE "C", who.rolname COLLATE "C"`;

/** What must hold of the role before anything: that it is there, and that it may use the schema where it looks for the relation. */
export async function readAccessRole(session: Session, role: string, schema: string | undefined): Promise<{ readonly superuser: boolean; readonly login: boolean; readonly mayUse: boolean } | undefined> {
  const [row] = await session.query<{ superuser: boolean; login: boolean; mayUse: boolean }>(
    `SELECT rolsuper AS superuser, rolcanlogin AS login, coalesce((SELECT has_schema_privilege(r.oid, n.oid, 'USAGE') FROM pg_catalog.pg_namespace n WHERE n.nspname = $2), true) AS "mayUse"
     FROM pg_catalog.pg_roles r WHERE rolname = $1`,
    [role, schema ?? null],
  );
  return row;
}
