import { describe, expect, test } from 'vitest';
import { readQueries } from '../../src/pushdown/queries/read.ts';
import { judge } from '../../src/pushdown/judge.ts';
import { majors } from '../servers/index.ts';
import { clauseLines, useShop } from './judging.ts';

describe.each(majors())('the judge on PostgreSQL %i', (major) => {
  const shop = useShop(major);

  test('an error of the server stands at its place in the file, and the others go on', async () => {
    const report = await shop().judge("-- a comment\nSELECT 1;\n\nSELECT id,\n  'ü🙂', nosuch\nFROM shop.orders;\nSELECT id FROM shop.orders WHERE total > 5");
    expect(report.queries.map((query) => query.verdict)).toEqual(['no-foreign', 'error', 'full']);
    const error = report.queries[1]?.error;
    expect(error?.message).toBe('column "nosuch" does not exist');
    // The face is one character to the server and two units to an editor.
    expect([error?.at?.source.file, error?.at?.line, error?.at?.column, error?.at?.endColumn]).toEqual(['queries.sql', 5, 10, 16]);
    expect(report.summary).toEqual({ full: 1, partial: 0, none: 0, danger: 0, 'no-foreign': 1, error: 1, missed: 0 });
  });

  test('an error in a statement with parameters too', async () => {
    const { error } = await shop().one('SELECT id FROM shop.orders WHERE nosuch = $1');
    expect([error?.message, error?.at?.column]).toEqual(['column "nosuch" does not exist', 34]);
    // What PREPARE left behind is gone: the next one works.
    expect((await shop().one('SELECT id FROM shop.orders WHERE id = $1')).verdict).toBe('full');
    expect(await shop().session.query('SELECT name FROM pg_prepared_statements')).toEqual([]);
  });

  test.each([
    ['SELECT id FROM shop.orders WHERE id = :id', ':id is a parameter of psql or of a driver, which PostgreSQL does not know', 39],
    ["SELECT id FROM shop.orders WHERE note = :'na me' AND id = 5", ":'na me' is a parameter of psql or of a driver, which PostgreSQL does not know", 41],
    ['SELECT id FROM shop.orders WHERE id = %(id)s AND n = 3', '%(id)s is a parameter of psql or of a driver, which PostgreSQL does not know', 39],
    ['SELECT id FROM shop.orders WHERE id = ? AND n = ?', '? is a parameter of psql or of a driver, which PostgreSQL does not know', 41],
    ["SELECT id FROM shop.orders WHERE meta ? 'a' ORDR BY id", 'syntax error at or near "ORDR"', 45],
    ['SELECT tags[1:2] FRM shop.orders', 'syntax error at or near "shop"', 22],
    ['SELECT id FROM shop.orders WHERE $1 IS NULL', 'could not determine data type of parameter $1', 1],
  ])('a parameter that PostgreSQL does not know: %s', async (sql, message, column) => {
    const { error } = await shop().one(sql);
    expect([error?.message, error?.at?.column]).toEqual([message, column]);
  });

  test('the worse of two plans counts, and both are told of', async () => {
    const judged = await shop().one('-- fdw: expect=full\nSELECT id FROM shop.orders WHERE coalesce($1, 5) = n');
    expect(judged.missed).toEqual(['expected the verdict full, but it is none']);
    expect([judged.plan, clauseLines(judged)]).toEqual(['generic', ['local filter blocked unsupported-expression']]);
    expect(judged.otherPlan).toMatchObject({ mode: 'custom', verdict: 'full', scans: [{ remoteSql: expect.stringMatching(/WHERE \(\(1 = n\)\)$/) as unknown }] });
    // One plan for both: nothing more to say.
    expect(await shop().one('SELECT id FROM shop.orders WHERE id = $1')).toMatchObject({ plan: 'generic', otherPlan: undefined, verdict: 'full' });
    expect(await shop().one('SELECT id FROM shop.orders WHERE id = 5')).toMatchObject({ plan: undefined, otherPlan: undefined });
  });

  test('parameters are judged by the generic plan, over all partitions', async () => {
    const judged = await shop().one('SELECT * FROM events WHERE tenant_id = $1 AND kind = $2');
    expect(judged.verdict).toBe('full');
    expect(judged.scans.map((scan) => scan.server)).toEqual(['shard0', 'shard1']);
  });

  test('nothing is executed and nothing is left behind', async () => {
    const { db } = shop();
    await db.query('CREATE TABLE witness (n int); CREATE SEQUENCE witnessed');
    await shop().judge(
      "INSERT INTO witness VALUES (1); WITH w AS (INSERT INTO witness VALUES (2) RETURNING n) SELECT * FROM w, shop.orders; SELECT nextval('witnessed') FROM shop.orders; DELETE FROM accounts; SELECT id INTO made FROM shop.orders",
    );
    expect(await db.query("SELECT (SELECT count(*)::int FROM witness) AS rows, (SELECT is_called FROM witnessed) AS called, (SELECT count(*)::int FROM accounts) AS accounts, to_regclass('made') AS made")).toEqual([
      { rows: 0, called: false, accounts: 1000, made: null },
    ]);
    expect(await shop().session.query("SELECT count(*)::int AS locks FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation >= 16384")).toEqual([{ locks: 0 }]);
    await db.query('DROP TABLE witness; DROP SEQUENCE witnessed');
  });

  test('one statement a time: a second one behind it is refused by the server', async () => {
    const [verdict] = (await judge(shop().session, [{ name: 'x', file: undefined, line: 1, sql: 'SELECT 1; DROP TABLE accounts', expect: undefined, error: undefined }])).queries;
    expect(verdict?.verdict).toBe('error');
    expect(verdict?.error?.message).toContain('multiple commands');
    const [prepared] = (await judge(shop().session, [{ name: 'x', file: undefined, line: 1, sql: 'SELECT $1::int; DROP TABLE accounts', expect: undefined, error: undefined }])).queries;
    expect(prepared?.error?.message).toContain('multiple commands');
  });

  test('as another role: its rights, and its view of who reads what', async () => {
    const { roles, db } = shop();
    await db.query('CREATE FOREIGN TABLE shop.secret (id int) SERVER shop');
    const [denied] = (await shop().judge('SELECT * FROM shop.secret', { role: roles.reader })).queries;
    expect(denied?.error?.message).toBe('permission denied for foreign table secret');
    await db.query('DROP FOREIGN TABLE shop.secret');
    const join = 'SELECT o.id FROM owned_orders o JOIN shop.customers c ON c.id = o.customer_id ORDER BY c.region LIMIT 3';
    expect((await shop().one(join, { role: roles.owner })).verdict).toBe('full');
    expect(clauseLines(await shop().one(join, { role: roles.reader }))).toContain('local join blocked different-user');
    expect(await shop().session.query('SELECT current_user = session_user AS same')).toEqual([{ same: true }]);
  });

  test.runIf(major >= 15)('a security_invoker view is read as the one who asks', async () => {
    const { db } = shop();
    await db.query(`CREATE VIEW invoked WITH (security_invoker) AS SELECT * FROM shop.orders; ALTER VIEW invoked OWNER TO ${shop().roles.owner}`);
    const join = 'SELECT o.id FROM invoked o JOIN shop.customers c ON c.id = o.customer_id ORDER BY c.region LIMIT 3';
    expect((await shop().one(join)).verdict).toBe('full');
    expect(clauseLines(await shop().one('SELECT o.id FROM invoked o JOIN owned_orders c ON c.id = o.customer_id'))).toEqual(['local join blocked different-user']);
    await db.query('DROP VIEW invoked');
  });

  test('expectations', async () => {
    const report = await shop().judge(`
      -- fdw: name=sent expect=full
      SELECT id FROM shop.orders WHERE total > 5;
      -- fdw: name=improved expect=partial
      SELECT id FROM shop.orders WHERE total > 5;
      -- fdw: name=kinds expect=filter:remote,sort:any,limit:local,max_fetched_rows:10,max_fetch_ratio:1000,max_round_trips:1001
      SELECT id FROM shop.orders WHERE status = 'paid' ORDER BY id LIMIT 5;
      -- fdw: name=cost expect=full
      SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id;
      -- fdw: name=lookup expect=partial
      SELECT s.id FROM accounts a JOIN shop.stock s ON s.id = a.id WHERE a.id < 3;
      -- fdw: name=local expect=join:local
      SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id;
      -- fdw: name=absent expect=join:remote,sort:local
      SELECT id FROM shop.orders;`);
    expect(Object.fromEntries(report.queries.map((query) => [query.name, query.missed]))).toEqual({
      sent: [],
      improved: ['expected the verdict partial, but it is full'],
      kinds: [
        "expected filter to run on the remote, but `orders.status = 'paid'::shop.order_status` runs here",
        'expected at most 10 fetched rows, but the planner expects 100000',
        'expected at most 1000 fetched rows for each row of the result, but the planner expects 100000 fetched rows for 5',
      ],
      cost: [],
      lookup: ['expected the verdict partial, but it is none (a condition by which a join looks rows up one by one does not count: other numbers of rows keep it here)'],
      local: ['expected join to run here, but only its cost keeps it here'],
      absent: ['expected sort to run here, but there is none'],
    });
    expect(report.summary.missed).toBe(5);
  });

  test('round trips and loops of the wire', async () => {
    const trips = async (sql: string): Promise<readonly (readonly number[])[]> => (await shop().one(sql)).scans.map(({ estimatedRows, loops, roundTrips, rowsPerTrip }) => [estimatedRows, loops, roundTrips, rowsPerTrip]);
    expect(await trips('SELECT id FROM shop.orders')).toEqual([[100_000, 1, 1001, 100]]);
    expect(await trips('SELECT count(*) FROM shop.orders')).toEqual([[1, 1, 1, 100]]);
    // N+1: a query of its own for each of the 1,000 accounts.
    expect(await trips('SELECT (SELECT max(o.total) FROM shop.orders o WHERE o.id = a.id AND o.n = 3) FROM accounts a')).toEqual([[2000, 1000, 1000, 100]]);
    expect(await trips('SELECT a.id FROM accounts a, LATERAL (SELECT 1 FROM shop.items i WHERE i.order_id = a.id LIMIT 2) l')).toEqual([[2000, 1000, 1000, 100]]);
    expect(await trips('INSERT INTO shop.batched SELECT id, id FROM accounts')).toEqual([[1000, 1, 20, 50]]);
    expect(await trips('UPDATE shop.orders SET total = 1 WHERE id = 5')).toEqual([[expect.any(Number), 1, 1, 100]]);
  });

  test('a scan is read no further than to where a LIMIT here has enough', async () => {
    const wire = async (sql: string): Promise<readonly (readonly number[])[]> => (await shop().one(sql)).scans.map(({ estimatedRows, loops, roundTrips }) => [estimatedRows, loops, roundTrips]);
    const paid = "SELECT id FROM shop.orders WHERE status = 'paid'";
    // A batch at least; and the rows that OFFSET passes over.
    expect(await wire('SELECT o.id, a.vip FROM shop.orders o LEFT JOIN accounts a ON a.id = o.n LIMIT 5')).toEqual([[100, 1, 1]]);
    expect(await wire('SELECT o.id, a.vip FROM shop.orders o LEFT JOIN accounts a ON a.id = o.n LIMIT 5 OFFSET 950')).toEqual([[1000, 1, 10]]);
    // Nobody knows how many rows a filter has to see until it has let five through.
    expect(await wire(`${paid} LIMIT 5`)).toEqual([[100_000, 1, 1001]]);
    expect(await wire(`${paid} ORDER BY note LIMIT 1`)).toEqual([[100_000, 1, 1001]]);
    expect(await wire(`SELECT count(*) FROM (${paid}) x LIMIT 1`)).toEqual([[100_000, 1, 1001]]);
    // The largest by a sort that is sent: one batch, and not all of them.
    expect(await wire('SELECT (SELECT max(total) FROM shop.orders WHERE total > a.id) FROM accounts a WHERE id = 1')).toEqual([[100, 1, 1]]);
    // Looked up for about as many rows as the LIMIT asks for: EXPLAIN rounds the costs that tell how many that are.
    const [lookups] = await wire('SELECT a.id FROM accounts a, LATERAL (SELECT 1 FROM shop.items i WHERE i.order_id = a.id LIMIT 1) l LIMIT 5');
    expect([[5, 5, 5], [6, 6, 6]]).toContainEqual(lookups);
  });

  test('rows fetched are counted before the filter that stays here', async () => {
    const fetched = async (sql: string): Promise<readonly number[]> => (await shop().one(sql)).scans.map((scan) => scan.estimatedRows);
    expect(await fetched("SELECT id FROM shop.orders WHERE status = 'paid'")).toEqual([100_000]);
    expect(await fetched('SELECT id FROM shop.orders WHERE total > 5')).toEqual([33_333]);
    const [both] = await fetched("SELECT id FROM shop.orders WHERE total > 5 AND status = 'paid'");
    // A third of all, within rounding: the planner's own estimate for the condition that is sent.
    expect(both).toBeGreaterThan(33_000);
    expect(both).toBeLessThan(33_700);
  });

  test('the same expectations hold on an empty and on a full database', async () => {
    const { db } = shop();
    const suite = [
      'SELECT c.region, sum(o.total) FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id GROUP BY 1',
      'SELECT DISTINCT region FROM shop.customers ORDER BY region',
      'SELECT id FROM shop.orders ORDER BY id LIMIT 5',
      'SELECT o.id FROM shop.orders o JOIN accounts a ON a.customer_id = o.customer_id WHERE o.total > 5',
      "UPDATE shop.orders o SET total = 1 FROM shop.customers c WHERE c.id = o.customer_id AND c.region = 'x'",
      'SELECT count(*) FROM events',
    ];
    const words = ['full', 'partial', 'full', 'partial', 'full', 'none'];
    const text = suite.map((sql, index) => `-- fdw: expect=${words[index] ?? ''}\n${sql};`).join('\n');
    const missed = async (): Promise<unknown> => (await shop().judge(text)).queries.map((query) => query.missed);
    const sizes = 'SELECT relname, reltuples, relpages FROM pg_class WHERE relkind = \'f\'';
    const before = await db.query<{ relname: string; reltuples: number; relpages: number }>(sizes);
    for (const tuples of [100_000, 1, -1]) {
      await db.query(`UPDATE pg_class SET reltuples = ${tuples}, relpages = ${Math.max(0, Math.ceil(tuples / 50))} WHERE relkind = 'f'`);
      expect(await missed(), `${tuples} rows`).toEqual(suite.map(() => []));
    }
    for (const row of before) await db.query('UPDATE pg_class SET reltuples = $2, relpages = $3 WHERE relname = $1', [row.relname, row.reltuples, row.relpages]);
  });

  test('a time limit is the query\'s own error', async () => {
    const report = await judge(shop().session, readQueries([{ file: 'q.sql', text: 'SELECT id FROM shop.orders' }]), { lockTimeoutMs: 100 });
    expect(report.queries[0]?.verdict).toBe('full');
    const holder = await shop().db.connect();
    await holder.query('BEGIN; LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE');
    const [waiting] = (await judge(shop().session, readQueries([{ file: 'q.sql', text: 'SELECT * FROM accounts' }]), { lockTimeoutMs: 100 })).queries;
    await holder.query('ROLLBACK');
    expect(waiting?.error?.message).toBe('canceling statement due to lock timeout');
  });
});

// Costs and texts differ by major; one is enough to see a report whole.
describe.runIf(majors().at(-1) === 18)('a whole report', () => {
  const shop = useShop(majors().at(-1) ?? 18);

  test('as data', async () => {
    const report = await shop().judge(`
      -- fdw: name="revenue by region" expect=filter:remote,join:remote,aggregate:remote,max_fetched_rows:1000
      SELECT c.region, sum(o.total) FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id
      WHERE o.id < 1000 GROUP BY 1;
      -- fdw: name=recent expect=full
      SELECT id FROM shop.orders WHERE created_at > now() - interval '1 day' ORDER BY id LIMIT 20;
      -- fdw: name=cleanup
      DELETE FROM shop.orders WHERE status = 'pending';
      \\d shop.orders
      SELECT nosuch FROM shop.orders;`, { tree: true });
    expect(JSON.parse(JSON.stringify(report, (key, value: unknown) => (key === 'source' || key === 'totalCost' || key === 'seconds' ? undefined : value)))).toMatchSnapshot();
  });
});
