import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze, type AnalyzeRequest } from '../../src/flows/analyze.ts';
import type { Analysis } from '../../src/model/analysis.ts';
import { addMapping, addServer } from '../remote/fixture.ts';
import { administer, pair, pairs, uniqueName, type Pair } from '../servers/index.ts';

describe.each(pairs())('analyze from $local to $remote', (of) => {
  const [keeper, app] = [uniqueName('keeper'), uniqueName('app')];
  let two: Pair;

  const run = async (more: Partial<AnalyzeRequest> = {}): Promise<Analysis> =>
    (await analyze({ specPath: undefined, database: two.local.url, env: {}, progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve(''),
      tables: [], servers: [], schemas: [], stale: 0.2, all: false, dryRun: false, jobs: 2, patience: 10_000, ...more })).analysis;
  const outcomes = ({ tables }: Analysis): readonly (readonly string[])[] => tables.map(({ name, reason, outcome }) => [name, reason, outcome.kind]);

  beforeAll(async () => {
    two = await pair(of);
    const { local, remote } = two;
    for (const role of [keeper, app]) await administer(local.cluster, `CREATE ROLE ${role} LOGIN PASSWORD 'app'`);
    await remote.query(`
      CREATE TABLE orders AS SELECT id, 'note ' || id AS note FROM generate_series(1, 50000) id;
      CREATE TABLE "odd "" one" AS SELECT id FROM generate_series(1, 10) id;
      CREATE VIEW seen AS SELECT id FROM orders WHERE id <= 100; CREATE TABLE moved AS SELECT id FROM generate_series(1, 100) id;
      ANALYZE`);
    await local.query('CREATE EXTENSION postgres_fdw');
    await addServer(two, 'shop');
    await addServer(two, 'gone', { port: '1' });
    await addMapping(two, 'shop', local.cluster.user, remote.cluster);
    await addMapping(two, 'gone', 'PUBLIC', remote.cluster);
    await local.query(`
      CREATE TABLE parent (id int, note text) PARTITION BY LIST (id);
      CREATE FOREIGN TABLE orders PARTITION OF parent FOR VALUES IN (1) SERVER shop OPTIONS (fetch_size '1000');
      CREATE FOREIGN TABLE "odd "" one" (id int) SERVER shop;
      CREATE FOREIGN TABLE seen (id int) SERVER shop; CREATE FOREIGN TABLE moved (id int) SERVER shop;
      CREATE FOREIGN TABLE broken (id int, nosuch int) SERVER shop OPTIONS (table_name 'moved');
      CREATE FOREIGN TABLE owned (id int) SERVER shop OPTIONS (table_name 'moved'); ALTER FOREIGN TABLE owned OWNER TO ${keeper};
      CREATE FOREIGN TABLE far (id int) SERVER gone`);
  });

  afterAll(async () => {
    await two[Symbol.asyncDispose]();
    for (const role of [keeper, app]) await administer(two.local.cluster, `DROP ROLE ${role}`);
  });

  test('a dry run says what is due, why, and what it costs by version; and writes nothing', async () => {
    const analysis = await run({ dryRun: true });
    expect(outcomes(analysis)).toEqual([
      ['broken', 'never', 'due'], ['far', 'never', 'barred'], ['moved', 'never', 'due'], ['odd " one', 'never', 'due'], ['orders', 'never', 'due'], ['owned', 'never', 'barred'], ['seen', 'never', 'due'],
    ]);
    const sampled = of.local >= 16;
    expect(analysis.tables.find(({ name }) => name === 'orders')?.cost).toMatchObject({ rows: sampled ? 30_000 : 50_000, roundTrips: sampled ? 31 : 51, whole: !sampled });
    expect(analysis.tables.find(({ name }) => name === 'seen')?.cost).toBeUndefined();
    expect(analysis.tables.find(({ name }) => name === 'owned')?.outcome).toMatchObject({
      message: `ANALYZE logs in as the table's owner, ${keeper}, who has no user mapping on shop`, todo: `CREATE USER MAPPING FOR ${keeper} SERVER shop OPTIONS (user '…', password '…')`,
    });
    expect(analysis.parents).toEqual([{ schema: 'public', name: 'parent' }]);
    expect(await two.local.query('SELECT FROM pg_class WHERE relkind = $1 AND reltuples >= 0', ['f'])).toEqual([]);
  });

  test('who may not ANALYZE is told before anything runs, with the statement', async () => {
    await addMapping(two, 'shop', app, two.remote.cluster);
    await two.local.query(`GRANT USAGE ON FOREIGN SERVER shop TO ${app}`);
    const [table] = (await run({ database: two.local.urlFor({ user: app, password: 'app' }), tables: ['moved'] })).tables;
    const { user } = two.local.cluster;
    expect(table?.outcome).toEqual({ kind: 'barred', message: `${app} may not ANALYZE it: it belongs to ${user}`, todo: of.local >= 17 ? `GRANT MAINTAIN ON public.moved TO ${app}` : `GRANT ${user} TO ${app}` });
  });

  test('one that fails does not stop the others; then they are fresh, until the remote moves', async () => {
    const first = await run();
    expect(outcomes(first)).toEqual([
      ['broken', 'never', 'failed'], ['far', 'never', 'barred'], ['moved', 'never', 'done'], ['odd " one', 'never', 'done'], ['orders', 'never', 'done'], ['owned', 'never', 'barred'], ['seen', 'never', 'done'],
    ]);
    const rows = (name: string): number => {
      const outcome = first.tables.find((table) => table.name === name)?.outcome;
      return outcome?.kind === 'done' ? outcome.rows : -1;
    };
    expect([rows('moved'), rows('seen'), rows('odd " one')]).toEqual([100, 100, 10]);
    expect(Math.abs(rows('orders') - 50_000)).toBeLessThan(1_000);
    expect(first.tables.find(({ name }) => name === 'broken')?.outcome).toMatchObject({ message: expect.stringContaining('"nosuch"') as string });

    await two.remote.query('INSERT INTO moved SELECT generate_series(101, 115); ANALYZE moved');
    const tables = ['moved', 'seen', 'odd " one'];
    expect(outcomes(await run({ tables }))).toEqual([['moved', 'fresh', 'kept'], ['odd " one', 'fresh', 'kept'], ['seen', 'unknown', 'kept']]);
    expect(outcomes(await run({ tables, stale: 0.1 }))).toEqual([['moved', 'stale', 'done'], ['odd " one', 'fresh', 'kept'], ['seen', 'unknown', 'kept']]);
    expect(outcomes(await run({ tables, stale: 0.1, all: true }))).toEqual([['moved', 'asked', 'done'], ['odd " one', 'asked', 'done'], ['seen', 'asked', 'done']]);
    await expect(run({ tables: ['nosuch'] })).rejects.toMatchObject({ id: 'unknown-table' });
    await expect(run({ servers: ['shpo'] })).rejects.toMatchObject({ id: 'unknown-server' });
  });

  test('Ctrl-C leaves no ANALYZE running', async () => {
    await two.remote.query('CREATE VIEW slow AS SELECT id, pg_sleep(0.05)::text AS wait FROM orders');
    await two.local.query(`CREATE FOREIGN TABLE slow (id int, wait text) SERVER shop OPTIONS (fetch_size '1')`);
    const stop = new AbortController();
    const running = async (): Promise<number> => (await two.local.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'ANALYZE%' AND state = 'active'")).length;
    const done = run({ tables: ['slow'], signal: stop.signal });
    await expect.poll(running, { timeout: 10_000 }).toBe(1);
    stop.abort();
    await expect(done).rejects.toMatchObject({ id: 'interrupted', why: '0 of 1 tables were analysed, nothing of the rest.' });
    await expect.poll(running, { timeout: 5_000 }).toBe(0);
  });
});
