import { UserError } from '../../base/user-error.ts';
import type { Session } from '../../postgres/session.ts';
import { ident, qualified } from '../../sql/quote.ts';
import type { Reader } from '../reader.ts';
import { findDblink } from './call-out.ts';

/**
 * Whether a pooler lends the remote's backend to others between two transactions of ours (transaction mode): while postgres_fdw keeps its
 * connection open, dblink's comes to the same backend. pgbouncer takes the one that was given back last
 * (server_round_robin, pgbouncer.org/config.html), so that an idle pool shows it; a busy one may not.
 *
 * @param session outside of a transaction; one is begun and rolled back
 * @param pid of the backend that answered postgres_fdw before
 * @returns undefined: it cannot be told, for want of dblink, or as the connection was not kept
 */
export async function lendsBackend(session: Session, { server, reader }: Reader, pid: number): Promise<boolean | undefined> {
  await session.query(`BEGIN READ ONLY; SET LOCAL ROLE ${ident(reader)}`);
  try {
    const dblink = await findDblink(session);
    if (dblink?.allowed !== true || !(await keeps(session, server))) return undefined;
    const [row] = await session.query<{ pid: number }>(`SELECT pid FROM ${qualified({ schema: dblink.schema, name: 'dblink' })}($1, 'SELECT pg_catalog.pg_backend_pid()') AS answer(pid int)`, [server]);
    return row?.pid === pid;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  } finally {
    await session.query('ROLLBACK');
  }
}

/** Whether postgres_fdw still holds a connection to the server. */
async function keeps(session: Session, server: string): Promise<boolean> {
  const [extension] = await session.query<{ schema: string }>("SELECT n.nspname AS schema FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgres_fdw'");
  if (extension === undefined) return false;
  const rows = await session.query(`SELECT FROM ${qualified({ schema: extension.schema, name: 'postgres_fdw_get_connections' })}() WHERE server_name = $1 AND valid`, [server]);
  return rows.length > 0;
}
