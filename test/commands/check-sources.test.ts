import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, startCluster } from '../servers/index.ts';
import { fdw, temporaryFolder } from './fdw.ts';
import { shop } from './shop.ts';

const run = promisify(execFile);

interface Report { readonly queries: readonly { readonly name: string; readonly file: string | null; readonly verdict: string; readonly ignored: readonly object[]; readonly error: { readonly message: string } | null }[]; readonly warnings: readonly { readonly message: string }[] }

const read = (stdout: string): Report => JSON.parse(stdout) as Report;

let at: Awaited<ReturnType<typeof shop>>;
beforeAll(async () => {
  at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
});
afterAll(async () => {
  await at[Symbol.asyncDispose]();
});

test('--changed-since takes the files that a branch changes: new, renamed and uncommitted ones, and all when the spec does', async () => {
  const git = (...args: readonly string[]) => run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: at.folder });
  const judged = async (...args: readonly string[]): Promise<readonly (string | null)[]> => {
    const { stdout, stderr, code } = await at.run(['check-pushdown', '--quiet', '--json', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return read(stdout).queries.map(({ file }) => file).sort();
  };
  const outside = await at.run(['check-pushdown', '--query', 'SELECT 1', '--quiet', '--changed-since', 'main']);
  expect({ code: outside.code, stderr: outside.stderr }).toMatchSnapshot();
  await mkdir(join(at.folder, 'q'));
  const sql = 'SELECT id FROM shop.orders;\n';
  for (const name of ['kept', 'edited', 'moved', 'gone']) await writeFile(join(at.folder, 'q', `${name}.sql`), sql);
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-qm', 'first');
  await git('checkout', '-qb', 'work');
  const nothing = await at.run(['check-pushdown', '--json', 'q/*.sql', '--changed-since', 'main']);
  expect(read(nothing.stdout).queries).toEqual([]);
  expect(nothing.stderr).toContain('No file with queries has changed since main.');
  await writeFile(join(at.folder, 'q', 'edited.sql'), `${sql}${sql}`);
  await git('commit', '-qam', 'second');
  await rename(join(at.folder, 'q', 'moved.sql'), join(at.folder, 'q', 'here now.sql'));
  await rm(join(at.folder, 'q', 'gone.sql'));
  await writeFile(join(at.folder, 'q', 'new.sql'), sql);
  expect(await judged('q/*.sql', '--changed-since', 'main')).toEqual(['q/edited.sql', 'q/edited.sql', 'q/here now.sql', 'q/new.sql']);
  expect(await judged('q/*.sql', '--changed-since', 'HEAD', '--query', 'SELECT 1')).toEqual(['q/here now.sql', 'q/new.sql', null].sort());
  for (const revision of ['nowhere', '--output=x']) {
    const { code, stderr } = await at.run(['check-pushdown', 'q/*.sql', '--quiet', `--changed-since=${revision}`]);
    expect({ code, stderr }).toMatchSnapshot();
  }
  await at.writeSpec();
  await writeFile(join(at.folder, 'fdw.yaml'), `# touched\nversion: 1\n`);
  expect(await judged('q/*.sql', '--changed-since', 'main')).toHaveLength(5);
}, 60_000);

test('what a query ignores is not objected to, and told when it is idle', async () => {
  const check = async (text: string, ...args: readonly string[]) => {
    await writeFile(join(at.folder, 'a.sql'), text);
    return at.run(['check-pushdown', 'a.sql', '--quiet', '--fail-on', 'blocked', ...args]);
  };
  const sql = 'SELECT DISTINCT customer_id FROM shop.orders;\n';
  expect((await check(sql)).code).toBe(2);
  const ignoring = `-- fdw: name=mine ignore=distinct because there are three customers\n${sql}`;
  const human = await check(ignoring, '--output', 'github=github.txt', '--output', 'sarif=out.sarif', '--output', 'json=out.json', '--format', 'text');
  const written = (file: string): Promise<string> => readFile(join(at.folder, file), 'utf8');
  expect({ code: human.code, stderr: human.stderr }).toEqual({ code: 0, stderr: '' });
  expect(human.stdout).toContain('ignored, distinct: there are three customers');
  expect(await written('github.txt')).toBe('1 query: 1 none.\n');
  expect(await written('out.sarif')).toContain('"justification": "there are three customers"');
  expect(read(await written('out.json')).queries[0]?.ignored).toEqual([{ id: 'distinct', because: 'there are three customers' }]);
  const idle = await check('-- fdw: ignore=window because why not\nSELECT id FROM shop.orders;\n');
  expect({ code: idle.code, stderr: idle.stderr }).toMatchSnapshot();
  const wrong = await check(['ignore=distnct because x', 'ignore=distinct', 'ignore=distinct,windo because x'].map((ignore) => `-- fdw: name=mine ${ignore}\n${sql}`).join(''));
  expect({ code: wrong.code, stdout: wrong.stdout }).toMatchSnapshot();
});

test('so does a check in the spec', async () => {
  await at.writeSpec();
  const spec = await readFile(join(at.folder, 'fdw.yaml'), 'utf8');
  const check = async (ignore: string) => {
    await writeFile(join(at.folder, 'fdw.yaml'), `${spec}pushdown: {checks: [{name: mine, sql: SELECT DISTINCT customer_id FROM shop.orders, ${ignore}}]}\n`);
    return at.run(['check-pushdown', '--quiet', '--fail-on', 'blocked']);
  };
  expect((await check('ignore: ~')).code).toBe(2);
  const taken = await check('ignore: {distinct: there are three customers}');
  expect({ code: taken.code, stderr: taken.stderr }).toEqual({ code: 0, stderr: '' });
  expect(taken.stdout).toContain('ignored, distinct: there are three customers');
  const idle = await check('ignore: {distinct: few, window: none of them}');
  expect({ code: idle.code, stderr: idle.stderr }).toMatchSnapshot();
});

test('--from-stat-statements judges what the database spends its time on', async () => {
  await using cluster = await startCluster({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
  await using db = await createDatabase(cluster);
  await using folder = await temporaryFolder();
  const check = (...args: readonly string[]) => fdw(['check-pushdown', '--quiet', '--database', db.url, '--from-stat-statements', ...args], { cwd: folder.path });
  const missing = await check();
  expect({ code: missing.code, stderr: missing.stderr }).toMatchSnapshot();
  await db.query(`
    CREATE EXTENSION pg_stat_statements; CREATE EXTENSION postgres_fdw; CREATE SCHEMA shop; CREATE SCHEMA elsewhere;
    ALTER EXTENSION pg_stat_statements SET SCHEMA elsewhere;
    CREATE TABLE behind (id bigint PRIMARY KEY, at timestamptz, note text);
    CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${cluster.internalHost}', port '${cluster.internalPort}', dbname '${db.name}');
    CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS (user '${cluster.user}', password '${cluster.password}');
    CREATE FOREIGN TABLE shop.orders (id bigint, at timestamptz, note text) SERVER shop OPTIONS (schema_name 'public', table_name 'behind');`);
  await db.query('SELECT elsewhere.pg_stat_statements_reset()');
  // A statement of its own each, so that the server keeps each by itself.
  await db.query("SELECT count(*) FROM shop.orders WHERE id = 5 AND note = 'x'");
  await db.query("SELECT id FROM shop.orders WHERE at > now() - interval '1 day'");
  await db.query('ANALYZE behind');
  const { code, stdout, stderr } = await check('--json');
  const { queries } = read(stdout);
  const foreign = queries.filter(({ verdict }) => verdict !== 'no-foreign');
  expect(foreign.map(({ verdict, error }) => [verdict, error?.message]).sort()).toEqual([['full', undefined], ['none', undefined]]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(foreign.every(({ name, file }) => /^queryid -?\d+$/.test(name) && file === null)).toBe(true);
  expect(read((await check('--json', '--top', '1')).stdout).queries).toHaveLength(1);
  // A role that may not see them is told which grant it lacks.
  await db.query("CREATE ROLE nosy LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA elsewhere, shop TO nosy");
  const url = new URL(db.url);
  url.username = 'nosy';
  url.password = 'x';
  const nosy = await fdw(['check-pushdown', '--quiet', '--database', url.href, '--from-stat-statements', '--json'], { cwd: folder.path });
  expect(nosy.code === 1 ? nosy.stdout : read(nosy.stdout).warnings[0]?.message).toMatch(/may not see the statements of others|statements of other roles cannot be seen by nosy/);
}, 60_000);
