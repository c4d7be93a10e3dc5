import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patientSession } from '../../src/flows/patient-session.ts';
import { sessionPool } from '../../src/flows/session-pool.ts';
import { connect } from '../../src/postgres/connect.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import type { Session } from '../../src/postgres/session.ts';
import { askRemotes } from '../../src/pushdown/answers/ask.ts';
import type { DirectRemote } from '../../src/pushdown/answers/direct.ts';
import { judge } from '../../src/pushdown/judge.ts';
import { runQueries } from '../../src/pushdown/analyze/run.ts';
import { readQueries } from '../../src/pushdown/queries/read.ts';
import type { PushdownReport, QueryVerdict } from '../../src/pushdown/types.ts';
import type { Workers } from '../../src/postgres/workers.ts';
import { majors } from '../servers/index.ts';
import type { TestDatabase } from '../servers/index.ts';
import { silence } from '../servers/silence.ts';
import { fillShop } from './filled.ts';
import { oneSession, useShop } from './judging.ts';
import { misfits } from './misfits.ts';

const options = { role: undefined, statementTimeoutMs: 5_000, lockTimeoutMs: 1_000 };

describe.each(majors())('the remote answers on PostgreSQL %i', (major) => {
  const shop = useShop(major);
  let remote: TestDatabase | undefined;
  beforeAll(async () => {
    remote = await fillShop(shop());
    await misfits(shop(), remote);
  });
  afterAll(async () => {
    await shop().db.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [remote?.name]);
    await remote?.drop();
  });

  /** A report, with its remotes asked: name, verdict, notes' ids and what was missed. */
  async function asked(text: string, direct: readonly DirectRemote[] = []): Promise<readonly (readonly [string, string, readonly string[], readonly string[]])[]> {
    const report = await askRemotes(oneSession(shop().session), await shop().judge(text), { ...options, direct });
    return report.queries.map(({ name, verdict, notes, missed }) => [name, verdict, notes.filter(({ id }) => ids.has(id)).map(({ id, message }) => `${id}: ${message}`), missed]);
  }
  const ids = new Set(['remote-sql-invalid', 'type-mismatch', 'remote-seq-scan', 'remote-not-asked']);

  const queries = `
    -- fdw: name=good
    SELECT id FROM shop.orders WHERE total > 5;
    -- fdw: name=enum
    SELECT id FROM as_text WHERE status IN ('paid', 'shipped');
    -- fdw: name=column
    SELECT gone FROM renamed WHERE id = 1;
    -- fdw: name=down
    SELECT id FROM far WHERE id = 1;
    -- fdw: name=local
    SELECT id FROM accounts;`;

  test('without dblink, by estimates of the remote', async () => {
    const [good, enums, column, down, local] = await asked(queries);
    expect(good).toEqual(['good', 'full', [], []]);
    expect(enums).toEqual(['enum', 'full', [expect.stringContaining('type-mismatch: shop refuses what would be sent: operator does not exist: shop.order_status = text')], ['its Remote SQL is not valid on shop']]);
    expect(column).toEqual(['column', 'full', ['remote-sql-invalid: shop refuses what would be sent: column "gone" does not exist'], ['its Remote SQL is not valid on shop']]);
    expect(down?.slice(0, 2)).toEqual(['down', 'full']);
    expect(down?.[2][0]).toMatch(/^remote-not-asked: down could not be asked: could not connect to server "down"/);
    expect(down?.[3]).toEqual(['whether its Remote SQL is valid is not known: down could not be asked']);
    expect(local).toEqual(['local', 'no-foreign', [], []]);
  });

  const writes = `
    -- fdw: name=write
    UPDATE shop.orders SET total = 1 WHERE id = 5;
    -- fdw: name=assigned
    UPDATE as_text SET status = 'paid' WHERE id = $1;
    -- fdw: name=big
    SELECT id FROM big WHERE k = 17;`;

  function directly(server: string, url: string | undefined): DirectRemote {
    return { server, open: async () => connect(await resolveTarget(url, {}), { applicationName: 'fdw/direct' }) };
  }

  test('without dblink a write is unknown, and the message says how to have it asked', async () => {
    const [write, assigned, big] = await asked(writes);
    const unknown = "remote-not-asked: shop could not be asked: a write is seen by the remote only through the extension dblink, which does not reach it here, or a connection of fdw's own: --remote-url shop=postgres://…";
    expect(write).toEqual(['write', 'full', [unknown], ['whether its Remote SQL is valid is not known: shop could not be asked']]);
    expect(assigned?.[2]).toEqual([unknown]);
    expect(big).toEqual(['big', 'full', [], []]);
  });

  test('by a direct connection, where it is allowed, writes and plans are seen; and what the database cannot reach', async () => {
    const [good, enums, column, down, , write, assigned, big] = await asked(`${queries}${writes}`, [directly('shop', remote?.url), directly('down', remote?.url)]);
    expect(good).toEqual(['good', 'full', [], []]);
    expect(enums?.[2]).toEqual([expect.stringContaining('type-mismatch: shop refuses what would be sent: operator does not exist: shop.order_status = text')]);
    expect(column?.[2]).toEqual(['remote-sql-invalid: shop refuses what would be sent: column "gone" does not exist']);
    expect(down).toEqual(['down', 'full', ['remote-sql-invalid: down refuses what would be sent: relation "public.far" does not exist'], ['its Remote SQL is not valid on down']]);
    expect(write).toEqual(['write', 'full', [], []]);
    expect(assigned?.[2]).toEqual([expect.stringContaining('type-mismatch: shop refuses what would be sent: column "status" is of type shop.order_status but expression is of type')]);
    expect(big?.[2]).toEqual(['remote-seq-scan: shop reads all of public.big, about 20000 rows, for the 4 or so that pass (big.k = 17): it has no index for that']);
    expect(await remote?.query('SELECT count(*)::int AS n FROM orders WHERE total = 1 AND id = 5')).toEqual([{ n: 0 }]);
    expect(await shop().session.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'fdw/direct' AND datname = $1", [remote?.name])).toEqual([]);
  });

  test('a remote that accepts and keeps silent holds nobody up, and the other queries are told', async () => {
    const silent = await silence();
    await shop().db.query(`CREATE SERVER silent FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${silent.port}', dbname 'x'); CREATE USER MAPPING FOR PUBLIC SERVER silent OPTIONS (user 'x', password 'x');
      CREATE FOREIGN TABLE mute (id int) SERVER silent; CREATE FOREIGN TABLE estimated (id int) SERVER silent OPTIONS (use_remote_estimate 'true')`);
    const open = async (): Promise<Session> => connect(await resolveTarget(shop().db.url, {}), { applicationName: 'fdw/test' });
    const own = await open();
    const pool = sessionPool({ session: own, reconnect: open }, new AbortController().signal);
    try {
      const session = patientSession(own, 300, 1500);
      const limits = { ...options, statementTimeoutMs: 300 };
      const text = `-- fdw: name=good\nSELECT id FROM shop.orders WHERE id = 3; ${Array.from({ length: 20 }, (_, index) => `SELECT id FROM mute WHERE id = ${index};\n`).join('')}`;
      const workers: Workers = { each: (jobs, limit, work) => pool.each(jobs, limit, (each, job) => work(each === own ? session : patientSession(each, 300, 1500), job)), alone: () => pool.alone() };
      const judged = await judge(session, readQueries([{ file: 'queries.sql', text }]), limits);
      const started = performance.now();
      const { queries: [good, mute, ...others] } = await askRemotes(workers, judged, limits);
      // It is waited for once.
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(others.every(({ missed }) => missed.length === 1)).toBe(true);
      expect([good?.notes, mute?.notes.map(({ id, message }) => [id, message])]).toEqual([[], [['remote-not-asked', expect.stringContaining(major < 16 ? 'waits for a remote that does not answer' : 'statement timeout')]]]);
      const estimated = judge(session, readQueries([{ file: 'queries.sql', text: 'SELECT id FROM estimated WHERE id = 1' }]), limits);
      if (major < 16) await expect(estimated).rejects.toMatchObject({ id: 'remote-timeout' });
      else expect((await estimated).queries[0]?.error?.message).toContain('statement timeout');
    } finally {
      await pool.close();
      await own.close();
      silent.close();
    }
  });

  test('a direct connection that fails is told, and the query stays unknown', async () => {
    const [write] = await asked(writes, [directly('shop', 'postgres://x:hidden@127.0.0.1:1/x')]);
    expect(write?.[2]).toEqual([expect.stringContaining('--remote-url shop='), expect.stringMatching(/^remote-not-asked: shop could not be asked: (?!.*hidden).*127\.0\.0\.1/)]);
    expect(write?.[3]).toEqual(['whether its Remote SQL is valid is not known: shop could not be asked']);
  });

  test('with dblink, by preparing it there; writes and plans too', async () => {
    const { db } = shop();
    await db.query('CREATE EXTENSION dblink');
    const [good, enums, column, down, , write, assigned, big, some] = await asked(`${queries}
      -- fdw: name=write
      UPDATE shop.orders SET total = 1 WHERE id = 5;
      -- fdw: name=assigned
      UPDATE as_text SET status = 'paid' WHERE id = $1;
      -- fdw: name=big
      SELECT id FROM big WHERE k = 17;
      -- fdw: name=some
      SELECT id FROM big WHERE k > 17`);
    await db.query('DROP EXTENSION dblink');
    expect(good).toEqual(['good', 'full', [], []]);
    expect(enums?.[2]).toEqual([expect.stringContaining('type-mismatch: shop refuses what would be sent: operator does not exist: shop.order_status = text')]);
    expect(column?.[3]).toEqual(['its Remote SQL is not valid on shop']);
    expect(down?.[2][0]).toMatch(/^remote-not-asked: down could not be asked: could not establish connection/);
    expect(write).toEqual(['write', 'full', [], []]);
    expect(assigned?.[2]).toEqual([expect.stringContaining('type-mismatch: shop refuses what would be sent: column "status" is of type shop.order_status but expression is of type')]);
    expect(big).toEqual(['big', 'full', ['remote-seq-scan: shop reads all of public.big, about 20000 rows, for the 4 or so that pass (big.k = 17): it has no index for that'], []]);
    expect(some).toEqual(['some', 'full', [], []]);
    // Nothing was written, and no connection of dblink is left.
    expect(await remote?.query('SELECT count(*)::int AS n FROM orders WHERE total = 1 AND id = 5')).toEqual([{ n: 0 }]);
    expect(await shop().session.query("SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND application_name <> 'postgres_fdw' AND query ~ 'fdw_check'", [remote?.name])).toEqual([]);
  });

  test('a remote may be asked for its costs when a join was not chosen', async () => {
    const sql = 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id WHERE o.id < 10';
    const remedies = async (remotely: boolean): Promise<unknown> => (await shop().one(sql, { remote: remotely })).clauses.flatMap((clause) => clause.remedies).map(({ kind, proved, remoteSql }) => [kind, proved, remoteSql]);
    expect(await remedies(false)).toEqual([['option', false, []]]);
    expect(await remedies(true)).toEqual([['option', true, [expect.stringContaining('INNER JOIN')]]]);
  });

  async function run(text: string, limit = 5_000): Promise<{ readonly report: PushdownReport; readonly one: QueryVerdict }> {
    const input = readQueries([{ file: 'queries.sql', text }]);
    const report = await runQueries(oneSession(shop().session), await shop().judge(text), input, { ...options, statementTimeoutMs: limit });
    const [one] = report.queries;
    if (one === undefined) throw new Error('no query');
    return { report, one };
  }

  test('executing says what really came, before the filter, over all loops', async () => {
    expect((await run("SELECT id FROM shop.orders WHERE status = 'paid'")).one.analyzed).toMatchObject({ kind: 'ran', rows: 100, scans: [{ rows: 300, loops: 1 }] });
    expect((await run('SELECT a.id, (SELECT sum(i.qty) FROM shop.items i WHERE i.order_id = a.id) FROM accounts a WHERE a.id < 5')).one.analyzed).toMatchObject({ kind: 'ran', rows: 4, scans: [{ rows: 4, loops: 4 }] });
  });

  test.each([
    ['DELETE FROM shop.orders', 'it is no SELECT', 1, 1],
    ['SELECT 1 AS one,\n  id FROM shop.orders WHERE id = $1', 'it has parameters', 2, 34],
    ['WITH gone AS (\n  DELETE FROM shop.orders RETURNING id) SELECT * FROM gone', 'a CTE of it changes data', 2, 15],
    ['SELECT id FROM shop.orders FOR UPDATE', 'it locks rows', 1, 1],
    ["SELECT nextval('counter'),\n  id FROM shop.orders", 'the function nextval is VOLATILE', 1, 8],
    ['SELECT id FROM counted', 'the function nextval is VOLATILE (in a view)', 1, 1],
  ])('what might change something is refused at its place: %s', async (sql, message, line, column) => {
    const { db } = shop();
    await db.query("CREATE SEQUENCE IF NOT EXISTS counter; CREATE OR REPLACE VIEW counted AS SELECT id, nextval('counter') AS n FROM shop.orders");
    const { one } = await run(sql);
    expect(one.analyzed).toMatchObject({ kind: 'refused', message: expect.stringContaining(message) as string, region: { line, column } });
    expect(one.missed).toEqual([]);
    expect(await remote?.query('SELECT count(*)::int AS n FROM orders')).toEqual([{ n: 300 }]);
    expect(await db.query('SELECT is_called FROM counter')).toEqual([{ is_called: false }]);
  });

  test('one that fails or takes too long is missed, and the others go on', async () => {
    const { report } = await run('SELECT gone FROM renamed; SELECT count(*) FROM shop.orders a, shop.orders b, shop.orders c, shop.orders d; SELECT id FROM shop.orders WHERE id = 1', 300);
    expect(report.queries.map(({ analyzed, missed }) => [analyzed?.kind, missed])).toEqual([
      ['failed', ['it could not be executed: column "gone" does not exist']],
      ['failed', ['it could not be executed: canceling statement due to statement timeout']],
      ['ran', []],
    ]);
    expect(report.summary.missed).toBe(2);
  });
});
