import { collationProvider } from '../model/database-collation.ts';
import type { Standing } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';
import { collationColumns } from '../sql/collation-columns.ts';
import { databaseWindow } from './windows.ts';

const settingSql = `SELECT setting FROM pg_temp.fdw_setting WHERE name = 'server_version_num'`;

const activitySql = (marker: number): string => `SELECT datname, usename FROM pg_temp.fdw_activity WHERE query LIKE 'FETCH ${marker} FROM c%'`;

/**
 * Version, role and default collation of the remote's database. Three queries.
 *
 * The own backend shows itself: while its row is made, it runs `FETCH <fetch_size> FROM c<n>`, and every role sees the query of its own
 * sessions.
 *
 * @param marker the fetch_size of the window on `pg_stat_activity`
 * @param connected called once the remote has answered
 */
export async function readSettings(session: Session, marker: number, connected: () => Promise<unknown>): Promise<Pick<Standing, 'versionNum' | 'role' | 'collation'>> {
  const [version] = await session.query<{ setting: string }>(settingSql);
  await connected();
  const versionNum = Number(version?.setting ?? 0);
  const [own] = await session.query<{ datname: string; usename: string }>(activitySql(marker));
  const [database] = await session.query<{ provider: string; locale: string }>(`SELECT ${collationColumns(versionNum)} FROM pg_temp.${databaseWindow(versionNum)} WHERE datname = $1`, [own?.datname ?? '']);
  return {
    versionNum,
    role: own?.usename ?? '',
    collation: { provider: collationProvider(database?.provider), locale: database?.locale ?? '' },
  };
}
