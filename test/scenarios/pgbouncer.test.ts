import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/flows/analyze.ts';
import { remoteDrift } from '../../src/flows/drift.ts';
import { whoami } from '../../src/flows/whoami.ts';
import { connect } from '../../src/postgres/connect.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import { addMapping, addServer } from '../remote/fixture.ts';
import { examined, said } from '../health/examine.ts';
import { hasPgbouncer, startPgbouncer } from '../servers/pgbouncer.ts';
import { administer, cluster, createDatabase, majors, pair, serverKind, startCluster, urlOf } from '../servers/index.ts';
import { changesOf, workplace } from './flow.ts';

const why = !hasPgbouncer ? 'it is not installed' : serverKind() === 'containers' ? 'the run is on containers' : undefined;
const [oldest, newest] = [majors().at(0) ?? 14, majors().at(-1) ?? 18];
const modes = ['session', 'transaction'] as const;

describe.skipIf(why !== undefined)(`pgbouncer${why === undefined ? '' : `, left out because ${why}`}`, () => {
  describe.each(modes)('in %s mode before a remote', (mode) => {
    test('doctor tells that it is there, and with dblink in which mode', async () => {
      await using two = await pair();
      await using pooler = await startPgbouncer(two.remote.cluster, mode);
      const { internalHost, internalPort } = pooler.cluster;
      // A backend that somebody else has used, and left to the pool.
      await rows(urlOf(pooler.cluster, two.remote.name), 'SELECT 1');
      await two.local.query('CREATE EXTENSION postgres_fdw');
      await addServer(two, 'pool', { host: internalHost, port: String(internalPort) });
      await addMapping(two, 'pool', 'PUBLIC', two.remote.cluster);
      expect(said(await examined(two.local), 'pool', 'pooler')).toEqual([`note port ${internalPort} leads to a backend that listens on port ${two.remote.cluster.port}: a pooler, a proxy or a forwarded port stands in between`]);
      await two.local.query('CREATE EXTENSION dblink');
      await expect.poll(async () => said(await examined(two.local), 'pool', 'pooler'), { timeout: 15_000, interval: 1_000 }).toEqual([
        mode === 'session'
          ? expect.stringMatching(/^note a pooler stands in between: the backend that answered was … old; it is in session mode, as far as can be seen$/)
          : 'warning a pooler in transaction mode stands in between: its next client finds the search_path that postgres_fdw sets for its session, pg_catalog alone',
      ]);
      // Which is true.
      const [next] = await rows(urlOf(pooler.cluster, two.remote.name), 'SHOW search_path');
      expect(next).toEqual({ search_path: mode === 'session' ? '"$user", public' : 'pg_catalog' });
    });

    test('a plan, an apply and drift go through it', async () => {
      await using two = await pair();
      await using pooler = await startPgbouncer(two.remote.cluster, mode);
      await two.remote.query('CREATE TABLE orders (id int PRIMARY KEY, note text)');
      await travels(two.local.url, two.remote.cluster, `{host: ${pooler.cluster.host}, port: ${pooler.cluster.port}, dbname: ${two.remote.name}}`);
    });
  });

  // A pooler's backends have our settings for their next client, and our connections to remotes for as long as they live, unless we see to it.
  describe.each(modes.flatMap((mode) => [...new Set([oldest, newest])].map((major) => [mode, major] as const)))('in %s mode before the local database, PostgreSQL %i', (mode, major) => {
    test('everything works, and nothing is left in its backends', async () => {
      // Of a cluster of our own all connections are known.
      await using remote = await startCluster({ major: oldest });
      await administer(remote, 'CREATE TABLE orders (id int PRIMARY KEY, note text)');
      await using local = await createDatabase(cluster(major));
      await using pooler = await startPgbouncer(local.cluster, mode);
      const url = urlOf(pooler.cluster, local.name);
      const settings = async () => rows(url, "SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'search_path', 'role') ORDER BY name");
      const before = await settings();
      await travels(url, remote, `{host: ${remote.internalHost}, port: ${remote.internalPort}, dbname: postgres}`);
      expect(await settings()).toEqual(before);
      expect(await rows(urlOf(remote, 'postgres'), "SELECT pid FROM pg_stat_activity WHERE application_name = 'postgres_fdw'")).toEqual([]);
      expect(await rows(url, "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")).toEqual([]);
    });
  });

  test('settings that come with the connection are refused by it, and the message says what to do', async () => {
    await using db = await createDatabase();
    await using pooler = await startPgbouncer(db.cluster, 'session');
    const target = await resolveTarget(urlOf(pooler.cluster, db.name), { PGOPTIONS: '-c work_mem=4MB' });
    await expect(connect(target, { applicationName: 'fdw/test' })).rejects.toMatchObject({ id: 'pooler-in-between', todo: expect.stringContaining('ignore_startup_parameters') as string });
  });

  test('an apply in several steps is refused: its lock would stay in the pool', async () => {
    await using db = await createDatabase();
    await using pooler = await startPgbouncer(db.cluster, 'transaction');
    await using place = await workplace(urlOf(pooler.cluster, db.name));
    await place.write('version: 1\nextensions: [postgres_fdw]\nservers: {shop: {options: {host: nowhere.invalid}}}\n');
    await expect(place.apply({ batch: true })).rejects.toMatchObject({ id: 'pooler-in-between' });
    expect(await db.query("SELECT FROM pg_foreign_server")).toEqual([]);
  });

  test('time limits hold in transactions through it, and what a transaction chose itself stands', async () => {
    await using db = await createDatabase();
    await using pooler = await startPgbouncer(db.cluster, 'transaction');
    const session = await connect(await resolveTarget(urlOf(pooler.cluster, db.name), {}), { applicationName: 'fdw/test', statementTimeout: 7_000, lockTimeout: 3_000 });
    const limits = async () => session.query("SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock");
    expect(session.facts.pooled).toBe(true);
    expect(await limits()).toEqual([{ statement: '0', lock: '0' }]);
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    expect(await limits()).toEqual([{ statement: '7s', lock: '3s' }]);
    await session.query('ROLLBACK');
    await session.query("BEGIN; SET LOCAL statement_timeout = '9s'");
    expect(await limits()).toEqual([{ statement: '9s', lock: '3s' }]);
    await session.query('ROLLBACK');
    await session.close();
  });
});

/** Rows of one statement, over a connection of its own. */
async function rows(url: string, sql: string): Promise<readonly object[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Plans, applies, plans, and looks through the server in every way that there is. */
async function travels(local: string, remote: { readonly user: string; readonly password: string }, options: string): Promise<void> {
  await using place = await workplace(local, { PW: remote.password });
  await place.write(`version: 1
extensions: [postgres_fdw]
servers:
  shop:
    options: ${options}
    user_mappings: {public: {user: ${remote.user}, password: {env: PW}}}
schemas:
  shop: {server: shop, remote_schema: public, tables: all}
`);
  expect(changesOf(await place.plan())).toContain('create foreign table shop.orders');
  await place.apply();
  expect(changesOf(await place.plan())).toEqual([]);
  const request = { specPath: undefined, database: local, env: {}, progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve(''), servers: [], schemas: [], patience: 10_000, jobs: 2 };
  expect((await remoteDrift(request)).report).toMatchObject({ findings: [], unknown: [] });
  expect((await whoami({ ...request, role: new URL(local).username, object: 'shop.orders', jobs: 4 })).access.servers).toMatchObject([{ server: 'shop', remoteRole: remote.user }]);
  expect((await analyze({ ...request, tables: [], stale: 0.2, all: false, dryRun: false })).analysis.tables).toMatchObject([{ name: 'orders', outcome: { kind: 'done' } }]);
  expect(said(await examined({ url: local }), 'shop', 'reachable')).toEqual(['ok the first answer came after …']);
}
