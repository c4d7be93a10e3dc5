import type { QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';

/** A foreign table of postgres_fdw with what its ANALYZE takes. */
export interface AnalyzableTable extends QualifiedName {
  readonly server: string;
  readonly owner: string;
  readonly remoteSchema: string;
  readonly remoteName: string;
  /** -1: never analysed (14 and later). */
  readonly rows: number;
  readonly fetchSize: number;
  /** `analyze_sampling`, 16 and later. */
  readonly sampling: string;
  /** The greatest statistics target of its columns. */
  readonly target: number;
  readonly mayAnalyze: boolean;
  readonly ownerHasMapping: boolean;
  /** Its topmost partitioned parent, as `[schema, name]`. */
  readonly parent: readonly [schema: string, name: string] | null;
}

/**
 * All foreign tables of postgres_fdw but temporary ones. One query. ANALYZE is for the table's owner, the database's, and from 17 on for who has MAINTAIN
 * (postgresql.org/docs/18/sql-analyze.html); it reads the remote as the table's owner, whoever runs it (postgresAnalyzeForeignTable,
 * contrib/postgres_fdw/postgres_fdw.c, 14 to 18).
 */
export async function readAnalyzableTables(session: Session): Promise<readonly AnalyzableTable[]> {
  const maintain = session.facts.versionNum >= 170000 ? "OR has_table_privilege(c.oid, 'MAINTAIN')" : '';
  return session.query<AnalyzableTable & Record<string, unknown>>(`
    WITH RECURSIVE up AS (
      SELECT f.ftrelid AS relation, i.inhparent AS parent FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_inherits i ON i.inhrelid = f.ftrelid
      UNION
      SELECT u.relation, i.inhparent FROM up u JOIN pg_catalog.pg_inherits i ON i.inhrelid = u.parent
    )
    SELECT n.nspname AS schema, c.relname AS name, s.srvname AS server, pg_get_userbyid(c.relowner) AS owner, c.reltuples::float8 AS rows,
      coalesce(max(o.option_value) FILTER (WHERE o.option_name = 'schema_name' AND o.own), n.nspname) AS "remoteSchema",
      coalesce(max(o.option_value) FILTER (WHERE o.option_name = 'table_name' AND o.own), c.relname) AS "remoteName",
      coalesce(max(o.option_value) FILTER (WHERE o.option_name = 'fetch_size' AND o.own), max(o.option_value) FILTER (WHERE o.option_name = 'fetch_size'), '100')::int AS "fetchSize",
      coalesce(max(o.option_value) FILTER (WHERE o.option_name = 'analyze_sampling' AND o.own), max(o.option_value) FILTER (WHERE o.option_name = 'analyze_sampling'), 'auto') AS sampling,
      coalesce((SELECT max(CASE WHEN coalesce(a.attstattarget, -1) < 0 THEN current_setting('default_statistics_target')::int ELSE a.attstattarget END)
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), 0) AS target,
      pg_has_role(c.relowner, 'USAGE') OR pg_has_role((SELECT datdba FROM pg_catalog.pg_database WHERE datname = current_database()), 'USAGE') ${maintain} AS "mayAnalyze",
      EXISTS (SELECT FROM pg_catalog.pg_user_mappings m WHERE m.srvid = s.oid AND m.umuser IN (0, c.relowner)) AS "ownerHasMapping",
      (SELECT json_build_array(pn.nspname, p.relname) FROM up u JOIN pg_catalog.pg_class p ON p.oid = u.parent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
        WHERE u.relation = c.oid AND p.relkind = 'p' AND NOT p.relispartition) AS parent
    FROM pg_catalog.pg_foreign_table f
    JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
    JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    JOIN pg_catalog.pg_proc h ON h.oid = w.fdwhandler AND h.proname = 'postgres_fdw_handler'
    LEFT JOIN LATERAL (SELECT true AS own, x.* FROM pg_catalog.pg_options_to_table(f.ftoptions) x UNION ALL SELECT false, x.* FROM pg_catalog.pg_options_to_table(s.srvoptions) x) AS o ON true
    WHERE c.relpersistence <> 't'
    GROUP BY c.oid, n.nspname, s.oid, s.srvname
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`);
}

/** Rows by the statistics here, now. One query. */
export async function readRowCounts(session: Session, tables: readonly QualifiedName[]): Promise<readonly (QualifiedName & { readonly rows: number })[]> {
  return session.query<QualifiedName & { rows: number } & Record<string, unknown>>(
    `SELECT n.nspname AS schema, c.relname AS name, c.reltuples::float8 AS rows FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  );
}
