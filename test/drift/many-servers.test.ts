import { describe, expect, test } from 'vitest';
import { remoteDrift } from '../../src/flows/drift.ts';
import { literal } from '../../src/sql/quote.ts';
import { startProxy } from '../apply/proxy.ts';
import { pair, pairs, type Pair } from '../servers/index.ts';
import { request } from './drift.ts';
import { silence } from '../servers/silence.ts';

/** Servers that lead to the same remote, with so many foreign tables each. */
async function addServers(two: Pair, names: readonly string[], tables: number, port = two.serverOptions.port): Promise<void> {
  const { host, dbname } = two.serverOptions;
  const { user, password } = two.remote.cluster;
  for (const name of names) {
    await two.local.query(`
      CREATE SERVER ${name} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ${literal(host)}, port ${literal(port)}, dbname ${literal(dbname)});
      CREATE USER MAPPING FOR PUBLIC SERVER ${name} OPTIONS ("user" ${literal(user)}, password ${literal(password)});
      DO $$ BEGIN FOR i IN 1..${tables} LOOP EXECUTE format('CREATE FOREIGN TABLE ${name}_t%s (id bigint, gone int) SERVER ${name} OPTIONS (schema_name ''public'', table_name ''t%s'')', i, i); END LOOP; END $$`);
  }
}

describe.each(pairs())('drift of many servers, $local before $remote', (of) => {
  test('asks a fixed number of statements of each, whatever the number of its tables', async () => {
    await using two = await pair(of);
    await two.remote.query(`DO $$ BEGIN FOR i IN 1..50 LOOP EXECUTE format('CREATE TABLE t%s (id bigint)', i); END LOOP; END $$`);
    await two.local.query('CREATE EXTENSION postgres_fdw');
    const proxy = await startProxy(two.local.cluster);
    const database = two.local.url.replace(`:${two.local.cluster.port}/`, `:${proxy.port}/`);
    const count = async (): Promise<number> => {
      let statements = 0;
      proxy.judge = () => {
        statements += 1;
        return 'pass';
      };
      await remoteDrift(request({ database, jobs: 1 }));
      return statements;
    };
    try {
      await addServers(two, ['s0'], 2);
      const one = await count();
      await addServers(two, ['s1', 's2'], 2);
      const three = await count();
      await addServers(two, ['s3', 's4'], 50);
      const five = await count();
      expect(five - three).toBe(three - one);
      expect(three - one).toBeGreaterThan(20);
      // Several at once find the same, in the same order.
      const [single, several] = [await remoteDrift(request({ database: two.local.url, jobs: 1 })), await remoteDrift(request({ database: two.local.url, jobs: 4 }))];
      expect(several.report).toEqual(single.report);
      expect(several.report.findings.length).toBe(3 * 2 + 2 * 50);
    } finally {
      await proxy.close();
    }
  });

  test('one that hangs is unknown, and delays no other', async () => {
    await using two = await pair(of);
    const silent = await silence();
    const patience = 4000;
    try {
      await two.remote.query('CREATE TABLE t1 (id bigint)');
      await two.local.query('CREATE EXTENSION postgres_fdw');
      await addServers(two, ['a_hangs', 'b_hangs', 'c_hangs'], 1, String(silent.port));
      await addServers(two, ['fine1', 'fine2', 'fine3'], 1);
      const begin = performance.now();
      const begun = new Map<string, number>();
      const { report } = await remoteDrift(request({ database: two.local.url, patience, jobs: 4, progress: (step) => begun.set(/server (\S+)/.exec(step)?.[1] ?? '', performance.now() - begin) }));
      expect(report.unknown.map(({ server }) => server)).toEqual(['a_hangs', 'b_hangs', 'c_hangs']);
      expect(report.findings.map(({ server, id }) => [server, id])).toEqual(['fine1', 'fine2', 'fine3'].map((name) => [name, 'column-gone']));
      // The last of those that are fine was begun, so the others before it done, while those that hang were still waited for.
      expect(begun.get('fine3')).toBeLessThan(patience);
      expect(performance.now() - begin).toBeLessThan(2 * patience);
    } finally {
      silent.close();
    }
  });
});
