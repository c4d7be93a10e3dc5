import { collationProvider, type DatabaseCollation } from '../model/database-collation.ts';
import type { Session } from '../postgres/session.ts';
import { collationColumns } from '../sql/collation-columns.ts';

/** By what the connected database sorts text. */
export async function databaseCollation(session: Session): Promise<DatabaseCollation> {
  const [row] = await session.query<{ provider: string; locale: string }>(`SELECT ${collationColumns(session.facts.versionNum)} FROM pg_catalog.pg_database WHERE datname = current_database()`);
  return { provider: collationProvider(row?.provider), locale: row?.locale ?? '' };
}
