import type { HealthLine } from '../model/health.ts';
import type { RemoteCluster, ServerUsage, Standby } from '../model/vitals.ts';
import { about } from './line.ts';
import { counted, duration, size } from './words.ts';

/** Primary or standby, and what follows from it. */
export function replicationLines(cluster: RemoteCluster, usage: ServerUsage): readonly HealthLine[] {
  return cluster.inRecovery ? [role(cluster), lag(cluster), ...conflicts(cluster, usage)] : [role(cluster), ...standbys(cluster), readOnly(cluster)];
}

function role({ inRecovery }: RemoteCluster): HealthLine {
  return about('role')('ok', inRecovery ? 'a standby: it takes no writes' : 'a primary');
}

function lag({ replay, receiver }: RemoteCluster): HealthLine {
  const say = about('lag');
  const cut = receiver === undefined;
  if ('unknown' in replay) {
    return cut ? say('warning', `it receives nothing from a primary now; how far it is behind is unknown: ${replay.unknown}`) : say('unknown', replay.unknown);
  }
  const time = replay.seconds === undefined ? '' : `${duration(replay.seconds * 1_000)} and `;
  const message = `${time}${size(replay.bytes)} behind what it has received`;
  if (replay.paused) return say('warning', `replay is paused, ${message}`, 'SELECT pg_wal_replay_resume() on the standby.');
  const age = replay.seconds === undefined ? 'how old its state is, nothing tells' : `its last commit is ${duration(replay.seconds * 1_000)} old`;
  if (cut) return say('warning', `it receives nothing from a primary now; ${age}`, 'See primary_conninfo and the log of the standby.');
  return say('ok', replay.bytes === 0 ? 'it has replayed everything that it has received' : message);
}

function conflicts({ hotStandbyFeedback, maxStandbyStreamingDelay, conflicts: cancelled }: RemoteCluster, { largest }: ServerUsage): readonly HealthLine[] {
  const say = about('standby-conflicts');
  const counted_ = cancelled === undefined || cancelled === 0 ? '' : `; ${counted(cancelled, 'query was', 'queries were')} cancelled so far`;
  if (hotStandbyFeedback) return [say('ok', `hot_standby_feedback is on: rows that a query may still see stay${counted_}`)];
  if (maxStandbyStreamingDelay < 0) return [say('note', `queries are never cancelled for recovery; replay waits for them instead${counted_}`)];
  const long = largest !== undefined && largest.rows > manyRows ? `, and ${largest.table} has some ${largest.rows.toLocaleString('en')} rows` : '';
  return [
    say(long === '' && counted_ === '' ? 'note' : 'warning', `hot_standby_feedback is off: a query that takes longer than ${duration(maxStandbyStreamingDelay)} may be cancelled${long}${counted_}`,
      'Set hot_standby_feedback on the standby, or raise max_standby_streaming_delay there.'),
  ];
}

/* A scan of so many takes seconds. */
const manyRows = 1_000_000;

function standbys({ standbys: seen, synchronousStandbyNames }: RemoteCluster): readonly HealthLine[] {
  const say = about('synchronous');
  if (seen === undefined) {
    return [say('unknown', 'the remote role may not see its standbys', 'GRANT pg_monitor TO the remote role, to see them.')];
  }
  if (seen.length === 0) return [say(synchronousStandbyNames === '' ? 'ok' : 'warning', synchronousStandbyNames === '' ? 'it has no standby' : 'no standby is connected, and synchronous_standby_names names some: commits wait')];
  const waitedFor = seen.filter(({ sync }) => sync === 'sync' || sync === 'quorum');
  const list = seen.map(standbyText).join('; ');
  if (waitedFor.length > 0) return [say('ok', `commits wait for a standby: ${list}`)];
  if (synchronousStandbyNames === '') return [say('note', `commits wait for no standby, so a failover may lose the last ones: ${list}`)];
  return [say('warning', `no synchronous standby is connected: commits wait. There are: ${list}`)];
}

function standbyText({ name, state, sync, replayLagMs }: Standby): string {
  return `${name === '' ? 'a standby' : name} ${sync}, ${state}${replayLagMs === undefined ? '' : `, ${duration(replayLagMs)} behind`}`;
}

function readOnly({ readOnly: refused }: RemoteCluster): HealthLine {
  const say = about('read-only');
  return refused
    ? say('note', 'transactions are read-only there: it refuses writes', 'See default_transaction_read_only of the remote role and database.')
    : say('ok', 'it takes writes');
}
