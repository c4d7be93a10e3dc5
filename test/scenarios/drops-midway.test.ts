import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/flows/analyze.ts';
import { examine } from '../../src/flows/doctor.ts';
import { remoteDrift } from '../../src/flows/drift.ts';
import { whoami } from '../../src/flows/whoami.ts';
import { literal } from '../../src/sql/quote.ts';
import { type Proxy, startProxy } from '../apply/proxy.ts';
import { pair, pairs, type Pair } from '../servers/index.ts';

// A remote that drops the connection at its nth statement is unknown, whatever was being asked; the other server is told all the same.
describe.each(pairs())('a remote that drops midway, from $local to $remote', (of) => {
  let two: Pair;
  let proxy: Proxy;
  const around = { progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve(''), env: {}, specPath: undefined, servers: [], schemas: [], patience: 10_000, jobs: 2 };

  beforeAll(async () => {
    two = await pair(of);
    proxy = await startProxy(two.remote.cluster);
    const { user, password } = two.remote.cluster;
    await two.remote.query('CREATE TABLE orders (id bigint, note text); INSERT INTO orders SELECT g, g FROM generate_series(1, 500) g; ANALYZE');
    await two.local.query('CREATE EXTENSION postgres_fdw');
    for (const [server, options] of Object.entries({ drops: { ...two.serverOptions, host: '127.0.0.1', port: String(proxy.port) }, fine: two.serverOptions })) {
      await two.local.query(`
        CREATE SERVER ${server} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (${Object.entries(options).map(([name, value]) => `${name} ${literal(value)}`).join(', ')});
        CREATE USER MAPPING FOR PUBLIC SERVER ${server} OPTIONS (user ${literal(user)}, password ${literal(password)});
        CREATE FOREIGN TABLE ${server} (id bigint, note text, more int) SERVER ${server} OPTIONS (schema_name 'public', table_name 'orders')`);
    }
  });

  afterAll(async () => {
    await proxy.close();
    await two[Symbol.asyncDispose]();
  });

  /** Drops each connection at the statement of that number. @returns how many statements it saw in all */
  async function dropping<T>(at: number, work: (database: string) => Promise<T>): Promise<{ readonly answer: T; readonly seen: number }> {
    let seen = 0;
    proxy.judge = (message) => (message.startsWith('Q') && ++seen >= at ? 'cut before' : 'pass');
    const answer = await work(two.local.url);
    return { answer, seen };
  }

  /* postgres_fdw sets its session up in five or six statements and begins a transaction; each look then takes three. */
  const places = [1, 4, 8, 11, 15, 20, 26, 33, 41, 50];

  test('drift', async () => {
    const whole = await dropping(Infinity, async (database) => remoteDrift({ ...around, database }));
    for (const at of places.filter((place) => place < whole.seen)) {
      const { answer: { report } } = await dropping(at, async (database) => remoteDrift({ ...around, database }));
      expect([at, report.unknown.map(({ server, id }) => [server, id])]).toEqual([at, [['drops', expect.stringMatching(/^remote-(connection-lost|unreachable)$/) as string]]]);
      expect(report.findings.map(({ server, id }) => [server, id])).toEqual([['fine', 'column-gone']]);
    }
  });

  test('doctor', async () => {
    const whole = await dropping(Infinity, async (database) => examine({ ...around, database }));
    for (const at of places.filter((place) => place < whole.seen)) {
      const { answer: { servers } } = await dropping(at, async (database) => examine({ ...around, database }));
      expect([at, servers.map(({ server, mappings }) => [server, mappings[0]?.lines[0]?.level])]).toEqual([at, [['drops', 'fail'], ['fine', 'ok']]]);
    }
  });

  test('whoami', async () => {
    const ask = async (database: string) => whoami({ ...around, database, role: two.local.cluster.user, object: undefined });
    const whole = await dropping(Infinity, ask);
    for (const at of places.filter((place) => place < whole.seen)) {
      const { answer: { access } } = await dropping(at, ask);
      expect([at, access.servers.map(({ server, links }) => [server, links.at(-1)?.kind, links.at(-1)?.state])]).toEqual([at, [['drops', 'login', 'unknown'], ['fine', 'remote', 'ok']]]);
    }
  });

  test('analyze, while it looks and while it samples', async () => {
    await two.local.query('ALTER FOREIGN TABLE drops DROP COLUMN more; ALTER FOREIGN TABLE fine DROP COLUMN more');
    const ask = async (database: string) => analyze({ ...around, database, tables: [], stale: 0.2, all: true, dryRun: false });
    const whole = await dropping(Infinity, ask);
    expect(whole.answer.analysis.tables.map(({ name, outcome }) => [name, outcome.kind])).toEqual([['drops', 'done'], ['fine', 'done']]);
    for (const at of places.filter((place) => place < whole.seen)) {
      const { answer: { analysis } } = await dropping(at, ask);
      expect([at, analysis.tables.map(({ name, outcome }) => [name, outcome.kind === 'failed' || outcome.kind === 'barred' ? 'not done' : outcome.kind])]).toEqual([at, [['drops', 'not done'], ['fine', 'done']]]);
    }
  });

  test('nothing is left', async () => {
    expect(await two.local.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'fdw/%'")).toEqual([]);
    await expect.poll(async () => two.remote.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'postgres_fdw'")).toEqual([]);
  });
});
