import { collationProvider } from '../model/database-collation.ts';
import type { LocalCluster } from '../model/vitals.ts';
import type { Session } from '../postgres/session.ts';
import { collationColumns } from '../sql/collation-columns.ts';

/** What the local database's side of a server's health is. One query. */
export async function readLocalCluster(session: Session): Promise<LocalCluster> {
  const { versionNum } = session.facts;
  const [row] = await session.query<{ encoding: string; max_connections: number; extensions: Readonly<Record<string, string>>; provider: string; locale: string; version: string | null }>(
    `SELECT pg_catalog.pg_encoding_to_char(encoding) AS encoding, current_setting('max_connections')::int AS max_connections,
       coalesce((SELECT json_object_agg(extname, extversion) FROM pg_catalog.pg_extension), '{}') AS extensions, ${collationColumns(versionNum)}
     FROM pg_catalog.pg_database WHERE datname = current_database()`,
  );
  if (row === undefined) throw new Error('the database that is connected is there');
  return { versionNum, encoding: row.encoding, collation: { provider: collationProvider(row.provider), locale: row.locale, version: row.version ?? undefined }, maxConnections: row.max_connections, extensions: row.extensions };
}
