import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DatabaseError, PipelineError } from '../../src/postgres/errors.ts';
import { administer, createDatabase, logOf, startCluster, uniqueName, type PrivateCluster, type TestDatabase } from '../servers/index.ts';
import { open, temporaryHome, userErrorOf, type Home, type OpenSession } from './fixture.ts';

let db: TestDatabase;
let home: Home;
let session: OpenSession;

beforeAll(async () => {
  home = await temporaryHome();
  db = await createDatabase();
  session = await open(db.url, home.env);
});

afterAll(async () => {
  await session.close();
  await db.drop();
  await home[Symbol.asyncDispose]();
});

async function databaseErrorOf(promise: Promise<unknown>): Promise<DatabaseError> {
  const error = await userErrorOf(promise);
  if (!(error instanceof DatabaseError)) throw error;
  return error;
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('query', () => {
  test('gives the last rows of several statements', async () => {
    expect(await session.query('SELECT 1 AS a; SELECT 2 AS b UNION ALL SELECT 3')).toEqual([{ b: 2 }, { b: 3 }]);
    expect(await session.query('')).toEqual([]);
    expect(await session.query('SET geqo = on')).toEqual([]);
  });

  test('takes parameters by the extended protocol, even none', async () => {
    expect(await session.query('SELECT $1::text AS a, $2::int AS b', ["it's", 4])).toEqual([{ a: "it's", b: 4 }]);
    expect((await databaseErrorOf(session.query('SELECT 1; SELECT 2', []))).sqlstate).toBe('42601');
  });

  test('keeps large numbers as text, and parses JSON', async () => {
    const [row] = await session.query(`SELECT 9007199254740993::int8 AS big, 1.10::numeric AS num, '{"a":1}'::jsonb AS js`);
    expect(row).toEqual({ big: '9007199254740993', num: '1.10', js: { a: 1 } });
  });

  test('runs in the order of the calls', async () => {
    await session.query('CREATE TEMP TABLE steps (n int)');
    await Promise.all([1, 2, 3].map((n) => session.query('INSERT INTO steps SELECT $1 + count(*) * 10 FROM steps', [n])));
    expect(await session.query('SELECT n FROM steps ORDER BY n')).toEqual([{ n: 1 }, { n: 12 }, { n: 23 }]);
  });

  test('goes on after an error', async () => {
    const error = await databaseErrorOf(session.query('SELECT * FROM nosuch'));
    expect(error).toMatchObject({ id: 'database-error', sqlstate: '42P01', message: 'relation "nosuch" does not exist', position: 15 });
    expect(await session.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });
});

test('queryOne refuses a second statement', async () => {
  expect(await session.queryOne('SELECT 1 AS a;')).toEqual([{ a: 1 }]);
  const error = await databaseErrorOf(session.queryOne('SELECT 1; DROP TABLE nosuch'));
  expect(error.message).toBe('cannot insert multiple commands into a prepared statement');
});

describe('map', () => {
  test('makes something of each row, with and without parameters', async () => {
    expect(await session.map('SELECT generate_series(1, 3) AS n', undefined, ({ n }: { n: number }) => n * 2)).toEqual([2, 4, 6]);
    expect(await session.map('SELECT $1::text AS a', ['x'], ({ a }: { a: string }) => a)).toEqual(['x']);
    expect(await session.map('SELECT 1 WHERE false', undefined, () => 0)).toEqual([]);
  });

  test('passes on what the maker throws and what the server says, and goes on', async () => {
    const failing = session.map('SELECT generate_series(1, 3) AS n', undefined, () => {
      throw new Error('no use for it');
    });
    await expect(failing).rejects.toThrow('no use for it');
    expect((await databaseErrorOf(session.map('SELECT 1 / 0', [], () => 0))).sqlstate).toBe('22012');
    expect(await session.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });
});

describe('pipeline', () => {
  test('runs all in order', async () => {
    await session.pipeline([]);
    await session.pipeline(['CREATE TEMP TABLE line (n int)', ...[1, 2, 3].map((n) => `INSERT INTO line VALUES (${n})`), 'SELECT * FROM line', '']);
    expect(await session.query('SELECT n FROM line')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test('stops at the first error and says which statement it was', async () => {
    await session.query('BEGIN');
    const error: unknown = await session.pipeline(['CREATE TEMP TABLE half (n int)', 'SELECT 1 / 0', 'INSERT INTO nosuch VALUES (1)']).catch((reason: unknown) => reason);
    await session.query('ROLLBACK');
    expect(error).toBeInstanceOf(PipelineError);
    expect(error).toMatchObject({ at: 1, cause: { sqlstate: '22012' } });
    expect(await session.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  test('takes one statement each', async () => {
    await expect(session.pipeline(['SELECT 1', 'SELECT 1; SELECT 2'])).rejects.toMatchObject({ at: 1, cause: { sqlstate: '42601' } });
  });
});

describe('pipelineGroups', () => {
  test('gives the rows of each group as text, before the next group has run', async () => {
    const answers: unknown[] = [];
    const times: number[] = [];
    const answered = (rows: unknown): void => {
      answers.push(rows);
      times.push(performance.now());
    };
    await session.pipelineGroups([], answered);
    await session.pipelineGroups([['SELECT 1, NULL UNION ALL SELECT 2, true', 'SELECT 1 WHERE false'], ['', 'SET geqo = on', 'SELECT pg_sleep(0.3)']], answered);
    expect(answers).toEqual([[[['1', null], ['2', 't']], []], [[], [], [['']]]]);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(250);
  });

  test('stops at the first error, and tells what was answered before', async () => {
    const answers: unknown[] = [];
    const running = session.pipelineGroups([['SELECT 1'], ['SELECT 2', 'SELECT 1 / 0'], ['SELECT 3']], (rows) => answers.push(rows));
    await expect(running).rejects.toMatchObject({ at: 2, cause: { sqlstate: '22012' } });
    expect(answers).toEqual([[[['1']]]]);
    expect(await session.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  test('passes on what the caller throws, and goes on', async () => {
    const running = session.pipelineGroups([['SELECT 1'], ['SELECT 2']], () => {
      throw new Error('no use for it');
    });
    await expect(running).rejects.toMatchObject({ cause: { message: 'no use for it' } });
    expect(await session.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });
});

describe('describe', () => {
  test('gives names, types and typmods', async () => {
    expect(await session.describe("SELECT 1::numeric(10,2) AS a, now() AS b, $1::varchar(5), 'x'")).toEqual([
      { name: 'a', oid: 1700, typmod: 655366 },
      { name: 'b', oid: 1184, typmod: -1 },
      { name: 'varchar', oid: 1043, typmod: 9 },
      { name: '?column?', oid: 25, typmod: -1 },
    ]);
    expect(await session.describe('CREATE TABLE nosuch ()')).toEqual([]);
  });

  test('runs nothing and leaves nothing', async () => {
    await session.query('CREATE SEQUENCE counter');
    await session.describe("SELECT nextval('counter')");
    await session.describe('DROP SEQUENCE counter');
    expect(await session.query('SELECT is_called FROM counter')).toEqual([{ is_called: false }]);
    expect(await session.query('SELECT name FROM pg_prepared_statements')).toEqual([]);
    expect((await databaseErrorOf(session.describe('SELECT nosuch'))).sqlstate).toBe('42703');
    expect((await databaseErrorOf(session.describe('SELECT 1; SELECT 2'))).sqlstate).toBe('42601');
    expect(await session.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });
});

describe('copyIn', () => {
  test('sends rows of any size', async () => {
    await session.query('CREATE TEMP TABLE copied (n int, v text)');
    await session.copyIn('COPY pg_temp.copied FROM STDIN', '1\ta\\tb\\nc\n2\t\\N\n3\tjörg €\n');
    expect(await session.query('SELECT * FROM copied ORDER BY n')).toEqual([
      { n: 1, v: 'a\tb\nc' },
      { n: 2, v: null },
      { n: 3, v: 'jörg €' },
    ]);
    await session.copyIn('COPY pg_temp.copied FROM STDIN', Array.from({ length: 30_000 }, (_, n) => `${n}\t${'é'.repeat(20)}\n`).join(''));
    expect(await session.query("SELECT count(*) FROM copied WHERE v LIKE 'é%'")).toEqual([{ count: '30000' }]);
    await session.copyIn('COPY pg_temp.copied FROM STDIN', '');
  });

  test('shows no row in an error, and goes on', async () => {
    await session.query('CREATE TEMP TABLE strict_rows (n int PRIMARY KEY, v varchar(3))');
    for (const rows of ['1\thunter2\textra\n', 'hunter2\n', '1\ta\n1\thunter2\n', '1\thunter2\n']) {
      const error = await databaseErrorOf(session.copyIn('COPY pg_temp.strict_rows FROM STDIN', rows));
      expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    }
    expect((await databaseErrorOf(session.copyIn('COPY pg_temp.nosuch FROM STDIN', 'x\n'))).sqlstate).toBe('42P01');
    await expect(session.copyIn('SELECT 1', 'x\n')).rejects.toThrow('The statement for copyIn was not COPY … FROM STDIN.');
    expect(await session.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  test('leaves no trace in the server’s log', async () => {
    await using server = await startCluster({
      settings: { log_statement: 'all', log_min_duration_statement: 0, log_error_verbosity: 'verbose', log_parameter_max_length_on_error: -1 },
    });
    await using own = await open(`postgresql://${server.user}:${server.password}@${server.host}:${server.port}/postgres`, home.env);
    await own.query('CREATE TEMP TABLE fdw_s (v text)');
    await own.copyIn('COPY pg_temp.fdw_s FROM STDIN', 'hunter2\n');
    expect(await own.query('SELECT length(v) FROM fdw_s')).toEqual([{ length: 7 }]);
    const log = await logOf(server);
    expect(log).toContain('COPY pg_temp.fdw_s FROM STDIN');
    expect(log).not.toContain('hunter2');
  });
});

describe('an error shows no parameter', () => {
  test.each([
    ['SELECT $1::int', 'hunter2'],
    ["SELECT 1 / (length($1) - 7) AS x, set_config('fdw.x', $1, true)", 'hunter2'],
    ["SELECT format('%s', $1)::regclass", 'hunter2'],
  ])('%s', async (sql, value) => {
    await session.query("SET log_parameter_max_length_on_error = '1kB'");
    const error = await databaseErrorOf(session.query(sql, [value]));
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    await session.query('RESET log_parameter_max_length_on_error');
  });

  test('but keeps the context of functions', async () => {
    await session.query(`CREATE FUNCTION pg_temp.fails(t text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1 / 0; END $$`);
    const error = await databaseErrorOf(session.query('SELECT pg_temp.fails($1)', ['hunter2']));
    expect(error.where).toMatch(/PL\/pgSQL function .*fails\(text\) line 1 at RETURN$/);
  });

  test('detail and hint come along', async () => {
    await session.query('CREATE TEMP TABLE parent (id int PRIMARY KEY); INSERT INTO parent VALUES (1)');
    expect(await databaseErrorOf(session.query('INSERT INTO parent VALUES (1)'))).toMatchObject({ sqlstate: '23505', detail: 'Key (id)=(1) already exists.' });
    expect((await databaseErrorOf(session.query('SELECT idd FROM parent'))).hint).toContain('Perhaps you meant');
  });
});

describe('time limits', () => {
  test('of a statement and of waiting for a lock', async () => {
    await using quick = await open(db.url, home.env, { statementTimeout: 100, lockTimeout: 50 });
    expect((await databaseErrorOf(quick.query('SELECT pg_sleep(5)'))).sqlstate).toBe('57014');
    await session.query('BEGIN; CREATE TABLE wanted (); COMMIT; BEGIN; LOCK TABLE wanted');
    expect((await databaseErrorOf(quick.query('SELECT FROM wanted'))).sqlstate).toBe('55P03');
    await session.query('ROLLBACK');
  });

  test('none at all', async () => {
    await using patient = await open(db.url, home.env, { statementTimeout: 0, lockTimeout: 0 });
    expect(await patient.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '0' }]);
  });
});

describe('the end', () => {
  test('cancel stops what runs; the session goes on', async () => {
    const running = databaseErrorOf(session.query('SELECT pg_sleep(30)'));
    await sleep(100);
    await session.cancel();
    expect((await running).sqlstate).toBe('57014');
    expect(await session.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  test('aborting cancels on the server, closes, and rejects', async () => {
    const controller = new AbortController();
    const own = await open(db.url, home.env, { signal: controller.signal });
    const [me] = await own.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const outcomes = [userErrorOf(own.query('BEGIN; SELECT pg_sleep(30)')), userErrorOf(own.query('SELECT 2'))];
    await sleep(100);
    controller.abort();
    expect((await Promise.all(outcomes)).map(({ id }) => id)).toEqual(['interrupted', 'interrupted']);
    expect((await userErrorOf(own.query('ROLLBACK'))).id).toBe('interrupted');
    await own.close();
    await expectGone(me?.pid);
  });

  test('aborting an idle session closes it', async () => {
    const controller = new AbortController();
    const own = await open(db.url, home.env, { signal: controller.signal });
    const [me] = await own.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    controller.abort();
    await expectGone(me?.pid);
    await own.close();
  });

  test('closing twice, and a query afterwards', async () => {
    const own = await open(db.url, home.env);
    await Promise.all([own.close(), own.close()]);
    await expect(own.query('SELECT 1')).rejects.toThrow('The session was used after close().');
  });

  test('a backend that is ended, idle or at work, is an error and no crash', async () => {
    for (const atWork of [true, false]) {
      await using own = await open(db.url, home.env);
      const [me] = await own.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const running = atWork ? userErrorOf(own.query('SELECT pg_sleep(30)')) : undefined;
      await sleep(50);
      await session.query('SELECT pg_terminate_backend($1)', [me?.pid]);
      await expectGone(me?.pid);
      await sleep(50);
      for (const error of [await running, await userErrorOf(own.query('SELECT 1')), await userErrorOf(own.describe('SELECT 1'))]) {
        if (error === undefined) continue;
        expect(error.id).toBe('connection-lost');
        expect(error.why).toBe('The server says: terminating connection due to administrator command.');
      }
    }
  });

  test('a server that stops midway', async () => {
    const server: PrivateCluster = await startCluster();
    const own = await open(`postgresql://${server.user}:${server.password}@${server.host}:${server.port}/postgres`, home.env);
    const running = userErrorOf(own.query('SELECT pg_sleep(30)'));
    await sleep(50);
    await server.stop();
    expect((await running).id).toBe('connection-lost');
    expect((await userErrorOf(own.query('SELECT 1'))).id).toBe('connection-lost');
    expect((await userErrorOf(own.cancel())).id).toBe('cancel-failed');
    await own.close();
  });

  async function expectGone(pid: number | undefined): Promise<void> {
    await expect.poll(() => session.query('SELECT 1 AS there FROM pg_stat_activity WHERE pid = $1', [pid]), { timeout: 5000 }).toEqual([]);
  }
});

test('a role of a strange name and a database of one', async () => {
  const name = `${uniqueName('t')} "ü'\\ %`;
  const quoted = `"${name.replaceAll('"', '""')}"`;
  await administer(db.cluster, `CREATE DATABASE ${quoted}`);
  const { host, port, user, password } = db.cluster;
  await using own = await open(`postgresql://${user}:${password}@${host}:${port}/${encodeURIComponent(name)}`, home.env);
  expect(await own.query('SELECT current_database() AS name')).toEqual([{ name }]);
  await own.close();
  await administer(db.cluster, `DROP DATABASE ${quoted} WITH (FORCE)`);
});
