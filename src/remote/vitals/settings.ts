import type { Session } from '../../postgres/session.ts';

/** What is asked of the remote's settings; its `primary_conninfo`, which holds a password, never. */
const names = [
  'server_version_num', 'port', 'in_hot_standby', 'default_transaction_read_only', 'transaction_read_only', 'server_encoding', 'TimeZone', 'max_connections',
  'superuser_reserved_connections', 'reserved_connections', 'hot_standby_feedback', 'max_standby_streaming_delay', 'synchronous_standby_names',
  'statement_timeout', 'transaction_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout',
] as const;

type Name = (typeof names)[number];

/** A setting of the remote; '' where its role may not see it, or its version does not have it. @param column `reset_val`: not as postgres_fdw sets it for its session */
export type RemoteSetting = (name: Name, column?: 'setting' | 'reset_val') => string;

/** All of them at once: whatever is asked, the remote makes the whole list of its settings. */
export async function readRemoteSettings(session: Session): Promise<RemoteSetting> {
  const rows = await session.query<Readonly<Record<'name' | 'setting' | 'reset_val', string | null>>>('SELECT name, setting, reset_val FROM pg_temp.fdw_setting WHERE name = ANY ($1::text[])', [names]);
  const byName = new Map(rows.map((row) => [row.name, row]));
  return (name, column = 'setting') => byName.get(name)?.[column] ?? '';
}
