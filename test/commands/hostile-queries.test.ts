import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../servers/index.ts';
import { fdw, temporaryFolder, type Outcome } from './fdw.ts';

interface Report {
  readonly queries: readonly { readonly name: string; readonly verdict: string; readonly error: { readonly message: string; readonly line: number | null; readonly column: number | null } | null }[];
}

let db: TestDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  db = await createDatabase();
  await db.query(`
    CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid');
    CREATE FOREIGN TABLE t (id int, note text) SERVER s;
    CREATE TABLE kept (id int, note text); INSERT INTO kept VALUES (1, 'as it was'); CREATE SEQUENCE counted;
    CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO kept VALUES (2, 'written'); RETURN 1; END $$;
    CREATE FUNCTION lies() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN writes(); END $$;
    CREATE FUNCTION lies_too() RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('counted'); END $$;
    CREATE FUNCTION turns() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', 'nowhere', false); RETURN 1; END $$;
    CREATE PROCEDURE does() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO kept VALUES (3, 'called'); END $$`);
});
afterAll(async () => {
  await db.drop();
  await folder[Symbol.asyncDispose]();
});

/** All that a query could have changed. */
const world = (): Promise<unknown> => db.query(`
  SELECT (SELECT json_agg(k ORDER BY id) FROM kept k) AS kept, (SELECT row(last_value, is_called)::text FROM counted) AS counted,
    (SELECT json_agg(row(oid, relname, relkind) ORDER BY oid) FROM pg_class WHERE oid >= 16384) AS classes, (SELECT count(*)::int FROM pg_proc) AS functions,
    (SELECT json_agg(spcname) FROM pg_tablespace) AS tablespaces, (SELECT count(*)::int FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) AS settings,
    (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'fdw/%') AS sessions`);

const check = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> => fdw(['check-pushdown', '--database', db.url, '--quiet', ...args], { cwd: folder.path, env });

/** Per statement its place, and its verdict or error. */
async function judged(...args: readonly string[]): Promise<readonly string[]> {
  const before = await world();
  const { code, stdout, stderr } = await check(['--json', ...args]);
  expect(stderr).toBe('');
  const { queries } = JSON.parse(stdout) as Report;
  expect(code).toBe(queries.some(({ error }) => error !== null) ? 1 : 0);
  expect(await world()).toEqual(before);
  return queries.map(({ name, verdict, error }) => (error === null ? `${name} ${verdict}` : `${name} ${error.line}:${error.column} ${error.message}`));
}

const write = async (name: string, text: string | Buffer): Promise<string> => {
  await writeFile(join(folder.path, name), text);
  return name;
};

/** Statements, each in a file of its own with a good one below it, and what is said of it. */
const statements: readonly (readonly [sql: string, said: string])[] = [
  ["COPY kept FROM PROGRAM 'touch /tmp/never'", '1:1 COPY is not judged'],
  ["COPY (DELETE FROM kept RETURNING 1) TO '/tmp/never'", '1:1 COPY is not judged'],
  ['DO $$ BEGIN DELETE FROM kept; END $$', '1:1 DO is not judged'],
  ['SET search_path = nowhere', '1:1 SET is not judged'],
  ['BEGIN', '1:1 BEGIN is not judged'],
  ['COMMIT', '1:1 COMMIT is not judged'],
  ['EXPLAIN ANALYZE DELETE FROM kept', '1:1 EXPLAIN is not judged'],
  ['CREATE TABLE more AS SELECT * FROM kept', '1:1 CREATE TABLE is not judged'],
  ['SELECT * INTO more FROM kept', 'no-foreign'],
  ['CALL does()', '1:1 CALL is not judged'],
  ['EXECUTE something', '1:1 EXECUTE is not judged'],
  ['WITH gone AS (DELETE FROM kept RETURNING id) SELECT * FROM gone', 'no-foreign'],
  ['SELECT lies() FROM t', '1:1 cannot execute INSERT in a read-only transaction'],
  ['SELECT lies_too()', '1:1 cannot execute nextval() in a read-only transaction'],
  ["SELECT id FROM t WHERE turns() = 1", 'full'],
  ['SELECT writes()', 'no-foreign'],
  ['\\c postgres', '1:1 `\\c` is a command of psql, not SQL'],
  ['\\set id 5', '1:1 `\\set` is a command of psql, not SQL'],
  ["\\copy kept FROM '/etc/passwd'", '1:1 `\\copy` is a command of psql, not SQL'],
  ["SELECT 'DROP TABLE kept' \\gexec", '1:26 `\\gexec;` is a command of psql, not SQL'],
  ['\\! touch /tmp/never', '1:1 `\\!` is a command of psql, not SQL'],
  ['SELECT id FROM t WHERE id = :id', '1:29 :id is a parameter of psql or of a driver, which PostgreSQL does not know'],
  ["SELECT id FROM t WHERE note = :'note'", "1:31 :'note' is a parameter of psql or of a driver, which PostgreSQL does not know"],
  ['SELECT id FROM t WHERE (id = 1', '1:1 a parenthesis of this statement is never closed'],
  ['SELECT id \0 FROM t', '1:11 a NUL byte cannot stand in SQL'],
  ["SELECT id FROM t WHERE note = 'a\0b'", '1:33 a NUL byte cannot stand in SQL'],
  ['SELECT /* \0 */ id FROM t', '1:11 a NUL byte cannot stand in SQL'],
  ['SELECT "i\0d" FROM t', '1:10 a NUL byte cannot stand in SQL'],
  ["SELECT id FROM t WHERE note = 'never closed", '1:31 a quote or comment that starts here never ends'],
  ['SELECT $x$ never closed', '1:8 a quote or comment that starts here never ends'],
  ['SELECT /* never closed', '1:8 a quote or comment that starts here never ends'],
  ['SELECT "never closed', '1:8 a quote or comment that starts here never ends'],
  ['}{ 😀', '1:1 😀 is not judged'],
];

describe('statements that must not run, or are none', () => {
  let answers: readonly string[] = [];
  beforeAll(async () => {
    const files = await Promise.all(statements.map(([sql], index) => write(`one-${index}.sql`, `${sql};\nSELECT id FROM t WHERE id = 7;\n`)));
    answers = await judged(...files);
  });

  test.each(statements.map(([sql, said], index) => ({ sql, said, file: `one-${index}.sql` })))('$sql', ({ said, file }) => {
    const [first, ...others] = answers.filter((answer) => answer.startsWith(`${file}:`));
    expect(first).toContain(said);
    expect(others).toEqual([`${file}:2 full`]);
  });

  test('a second statement behind the first is one of its own', async () => {
    expect(await judged(await write('two.sql', 'SELECT 1; DROP TABLE kept; SELECT id FROM t'))).toEqual([
      'two.sql:1 no-foreign', expect.stringContaining('two.sql:1 1:11 DROP TABLE is not judged'), 'two.sql:1 full',
    ]);
  });
});

describe('files that are none', () => {
  test('each is told, and the others are judged', async () => {
    const good = await write('good.sql', 'SELECT id FROM t;');
    await mkdir(join(folder.path, 'a folder.sql'), { recursive: true });
    await promisify(execFile)('mkfifo', [join(folder.path, 'pipe.sql')]);
    await symlink('/dev/zero', join(folder.path, 'zero.sql'));
    await write('binary.sql', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe, 0, 0x80]));
    await write('utf16.sql', Buffer.from('\ufeffSELECT 1;', 'utf16le'));
    await write('latin1.sql', Buffer.from("SELECT id FROM t;\n-- Grüße\nSELECT id FROM t WHERE note = 'Größe';\nSELECT id FROM t;", 'latin1'));
    await write('replaced.sql', "SELECT id FROM t WHERE note = '\ufffd';");
    await write('huge.sql', Buffer.alloc(65 * 1024 * 1024, 0x20));
    await write('locked.sql', 'SELECT 1');
    await chmod(join(folder.path, 'locked.sql'), 0);
    const locked = process.getuid?.() === 0 ? 'locked.sql:1 no-foreign' : 'locked.sql 1:1 the file cannot be read: there is no permission to read it';
    expect(await judged('a folder.sql', 'pipe.sql', 'zero.sql', 'binary.sql', 'utf16.sql', 'latin1.sql', 'replaced.sql', 'huge.sql', 'locked.sql', good)).toEqual([
      'a folder.sql 1:1 the file cannot be read: it is a folder',
      'pipe.sql 1:1 the file cannot be read: it is a pipe that nobody writes into',
      'zero.sql 1:1 the file cannot be read: it is a device',
      'binary.sql 1:1 the file cannot be read: it is no text',
      'utf16.sql 1:1 the file cannot be read: it is UTF-16',
      'latin1.sql:1 full', 'latin1.sql:3 3:34 this is not UTF-8', 'latin1.sql:4 full',
      'replaced.sql:1 full',
      'huge.sql 1:1 the file cannot be read: it has more than 64 MB',
      locked,
      'good.sql:1 full',
    ]);
    const { code, stdout, stderr } = await check(['a folder.sql', 'binary.sql', 'latin1.sql']);
    expect({ code, stdout, stderr }).toMatchSnapshot();
  }, 30_000);

  test('pipes with a writer, byte order marks, CRLF', async () => {
    await write('mark.sql', '\ufeffSELECT id FROM t;\r\n\r\n-- fdw: name=second\r\nSELECT nosuch\r\nFROM t;\r\n');
    expect(await judged('mark.sql')).toEqual(['mark.sql:1 full', 'second 4:8 column "nosuch" does not exist']);
    const { stdout } = await promisify(execFile)('bash', ['-c', `"$0" bin/run.js check-pushdown --quiet --json --database "$1" <(sleep 0.5; echo 'SELECT id FROM t;'; sleep 0.2; echo 'SELECT 1')`, process.execPath, db.url]);
    expect((JSON.parse(stdout) as Report).queries.map(({ verdict }) => verdict)).toEqual(['full', 'no-foreign']);
  });

  test('a file that is named twice, or also by a pattern, is judged once', async () => {
    await write('twice.sql', 'SELECT id FROM t;\n');
    expect(await judged('twice.sql', './twice.sql', 'twice.s*')).toEqual(['twice.sql:1 full']);
  });

  test.each([['empty.sql', ''], ['comments.sql', '-- nothing\n/* at all */ ;;;\n'], ['mark only.sql', '\ufeff']])('%s has nothing to check, unless another file has', async (name, text) => {
    const { code, stdout, stderr } = await check([await write(name, text)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('There is no query in what was given.');
    expect(await judged(name, await write('good.sql', 'SELECT id FROM t'))).toEqual(['good.sql:1 full']);
  });
});

describe('very much of it', () => {
  test('a million statements, in less than a gigabyte', async () => {
    const file = await write('million.sql', `${'SET x = 1;\n'.repeat(1_000_000)}SELECT id FROM t;\n`);
    const { code, stdout, stderr } = await check(['--output', 'sarif=million.sarif', '--format', 'github', file], { NODE_OPTIONS: '--max-old-space-size=1000' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.split('\n').slice(-3)).toEqual(['999990 errors left out: GitHub shows 10 of a level per step.', '1000001 queries: 1 full, 1000000 not judged.', '']);
    const { runs: [run] } = JSON.parse(await readFile(join(folder.path, 'million.sarif'), 'utf8')) as { readonly runs: readonly [{ readonly results: readonly object[]; readonly invocations: unknown }] };
    expect(run.results).toHaveLength(25_000);
    expect(JSON.stringify(run.invocations)).toContain('975000 results of 1000000 left out: code scanning takes 25000.');
  }, 150_000);

  test('finished verdicts take little', async () => {
    const file = await write('valid.sql', Array.from({ length: 40_000 }, (_, index) => `SELECT ${index};\n`).join(''));
    const { code, stdout, stderr } = await check(['--format', 'github', file], { NODE_OPTIONS: '--max-old-space-size=70' });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '40000 queries: 40000 no-foreign.\n', stderr: '' });
  }, 120_000);

  test('more than there is memory for is said, and no trace of Node', async () => {
    const file = await write('crowd.sql', 'x;\n'.repeat(600_000));
    const { code, stdout, stderr } = await check([file], { NODE_OPTIONS: '--max-old-space-size=150' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.replaceAll(/\d+/gu, 'N')).toMatchInlineSnapshot(`
      "Error: There is more to remember than memory for it.
        Node lets fdw have N MB.
        → Ask for less at once, or give it more:
          NODE_OPTIONS=--max-old-space-size=N.
      "
    `);
  }, 60_000);

  test('very deep, and 10 MB of one statement', async () => {
    const list = Array.from({ length: 1_300_000 }, (_, index) => index).join(',');
    const parentheses = await write('parentheses.sql', `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)};\nSELECT id FROM t;\n`);
    const operators = await write('operators.sql', `SELECT 1 ${'+ 1 '.repeat(40_000)};\nSELECT id FROM t;\n`);
    const large = await write('large.sql', `SELECT id FROM t WHERE id IN (${list});\nSELECT id FROM t;\n`);
    expect(await judged(parentheses, operators, large)).toEqual([
      expect.stringContaining('memory exhausted at or near'), 'parentheses.sql:2 full',
      expect.stringContaining('stack depth limit exceeded'), 'operators.sql:2 full',
      'large.sql:1 full', 'large.sql:2 full',
    ]);
  }, 150_000);
});
