import type { QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';
import type { Found } from './access-objects.ts';

/** A relation or function on the way from a role to foreign tables, and who must be allowed to read or call it. */
export interface AccessStep extends QualifiedName {
  /** Unlike that of any other step's relation or function. */
  readonly key: string;
  readonly kind: 'table' | 'partitioned table' | 'view' | 'materialized view' | 'foreign table' | 'function' | 'procedure';
  readonly depth: number;
  /** The key of what leads here; null: it was asked about itself. */
  readonly parent: string | null;
  readonly parentWho: string | null;
  readonly owner: string;
  /** Of a view: whether it is read as whoever asks (security_invoker, 15 and later). Of a function: whether it runs as who calls it. */
  readonly invoker: boolean;
  /** Of a function: types of its arguments, as SQL; and whether the database knows what it reads (`BEGIN ATOMIC`). */
  readonly signature: string | null;
  readonly parsed: boolean;
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

/**
 * Every relation that a query on `from` by `role` comes across, down to the foreign tables, and every function whose insides matter. One
 * query, whatever their number.
 *
 * What a view names is checked as its owner, or with security_invoker as the current user even where it stands within another view; a
 * materialized view was filled as its owner (postgresql.org/docs/18/sql-createview.html, sql-refreshmaterializedview.html). Of partitions and
 * children only the parent is checked (ddl-inherit.html). Functions within a view are called as the current user (sql-createview.html), and
 * read as their owner with SECURITY DEFINER; what they read is known where the body was parsed (sql-createfunction.html, `sql_body`, 14 and
 * later). Those that are IMMUTABLE, of an extension or built in are passed over. Whether a role may is asked of PostgreSQL, which knows what
 * its membership gives it in each version.
 *
 * @param from undefined: all relations that the role may read and that lead to foreign tables
 */
export async function readAccessSteps(session: Session, role: string, from: Pick<Found, 'oid' | 'isFunction'> | undefined): Promise<readonly AccessStep[]> {
  const become = session.facts.versionNum >= 160000 ? 'SET' : 'MEMBER';
  return session.query<AccessStep & Record<string, unknown>>(stepsSql(become), [role, from?.oid ?? null, from?.isFunction ?? false]);
}

const invoking = "EXISTS (SELECT FROM pg_catalog.pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker' AND option_value::bool)";

/* Functions that may read something. */
const reading = `(SELECT p.oid FROM pg_catalog.pg_proc p
  WHERE p.provolatile <> 'i' AND p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'))`;

const stepsSql = (become: string): string => `
  WITH RECURSIVE reading AS MATERIALIZED ${reading}, walk AS (
    SELECT false AS is_function, c.oid AS object, r.oid AS who, r.oid AS invoker, 0 AS depth, NULL::text AS parent, NULL::oid AS parent_who, true AS checked
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles r ON r.rolname = $1
    WHERE NOT $3::bool AND CASE WHEN $2::oid IS NULL
      THEN c.relkind IN ('f', 'v', 'm', 'p', 'r') AND c.relpersistence <> 't' AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        AND (has_table_privilege(r.oid, c.oid, 'SELECT') OR has_any_column_privilege(r.oid, c.oid, 'SELECT'))
      ELSE c.oid = $2::oid END
    UNION ALL
    SELECT true, $2::oid, r.oid, r.oid, 0, NULL, NULL, true FROM pg_catalog.pg_roles r WHERE $3::bool AND r.rolname = $1
    UNION
    SELECT next.is_function, next.object, next.who, next.invoker, w.depth + 1, CASE WHEN w.is_function THEN 'function ' ELSE '' END || w.object, w.who, next.checked
    FROM walk w
    LEFT JOIN pg_catalog.pg_class c ON NOT w.is_function AND c.oid = w.object
    LEFT JOIN pg_catalog.pg_proc f ON w.is_function AND f.oid = w.object
    CROSS JOIN LATERAL (
      SELECT d.refclassid = 'pg_catalog.pg_proc'::regclass AS is_function, d.refobjid AS object,
        CASE WHEN c.relkind = 'v' AND (d.refclassid = 'pg_catalog.pg_proc'::regclass OR ${invoking}) THEN w.invoker ELSE c.relowner END AS who,
        CASE c.relkind WHEN 'm' THEN c.relowner ELSE w.invoker END AS invoker, true AS checked
      FROM pg_catalog.pg_rewrite r
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid AND d.refobjid <> c.oid
      WHERE c.relkind IN ('v', 'm') AND r.ev_class = c.oid AND r.ev_type = '1'
        AND (d.refclassid = 'pg_catalog.pg_class'::regclass OR d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid IN (SELECT oid FROM reading))
      UNION ALL
      SELECT d.refclassid = 'pg_catalog.pg_proc'::regclass, d.refobjid, x.runs_as, x.runs_as, true
      FROM (SELECT CASE WHEN f.prosecdef THEN f.proowner ELSE w.who END AS runs_as) x
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = f.oid
      WHERE f.prosqlbody IS NOT NULL AND (d.refclassid = 'pg_catalog.pg_class'::regclass OR d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid IN (SELECT oid FROM reading))
      UNION ALL
      SELECT false, i.inhrelid, w.who, w.invoker, false FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid AND c.relkind IN ('r', 'p', 'f')
    ) AS next
  )
  SELECT CASE WHEN w.is_function THEN 'function ' ELSE '' END || w.object AS key, n.nspname AS schema, coalesce(c.relname, p.proname) AS name, w.depth, w.parent, pw.rolname AS "parentWho",
    CASE WHEN p.prokind = 'p' THEN 'procedure' WHEN w.is_function THEN 'function'
      ELSE CASE c.relkind WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'p' THEN 'partitioned table' ELSE 'table' END END AS kind,
    pg_get_userbyid(coalesce(c.relowner, p.proowner)) AS owner, who.rolname AS who, who.rolsuper AS "whoIsSuperuser", w.checked,
    CASE WHEN w.is_function THEN NOT p.prosecdef ELSE c.relkind = 'v' AND ${invoking} END AS invoker,
    pg_get_function_identity_arguments(p.oid) AS signature, p.prosqlbody IS NOT NULL AS parsed,
    CASE WHEN w.is_function THEN CASE WHEN has_function_privilege(w.who, p.oid, 'EXECUTE') THEN 'all' ELSE 'none' END
      WHEN has_table_privilege(w.who, c.oid, 'SELECT') THEN 'all' WHEN has_any_column_privilege(w.who, c.oid, 'SELECT') THEN 'columns' ELSE 'none' END AS may,
    CASE WHEN w.checked AND NOT w.is_function AND NOT has_table_privilege(w.who, c.oid, 'SELECT') THEN (
      SELECT min(g.rolname) FROM pg_catalog.pg_roles g WHERE g.oid <> w.who AND pg_has_role(w.who, g.oid, '${become}') AND has_table_privilege(g.oid, c.oid, 'SELECT')) END AS become,
    s.srvname AS server, fw.fdwname AS wrapper, coalesce(o.schema_name, n.nspname) AS "remoteSchema", coalesce(o.table_name, c.relname) AS "remoteName", k.columns
  FROM walk w
  LEFT JOIN pg_catalog.pg_class c ON NOT w.is_function AND c.oid = w.object
  LEFT JOIN pg_catalog.pg_proc p ON w.is_function AND p.oid = w.object
  JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(c.relnamespace, p.pronamespace)
  JOIN pg_catalog.pg_roles who ON who.oid = w.who
  LEFT JOIN pg_catalog.pg_roles pw ON pw.oid = w.parent_who
  LEFT JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid
  LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
  LEFT JOIN pg_catalog.pg_foreign_data_wrapper fw ON fw.oid = s.srvfdw
  LEFT JOIN LATERAL (SELECT max(option_value) FILTER (WHERE option_name = 'schema_name') AS schema_name, max(option_value) FILTER (WHERE option_name = 'table_name') AS table_name
    FROM pg_catalog.pg_options_to_table(f.ftoptions)) o ON true
  LEFT JOIN LATERAL (SELECT array_agg(coalesce((SELECT option_value FROM pg_catalog.pg_options_to_table(a.attfdwoptions) WHERE option_name = 'column_name'), a.attname) ORDER BY a.attnum)::text[] AS columns
    FROM pg_catalog.pg_attribute a WHERE f.ftrelid IS NOT NULL AND a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) k ON true
  WHERE w.is_function OR c.relkind IN ('f', 'v', 'm', 'p', 'r') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY w.depth, n.nspname COLLATE "C", coalesce(c.relname, p.proname) COLLATE "C", who.rolname COLLATE "C"`;

/** What must hold of the role before anything: that it is there, and that it may use the schema where it looks for the relation. */
export async function readAccessRole(session: Session, role: string, schema: string | undefined): Promise<AccessRole | undefined> {
  const [row] = await session.query<AccessRole & Record<string, unknown>>(
    `SELECT rolsuper AS superuser, rolcanlogin AS login, has_database_privilege(r.oid, current_database(), 'CONNECT') AS "mayConnect",
       coalesce((SELECT has_schema_privilege(r.oid, n.oid, 'USAGE') FROM pg_catalog.pg_namespace n WHERE n.nspname = $2), true) AS "mayUse"
     FROM pg_catalog.pg_roles r WHERE rolname = $1`,
    [role, schema ?? null],
  );
  return row;
}

/** What a role may before it reads anything. */
export interface AccessRole {
  readonly superuser: boolean;
  readonly login: boolean;
  /** To the database. */
  readonly mayConnect: boolean;
  /** The schema. */
  readonly mayUse: boolean;
}
