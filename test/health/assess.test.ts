import { describe, expect, test } from 'vitest';
import { assess } from '../../src/health/assess.ts';
import type { HealthExpectation } from '../../src/model/health.ts';
import type { LocalCluster, Login, RemoteCluster, ServerUsage, ServerVitals } from '../../src/model/vitals.ts';
import { local, primary, server, standby } from './vitals.ts';

const now = new Date('2026-11-25T12:00:00Z');

/** Lines of a check, `level message`, mapping's and server's. */
function lines(check: string, vitals: ServerVitals, here: LocalCluster = local, expected?: HealthExpectation): readonly string[] {
  const health = assess(vitals, here, expected, now);
  return [...health.mappings.flatMap((mapping) => mapping.lines), ...health.lines].filter((line) => line.check === check).map(({ level, message }) => `${level} ${message}`);
}

test('a server with nothing to object to has lines that are ok, and no others', () => {
  const health = assess(server(), local, undefined, now);
  const all = [...health.mappings.flatMap((mapping) => mapping.lines), ...health.lines];
  expect(all.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(all.map(({ check, message }) => `${check}: ${message}`)).toMatchSnapshot();
});

const logins: readonly (readonly [check: string, login: Partial<Login>, said: string])[] = [
  ['round-trip', { roundTripMs: 45 }, 'note a round trip takes about 45 ms'],
  ['identity', { superuser: true }, 'warning database shop, as shop_ro, a superuser there'],
  ['identity', { connectionLimit: 3 }, 'ok database shop, as shop_ro, who may have 3 connections'],
  ['password', { passwordValidUntil: '2026-12-01T00:00:00Z' }, 'warning the password of shop_ro works until 2026-12-01, another 6 days'],
  ['password', { passwordValidUntil: '2027-12-01T00:00:00Z' }, 'ok the password of shop_ro works until 2027-12-01, another 371 days'],
  ['password', { passwordValidUntil: '2026-11-01T00:00:00Z' }, 'fail the password of shop_ro expired on 2026-11-01: this login came about without it'],
  ['tls', { tls: undefined }, 'warning not encrypted: what goes over can be read on the way'],
  ['tls', { tls: undefined, gssEncrypted: true }, 'ok encrypted by GSSAPI'],
  ['time-limits', { timeLimits: { statement_timeout: 60_000, lock_timeout: 0 } }, 'note the remote ends what takes longer: statement_timeout 1 min'],
  ['row-security', { rowSecurity: [{ table: 'public.orders', sessionPolicies: [] }] }, 'note policies hide rows of 1 table from shop_ro: public.orders'],
  [
    'row-security',
    { rowSecurity: [{ table: 'public.orders', sessionPolicies: ["tenant = current_setting('app.tenant')"] }] },
    'warning policies hide rows of 1 table from shop_ro: public.orders; those of public.orders go by settings of the session, and those of the session here do not cross over',
  ],
  ['pooler', { backendAgeSeconds: 300 }, 'warning a pooler stands in between: the backend that answered was 5 min old; whether in session or in transaction mode cannot be told'],
  ['pooler', { backendAgeSeconds: 300, lent: false }, 'note a pooler stands in between: the backend that answered was 5 min old; it is in session mode, as far as can be seen'],
  ['pooler', { lent: true }, 'warning a pooler in transaction mode stands in between: its next client finds the search_path that postgres_fdw sets for its session, pg_catalog alone'],
  ['pooler', { port: 6432 }, 'note port 5432 leads to a backend that listens on port 6432: a pooler, a proxy or a forwarded port stands in between'],
];

test.each(logins)('%s of %j', (check, login, said) => {
  expect(lines(check, server({ login }))).toEqual([said]);
});

const clusters: readonly (readonly [check: string, cluster: Partial<RemoteCluster>, base: RemoteCluster, said: string])[] = [
  ['role', {}, standby, 'ok a standby: it takes no writes'],
  ['lag', {}, standby, 'ok it has replayed everything that it has received'],
  ['lag', { replay: { bytes: 34_000_000, seconds: 95, paused: false } }, standby, 'ok 2 min and 32.4 MB behind what it has received'],
  ['lag', { replay: { bytes: 1024, seconds: 3, paused: true } }, standby, 'warning replay is paused, 3 s and 1 kB behind what it has received'],
  ['lag', { replay: { bytes: 1024, seconds: undefined, paused: true } }, standby, 'warning replay is paused, 1 kB behind what it has received'],
  ['lag', { receiver: undefined, replay: { bytes: 0, seconds: 300, paused: false } }, standby, 'warning it receives nothing from a primary now; its last commit is 5 min old'],
  ['lag', { receiver: undefined, replay: { bytes: 0, seconds: undefined, paused: false } }, standby, 'warning it receives nothing from a primary now; how old its state is, nothing tells'],
  ['lag', { replay: { unknown: 'dblink is not installed here' } }, standby, 'unknown dblink is not installed here'],
  ['standby-conflicts', { hotStandbyFeedback: false }, standby, 'note hot_standby_feedback is off: a query that takes longer than 30 s may be cancelled'],
  ['standby-conflicts', { hotStandbyFeedback: false, conflicts: 2 }, standby, 'warning hot_standby_feedback is off: a query that takes longer than 30 s may be cancelled; 2 queries were cancelled so far'],
  ['synchronous', { standbys: undefined }, primary, 'unknown the remote role may not see its standbys'],
  ['synchronous', { standbys: [{ name: 'b', state: 'streaming', sync: 'async', replayLagMs: 12 }] }, primary, 'note commits wait for no standby, so a failover may lose the last ones: b async, streaming, 12 ms behind'],
  ['synchronous', { synchronousStandbyNames: 'b', standbys: [{ name: 'b', state: 'streaming', sync: 'sync', replayLagMs: undefined }] }, primary, 'ok commits wait for a standby: b sync, streaming'],
  ['synchronous', { synchronousStandbyNames: 'b' }, primary, 'warning no standby is connected, and synchronous_standby_names names some: commits wait'],
  ['read-only', { readOnly: true }, primary, 'note transactions are read-only there: it refuses writes'],
  ['time-zone', { timeZone: 'Europe/Berlin' }, primary, 'note Europe/Berlin there, but GMT in the sessions of postgres_fdw: views there that turn a time into a date count days in GMT'],
  ['collation', { collation: { provider: 'icu', locale: 'de', version: '153.120' } }, primary, 'warning de of icu 153.120 there, C.UTF-8 of libc here: 1 foreign table has texts that are sorted and compared in one order there and in another here'],
  ['collation', { collation: { provider: 'libc', locale: 'C.utf8', version: undefined } }, primary, 'ok C.utf8 of libc on both sides'],
  ['encoding', { encoding: 'LATIN1' }, primary, 'note LATIN1 there, UTF8 here'],
  ['connections', { maxConnections: 50 }, primary, 'note up to 100 (100 sessions here × 1 user mapping); the remote has room for 47, 7 in use now'],
];

test.each(clusters)('%s of %j', (check, cluster, base, said) => {
  expect(lines(check, server({ cluster: { ...base, ...cluster } }))).toEqual([said]);
});

const usages: readonly (readonly [check: string, usage: Partial<ServerUsage>, said: readonly string[]])[] = [
  ['tls', { options: { host: 'shop.internal', sslmode: 'require' } }, ['warning TLSv1.3, TLS_AES_256_GCM_SHA384, but the certificate is not verified (sslmode require)']],
  ['tls', { options: { host: 'shop.internal', sslmode: 'verify-ca' } }, ['note TLSv1.3, TLS_AES_256_GCM_SHA384, the certificate is verified, the name in it is not']],
  ['hosts', { options: { host: 'shop.internal' } }, ['note one host: when it is gone, queries fail, and without connect_timeout they may hang for minutes first']],
  ['hosts', { options: { host: 'a,b' } }, ['warning 2 hosts, tried in order, whichever answers; without connect_timeout a host that swallows packets keeps the next one from its turn']],
  ['hosts', { options: { host: 'a,b', connect_timeout: '5' } }, ['note 2 hosts, tried in order, whichever answers: after a failover that may be a standby']],
  ['hosts', { options: { host: 'a,b', connect_timeout: '5', target_session_attrs: 'read-write' } }, ['ok 2 hosts, tried in order, for one that is read-write']],
  ['options', { largest: { table: 'shop.orders', rows: 2_000_000, fetchSize: 100 } }, ['warning fetch_size 100: reading all of shop.orders (some 2,000,000 rows) takes 20,000 round trips, 8.4 s of waiting']],
  ['options', { unbatched: 2 }, ['note batch_size 1: an INSERT of many rows into any of its tables sends each by itself']],
  ['options', { asynchronous: true }, ['warning async_capable is on, and PostgreSQL 18.4 here gives wrong results, or never ends, where an asynchronous Append is scanned more than once (LATERAL, nested loops)']],
  ['statistics', { neverAnalyzed: 2 }, ['warning none of its 2 foreign tables was ever analysed: the planner guesses their size']],
  ['statistics', { neverAnalyzed: 1 }, ['warning 1 of its 2 foreign tables was never analysed: the planner guesses their size']],
  ['statistics', { tables: 0 }, []],
  ['remote-estimate', { remoteEstimates: 1 }, ['note use_remote_estimate for 1 table: planning asks the remote about each path; a join of three took 18 in a measurement, 7.6 ms here']],
  ['extensions', { options: { extensions: 'citext, hstore' } }, ['ok citext is 1.6 on both sides', 'fail hstore is missing on the remote, and its functions are sent there']],
];

test.each(usages)('%s of %j', (check, usage, said) => {
  expect(lines(check, server({ usage }))).toEqual(said);
});

test('the bug of asynchronous scans is of the minors that have it', () => {
  expect(lines('options', server({ usage: { asynchronous: true } }), { ...local, versionNum: 180005 })).toEqual([]);
});

describe('version', () => {
  test.each([
    [180004, 'ok PostgreSQL 18.4'],
    [140023, 'note PostgreSQL 14.23, older than the 18.4 here: what is sent is chosen by the local version, and a newer function is missing there'],
    [130001, 'warning PostgreSQL 13.1, which fdw is not tested with (14 to 18)'],
    [190000, 'note PostgreSQL 19.0, which this release of fdw does not know (14 to 18)'],
  ])('%i', (versionNum, said) => {
    expect(lines('version', server({ login: { versionNum } }))).toEqual([said]);
  });
});

describe('expectations', () => {
  const nothing: HealthExpectation = { role: undefined, maxLagMs: undefined, maxLagBytes: undefined, tls: undefined, minVersion: undefined, maxVersion: undefined, maxRoundTripMs: undefined, maxConnectMs: undefined, readOnly: undefined, user: undefined };
  const behind: RemoteCluster = { ...standby, replay: { bytes: 2048, seconds: 40, paused: false } };
  const cases: readonly (readonly [Partial<HealthExpectation>, ServerVitals, string])[] = [
    [{ role: 'standby' }, server(), 'fail expected role standby, but it is a primary'],
    [{ role: 'primary' }, server(), 'ok role primary: a primary'],
    [{ maxLagMs: 30_000 }, server({ cluster: behind }), 'fail expected max_lag 30 s, but it is 40 s'],
    [{ maxLagMs: 60_000 }, server({ cluster: behind }), 'ok max_lag 1 min: 40 s'],
    [{ maxLagMs: 30_000 }, server({ cluster: { ...standby, replay: { unknown: 'no dblink' } } }), 'fail expected max_lag 30 s, but it is unknown: no dblink'],
    [{ maxLagMs: 30_000 }, server({ cluster: { ...standby, replay: { bytes: 0, seconds: undefined, paused: false } } }), 'fail expected max_lag 30 s, but it is unknown: it has replayed no commit yet'],
    [{ maxLagBytes: 1024 }, server({ cluster: behind }), 'fail expected max_lag_bytes 1 kB, but it is 2 kB'],
    [{ tls: 'required' }, server({ login: { tls: undefined } }), 'fail expected tls required, but it is not encrypted'],
    [{ tls: 'verified' }, server({ usage: { options: { sslmode: 'require' } } }), 'fail expected tls verified, but it is encrypted, not verified'],
    [{ minVersion: 16, maxVersion: 16 }, server(), 'fail expected version 16, but it is 18.4'],
    [{ minVersion: 15 }, server(), 'ok version from 15: 18.4'],
    [{ maxRoundTripMs: 0.1 }, server(), 'fail expected max_round_trip 0.1 ms, but it is 0.4 ms'],
    [{ maxConnectMs: 1_000 }, server(), 'ok max_connect 1 s: 12 ms'],
    [{ readOnly: true }, server(), 'fail expected read_only true, but it is writable'],
    [{ user: 'app' }, server(), 'fail expected user app, but it is shop_ro'],
  ];
  test.each(cases)('%j', (expected, vitals, said) => {
    expect(lines('expectation', vitals, local, { ...nothing, ...expected })).toEqual([said]);
  });

  test('nothing can be told without a login', () => {
    const vitals: ServerVitals = { ...server(), cluster: undefined, mappings: [{ role: { kind: 'public' }, login: { kind: 'unreachable', message: 'nobody answers', todo: undefined } }] };
    expect(lines('reachable', vitals)).toEqual(['fail nobody answers']);
    expect(lines('expectation', vitals, local, { ...nothing, role: 'primary' })).toEqual(['fail nothing of what the spec expects can be told: nobody could log in']);
  });
});
