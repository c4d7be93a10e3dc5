import type { Session } from '../postgres/session.ts';

/**
 * Closes the connections that postgres_fdw keeps to remotes: it does so only when the backend ends (postgresql.org/docs/18/postgres-fdw.html,
 * "Connection Management"). That of a pooler lives on, where even DISCARD ALL does not close them; and whoever looks at a hundred
 * databases of one remote cluster would hold a hundred of its connections. Outside of a transaction; without the extension it does nothing.
 */
export const closeRemotesSql = `DO $$ DECLARE place text; BEGIN
  SELECT n.nspname INTO place FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgres_fdw';
  IF place IS NOT NULL THEN EXECUTE format('SELECT %I.postgres_fdw_disconnect_all()', place); END IF; END $$`;

/** After a server has been looked at, before the next one. */
export async function closeRemotes(session: Session): Promise<void> {
  await session.query(closeRemotesSql);
}
