import { UserError } from '../base/user-error.ts';
import type { Session } from '../postgres/session.ts';

/**
 * Begins a transaction in which temporary tables and what a plan rehearses can be made; the caller rolls it back. The role's or database's
 * `default_transaction_read_only` does not forbid it, a standby does.
 */
export async function beginReadWrite(session: Session): Promise<void> {
  const [server] = await session.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (server?.standby === true) {
    throw new UserError('database-is-standby', 'The local database is a hot standby, from which no remote can be looked at.', {
      why: 'To see what stands behind a server, fdw makes temporary foreign tables and rolls them back; a standby has none.',
      todo: 'Connect to its primary.',
    });
  }
  await session.query('BEGIN READ WRITE');
}
