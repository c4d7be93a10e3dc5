import type { ServerUsage } from '../model/vitals.ts';
import type { Session } from '../postgres/session.ts';
import { isSecretOption } from '../model/secret-options.ts';

interface UsageRow extends Record<string, unknown> {
  readonly server: string;
  readonly wrapper: string;
  readonly is_postgres_fdw: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly tables: number;
  readonly never_analyzed: number;
  readonly remote_estimates: number;
  readonly asynchronous: boolean;
  readonly unbatched: number;
  readonly default_collated: number;
  readonly largest: { readonly table: string; readonly rows: number; readonly fetch_size: string } | null;
}

/** A server with how it is used. */
export interface UsedServer {
  readonly name: string;
  readonly wrapper: string;
  readonly isPostgresFdw: boolean;
  readonly usage: ServerUsage;
}

/** All foreign servers with what the local database has on them. One query, whatever the number of tables. */
export async function readServerUsage(session: Session): Promise<readonly UsedServer[]> {
  const rows = await session.query<UsageRow>(usageSql);
  return rows.map((row) => ({
    name: row.server,
    wrapper: row.wrapper,
    isPostgresFdw: row.is_postgres_fdw,
    usage: {
      options: Object.fromEntries(Object.entries(row.options).filter(([name]) => !isSecretOption(row.wrapper, 'server', name))),
      tables: row.tables,
      neverAnalyzed: row.never_analyzed,
      remoteEstimates: row.remote_estimates,
      asynchronous: row.asynchronous,
      unbatched: row.unbatched,
      defaultCollated: row.default_collated,
      largest: row.largest === null ? undefined : { table: row.largest.table, rows: row.largest.rows, fetchSize: positive(row.largest.fetch_size) },
    },
  }));
}

/** As the wrapper reads it; 100 unless it says otherwise (contrib/postgres_fdw/postgres_fdw.c, 14 to 18). */
function positive(text: string): number {
  const value = Number(text.trim());
  return Number.isInteger(value) && value > 0 ? value : 100;
}

/*
 * What holds for a table: its own option, else the server's. `reltuples` is -1 until the first ANALYZE (14 and later). 100 is the OID of
 * the collation "default" (src/include/catalog/pg_collation.dat).
 */
const usageSql = `
  SELECT s.srvname AS server, w.fdwname AS wrapper, coalesce(h.proname = 'postgres_fdw_handler', false) AS is_postgres_fdw,
    coalesce((SELECT json_object_agg(option_name, option_value) FROM pg_catalog.pg_options_to_table(s.srvoptions)), '{}') AS options,
    coalesce(t.tables, 0) AS tables, coalesce(t.never_analyzed, 0) AS never_analyzed, coalesce(t.remote_estimates, 0) AS remote_estimates,
    coalesce(t.asynchronous, false) AS asynchronous, coalesce(t.unbatched, 0) AS unbatched, coalesce(t.default_collated, 0) AS default_collated,
    t.largest
  FROM pg_catalog.pg_foreign_server s
  JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  LEFT JOIN pg_catalog.pg_proc h ON h.oid = w.fdwhandler
  LEFT JOIN LATERAL (
    SELECT count(*)::int AS tables,
      count(*) FILTER (WHERE c.reltuples < 0)::int AS never_analyzed,
      count(*) FILTER (WHERE lower(o.estimate) IN ('true', 'on'))::int AS remote_estimates,
      bool_or(lower(o.asynchronous) IN ('true', 'on')) AS asynchronous,
      count(*) FILTER (WHERE trim(o.batch) = '1' AND lower(o.updatable) IN ('true', 'on'))::int AS unbatched,
      count(*) FILTER (WHERE EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attcollation = 100))::int AS default_collated,
      (array_agg(json_build_object('table', n.nspname || '.' || c.relname, 'rows', c.reltuples, 'fetch_size', o.fetch) ORDER BY c.reltuples DESC, n.nspname, c.relname)
        FILTER (WHERE c.reltuples > 0))[1] AS largest
    FROM pg_catalog.pg_foreign_table f
    JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
      SELECT coalesce(max(option_value) FILTER (WHERE option_name = 'use_remote_estimate' AND own), max(option_value) FILTER (WHERE option_name = 'use_remote_estimate'), 'false') AS estimate,
        coalesce(max(option_value) FILTER (WHERE option_name = 'async_capable' AND own), max(option_value) FILTER (WHERE option_name = 'async_capable'), 'false') AS asynchronous,
        coalesce(max(option_value) FILTER (WHERE option_name = 'batch_size' AND own), max(option_value) FILTER (WHERE option_name = 'batch_size'), '1') AS batch,
        coalesce(max(option_value) FILTER (WHERE option_name = 'updatable' AND own), max(option_value) FILTER (WHERE option_name = 'updatable'), 'true') AS updatable,
        coalesce(max(option_value) FILTER (WHERE option_name = 'fetch_size' AND own), max(option_value) FILTER (WHERE option_name = 'fetch_size'), '100') AS fetch
      FROM (SELECT true AS own, x.* FROM pg_catalog.pg_options_to_table(f.ftoptions) x UNION ALL SELECT false, x.* FROM pg_catalog.pg_options_to_table(s.srvoptions) x) AS both_levels
    ) AS o
    WHERE f.ftserver = s.oid AND c.relpersistence <> 't'
  ) AS t ON true
  ORDER BY s.srvname COLLATE "C"`;
