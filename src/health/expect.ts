import { postgresVersion } from '../base/postgres-version.ts';
import type { HealthExpectation, HealthLine } from '../model/health.ts';
import { isLogin, type ServerVitals } from '../model/vitals.ts';
import { about } from './line.ts';
import { duration, size } from './words.ts';

const say = about('expectation');

/** A line for each thing that the spec expects of a server. What cannot be told is not met. */
export function expectationLines(expected: HealthExpectation, { cluster, mappings, usage }: ServerVitals): readonly HealthLine[] {
  const logins = mappings.map(({ login }) => login).filter(isLogin);
  const [first] = logins;
  if (first === undefined || cluster === undefined) return [say('fail', 'nothing of what the spec expects can be told: nobody could log in')];
  const slowest = (of: 'connectMs' | 'roundTripMs'): number => Math.max(...logins.map((login) => login[of]));
  const lines: HealthLine[] = [];
  const hold = (met: boolean, what: string, found: string): void => {
    lines.push(met ? say('ok', `${what}: ${found}`) : say('fail', `expected ${what}, but it is ${found}`));
  };
  if (expected.role !== undefined) hold(cluster.inRecovery === (expected.role === 'standby'), `role ${expected.role}`, cluster.inRecovery ? 'a standby' : 'a primary');
  const lag = cluster.inRecovery ? cluster.replay : { bytes: 0, seconds: 0 };
  if (expected.maxLagMs !== undefined) {
    const seconds = 'unknown' in lag ? undefined : lag.seconds;
    const unknown = 'unknown' in lag ? lag.unknown : 'it has replayed no commit yet';
    hold(seconds !== undefined && seconds * 1_000 <= expected.maxLagMs, `max_lag ${duration(expected.maxLagMs)}`, seconds === undefined ? `unknown: ${unknown}` : duration(seconds * 1_000));
  }
  if (expected.maxLagBytes !== undefined) hold(!('unknown' in lag) && lag.bytes <= expected.maxLagBytes, `max_lag_bytes ${size(expected.maxLagBytes)}`, 'unknown' in lag ? `unknown: ${lag.unknown}` : size(lag.bytes));
  const encrypted = logins.every(({ tls, gssEncrypted }) => tls !== undefined || gssEncrypted);
  const verified = encrypted && (usage.options['sslmode'] ?? '').startsWith('verify-');
  if (expected.tls === 'required') hold(encrypted, 'tls required', encrypted ? 'encrypted' : 'not encrypted');
  if (expected.tls === 'verified') hold(verified, 'tls verified', verified ? 'verified' : encrypted ? 'encrypted, not verified' : 'not encrypted');
  const major = Math.floor(first.versionNum / 10_000);
  if (expected.minVersion !== undefined || expected.maxVersion !== undefined) {
    const [from, to] = [expected.minVersion ?? 0, expected.maxVersion ?? Number.POSITIVE_INFINITY];
    hold(major >= from && major <= to, `version ${from === to ? from : to === Number.POSITIVE_INFINITY ? `from ${from}` : from === 0 ? `up to ${to}` : `${from} to ${to}`}`, postgresVersion(first.versionNum));
  }
  if (expected.maxRoundTripMs !== undefined) hold(slowest('roundTripMs') <= expected.maxRoundTripMs, `max_round_trip ${duration(expected.maxRoundTripMs)}`, duration(slowest('roundTripMs')));
  if (expected.maxConnectMs !== undefined) hold(slowest('connectMs') <= expected.maxConnectMs, `max_connect ${duration(expected.maxConnectMs)}`, duration(slowest('connectMs')));
  const readOnly = cluster.inRecovery || cluster.readOnly;
  if (expected.readOnly !== undefined) hold(readOnly === expected.readOnly, `read_only ${String(expected.readOnly)}`, readOnly ? 'read-only' : 'writable');
  if (expected.user !== undefined) {
    const others = [...new Set(logins.map(({ user }) => user))].filter((user) => user !== expected.user);
    hold(others.length === 0, `user ${expected.user}`, others.length === 0 ? expected.user : others.join(', '));
  }
  return lines;
}
