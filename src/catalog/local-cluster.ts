import type { DatabaseLocale, LocalCluster } from '../model/vitals.ts';
import type { Session } from '../postgres/session.ts';

/** What the local database's side of a server's health is. One query. */
export async function readLocalCluster(session: Session): Promise<LocalCluster> {
  const { versionNum } = session.facts;
  const [row] = await session.query<{ encoding: string; max_connections: number; extensions: Readonly<Record<string, string>>; provider: string; locale: string; version: string | null }>(
    `SELECT pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, current_setting('max_connections')::int AS max_connections,
       coalesce((SELECT json_object_agg(extname, extversion) FROM pg_catalog.pg_extension), '{}') AS extensions, ${localeColumns(versionNum, 'd.')}
     FROM pg_catalog.pg_database d WHERE d.datname = current_database()`,
  );
  if (row === undefined) throw new Error('the database that is connected is there');
  return { versionNum, encoding: row.encoding, collation: localeOf(row), maxConnections: row.max_connections, extensions: row.extensions };
}

/**
 * Provider, locale and version of a database's collation as select-list entries, from a row of `pg_database`. Before 15 there was libc
 * alone; the locale's column was renamed in 17 (postgresql.org/docs/18/catalog-pg-database.html).
 */
function localeColumns(versionNum: number, alias: string): string {
  if (versionNum < 150000) return `'c' AS provider, ${alias}datcollate AS locale, NULL::text AS version`;
  const locale = versionNum >= 170000 ? 'datlocale' : 'daticulocale';
  return `${alias}datlocprovider::text AS provider, coalesce(${alias}${locale}, ${alias}datcollate) AS locale, ${alias}datcollversion AS version`;
}

const providers: Readonly<Record<string, DatabaseLocale['provider']>> = { c: 'libc', i: 'icu', b: 'builtin' };

/** What such a row says. */
function localeOf(row: { readonly provider: string; readonly locale: string; readonly version: string | null }): DatabaseLocale {
  return { provider: providers[row.provider] ?? 'libc', locale: row.locale, version: row.version ?? undefined };
}
