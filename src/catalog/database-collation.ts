import { collationProvider, type DatabaseCollation } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';

/** By what the connected database sorts text: before 15 always by libc; the locale's column has another name from 17 on. */
export async function databaseCollation(session: Session): Promise<DatabaseCollation> {
  const { versionNum } = session.facts;
  const provider = versionNum >= 150000 ? 'd.datlocprovider::text' : "'c'";
  const locale = versionNum >= 170000 ? 'd.datlocale' : versionNum >= 150000 ? 'd.daticulocale' : 'NULL';
  const [row] = await session.query<{ provider: string; locale: string }>(
    `SELECT ${provider} AS provider, coalesce(${locale}, d.datcollate) AS locale FROM pg_catalog.pg_database AS d WHERE d.datname = current_database()`,
  );
  return { provider: collationProvider(row?.provider), locale: row?.locale ?? '' };
}
