import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/postgres/connect.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import type { Session } from '../../src/postgres/session.ts';
import type { Explained, ExplainOptions } from '../../src/pushdown/explain/explain.ts';
import { explainStatements } from '../../src/pushdown/explain/explain-statements.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';

const options: ExplainOptions = { role: undefined, statementTimeoutMs: 30_000, lockTimeoutMs: 5_000 };

describe.each(majors())('statements that are under way together, PostgreSQL %i', (major) => {
  let db: TestDatabase;
  let session: Session;

  beforeAll(async () => {
    db = await createDatabase(cluster(major));
    await db.query(`
      CREATE TABLE t (id int); CREATE SCHEMA other; CREATE TABLE other.t (id int, of_other int);
      CREATE TABLE written (n int); GRANT SELECT ON t TO PUBLIC;
      -- What a planner calls while it folds constants.
      CREATE FUNCTION turns(name text, value text) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM set_config(name, value, false); RETURN 1; END';
      CREATE FUNCTION waits(seconds float8) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(seconds); RETURN 1; END';
      CREATE FUNCTION really_writes() RETURNS int LANGUAGE plpgsql AS 'BEGIN INSERT INTO written VALUES (1); RETURN 1; END';
      CREATE FUNCTION writes() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN really_writes(); END'`);
    session = await open();
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
  });

  const open = async (signal?: AbortSignal): Promise<Session> => connect(await resolveTarget(db.url, {}), { applicationName: 'fdw/in flight', signal });
  const explained = async (statements: readonly string[], more: Partial<ExplainOptions> = {}): Promise<readonly string[]> => {
    const answers = await explainStatements(session, statements.map((sql) => ({ sql, parameters: sql.includes('$1') ? 1 : 0 })), { ...options, ...more }, () => undefined);
    return answers.map((answer) => wordOf(answer.explained));
  };

  test('each has its own answer, in order, beside errors and parameters', async () => {
    const statements = Array.from({ length: 200 }, (_, index) => {
      if (index % 7 === 3) return `SELECT nosuch${index} FROM t`;
      return index % 11 === 5 ? 'SELECT id FROM t WHERE id = $1' : index % 2 === 0 ? 'SELECT id FROM t' : 'SELECT 1 LIMIT 1';
    });
    expect(await explained(statements)).toEqual(
      statements.map((sql, index) => (sql.includes('nosuch') ? `column "nosuch${index}" does not exist at 7` : sql.includes('FROM t') ? 'Seq Scan' : 'Limit')),
    );
  });

  test('each is one statement, and what comes after a second one is judged all the same', async () => {
    expect(await explained(['SELECT 1', 'SELECT 1; DROP TABLE t', 'COMMIT', 'SELECT id FROM t', '', 'SELECT 1'])).toEqual([
      'Result', 'cannot insert multiple commands into a prepared statement', 'syntax error at or near "COMMIT" at 0', 'Seq Scan', 'syntax error at end of input at 0', 'Result',
    ]);
  });

  test('what the planner calls changes nothing for the next one, and nothing at all', async () => {
    expect(
      await explained([
        'SELECT 1', 'SELECT 1',
        "SELECT id FROM t WHERE turns('search_path', 'other') = 1", 'SELECT of_other FROM t',
        "SELECT 1 WHERE turns('statement_timeout', '1ms') = 1", 'SELECT waits(0.05)',
        "SELECT 1 WHERE turns('role', 'pg_monitor') = 1", 'SELECT * FROM written',
        'SELECT 1 WHERE writes() = 1', 'SELECT id FROM t',
        "SELECT 1 WHERE turns('transaction_read_only', 'off') = 1",
      ]),
    ).toEqual([
      'Result', 'Result', 'Seq Scan', 'column "of_other" does not exist at 7', 'Result', 'Result', 'Result', 'Seq Scan',
      'cannot execute INSERT in a read-only transaction', 'Seq Scan', 'transaction read-write mode must be set before any query',
    ]);
    expect(await db.query('SELECT * FROM written')).toEqual([]);
  });

  test('the time limit is that of each', async () => {
    const limit = { statementTimeoutMs: 400 };
    expect(await explained(['SELECT 1', 'SELECT waits(0.3)', 'SELECT waits(0.3)', 'SELECT waits(30)', 'SELECT id FROM t'], limit)).toEqual([
      'Result', 'Result', 'Result', 'canceling statement due to statement timeout', 'Seq Scan',
    ]);
  });

  test('the role is that of all, and one that does not exist fails all', async () => {
    expect(await explained(['SELECT id FROM t', 'SELECT * FROM written'], { role: 'pg_monitor' })).toEqual(['Seq Scan', 'permission denied for table written']);
    await expect(explained(['SELECT 1', 'SELECT 2'], { role: 'no such role' })).rejects.toMatchObject({ sqlstate: '22023' });
    expect(await explained(['SELECT id FROM t'])).toEqual(['Seq Scan']);
  });

  test('says which one is next, and how long each took', async () => {
    const said: number[] = [];
    const answers = await explainStatements(session, ['SELECT 1', 'SELECT', 'SELECT waits(0.3)', 'nonsense', 'SELECT 2'].map((sql) => ({ sql, parameters: 0 })), options, (index) => said.push(index));
    expect(said).toEqual([0, 1, 2, 3, 4]);
    expect(answers.map(({ seconds }) => seconds > 0.25)).toEqual([false, false, true, false, false]);
  });

  test('an interruption ends all that is under way', async () => {
    const controller = new AbortController();
    const own = await open(controller.signal);
    const started = performance.now();
    const statements = [...Array.from({ length: 40 }, () => 'SELECT 1'), ...Array.from({ length: 20 }, () => 'SELECT waits(20)')].map((sql) => ({ sql, parameters: 0 }));
    const judged = explainStatements(own, statements, options, (index) => {
      if (index === 40) setTimeout(() => controller.abort(), 50);
    });
    await expect(judged).rejects.toMatchObject({ id: 'interrupted' });
    await own.close();
    expect(performance.now() - started).toBeLessThan(3000);
    await expect.poll(() => db.query("SELECT 1 AS left FROM pg_stat_activity WHERE application_name = 'fdw/in flight' AND state = 'active'")).toEqual([]);
  });
});

function wordOf(explained: Explained): string {
  if ('plan' in explained) return explained.plan.type;
  return `${explained.error.message}${explained.error.position === undefined ? '' : ` at ${explained.error.position}`}`;
}
