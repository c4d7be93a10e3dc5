import type { RemoteCluster, Standby } from '../../model/vitals.ts';
import type { Session } from '../../postgres/session.ts';
import type { RawLogin } from './login.ts';
import type { RemoteSetting } from './settings.ts';

/** The part that a function call on the remote tells; see `readByDblink`. */
export interface CalledOut {
  readonly replay: RemoteCluster['replay'];
  readonly answeredBy: RemoteCluster['answeredBy'];
}

/**
 * What the remote's cluster says of itself, as far as its catalogs and views tell. Three queries, four of a standby.
 * @param session with the windows of `vitalWindows` open
 */
export async function readCluster(session: Session, login: RawLogin, settings: RemoteSetting): Promise<Omit<RemoteCluster, keyof CalledOut>> {
  const inRecovery = settings('in_hot_standby') === 'on';
  const [used] = await session.query<{ count: number }>("SELECT count(*)::int AS count FROM pg_temp.fdw_activity WHERE backend_type = 'client backend'");
  const extensions = await session.query<{ extname: string; extversion: string }>('SELECT extname, extversion FROM pg_temp.fdw_extension');
  return {
    inRecovery,
    readOnly: settings('default_transaction_read_only') === 'on' || settings('transaction_read_only') === 'on',
    encoding: settings('server_encoding'),
    timeZone: settings('TimeZone', 'reset_val'),
    maxConnections: Number(settings('max_connections')),
    reservedConnections: Number(settings('superuser_reserved_connections')) + Number(settings('reserved_connections') || '0'),
    connections: used?.count ?? 0,
    hotStandbyFeedback: settings('hot_standby_feedback') === 'on',
    maxStandbyStreamingDelay: Number(settings('max_standby_streaming_delay')),
    synchronousStandbyNames: settings('synchronous_standby_names'),
    conflicts: inRecovery ? await readConflicts(session, login.database) : undefined,
    standbys: inRecovery ? [] : await readStandbys(session),
    receiver: inRecovery ? await readReceiver(session) : undefined,
    extensions: Object.fromEntries(extensions.map(({ extname, extversion }) => [extname, extversion])),
    collation: login.collation,
    databaseConnectionLimit: login.databaseConnectionLimit,
  };
}

async function readConflicts(session: Session, database: string): Promise<number | undefined> {
  const [row] = await session.query<{ cancelled: number | null }>(
    'SELECT (confl_tablespace + confl_lock + confl_snapshot + confl_bufferpin + confl_deadlock)::float8 AS cancelled FROM pg_temp.fdw_conflict WHERE datname = $1',
    [database],
  );
  return row?.cancelled ?? undefined;
}

/* Who lacks pg_read_all_stats sees that there are standbys, and nothing of them (pg_stat_get_wal_senders, walsender.c). */
async function readStandbys(session: Session): Promise<readonly Standby[] | undefined> {
  const rows = await session.query<{ name: string | null; state: string | null; sync: string | null; lag: number | null }>(
    'SELECT application_name AS name, state, sync_state AS sync, (extract(epoch FROM replay_lag) * 1000)::float8 AS lag FROM pg_temp.fdw_standby ORDER BY application_name',
  );
  if (rows.some(({ state }) => state === null)) return undefined;
  return rows.map(({ name, state, sync, lag }) => ({ name: name ?? '', state: state ?? '', sync: sync ?? '', replayLagMs: lag ?? undefined }));
}

async function readReceiver(session: Session): Promise<RemoteCluster['receiver']> {
  const [row] = await session.query<{ status: string | null }>('SELECT status FROM pg_temp.fdw_receiver');
  return row === undefined ? undefined : { status: row.status ?? '', visible: row.status !== null };
}
