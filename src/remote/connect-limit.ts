import type { Session } from '../postgres/session.ts';
import { ident } from '../sql/quote.ts';

/**
 * Before 16 nothing interrupts the database while it connects to a remote, no time limit and no cancel, and a remote that accepts and keeps
 * silent would hold it for ever. So the server is given a `connect_timeout` in the savepoint that is rolled back, if it has none and the
 * connected role may: that keeps others from altering it for as long, nothing else.
 *
 * @param patience milliseconds
 * @returns what is to run first in that savepoint
 */
export async function connectLimit(session: Session, server: string, patience: number): Promise<readonly string[]> {
  if (session.facts.versionNum >= 160000) return [];
  const rows = await session.query(
    `SELECT FROM pg_catalog.pg_foreign_server WHERE srvname = $1 AND pg_catalog.pg_has_role(srvowner, 'USAGE')
     AND NOT EXISTS (SELECT FROM unnest(srvoptions) AS option WHERE option LIKE 'connect_timeout=%')`,
    [server],
  );
  // libpq takes whole seconds, and 1 for 2.
  return rows.length === 0 ? [] : [`ALTER SERVER ${ident(server)} OPTIONS (ADD connect_timeout '${Math.max(2, Math.ceil(patience / 1000))}')`];
}
