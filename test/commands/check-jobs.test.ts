import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ident } from '../../src/sql/quote.ts';
import { administer, createDatabase, type TestDatabase, uniqueName } from '../servers/index.ts';
import { fdw, temporaryFolder, type Outcome } from './fdw.ts';

/** Every one of them is asked about otherwise: reasons, options of a copied server, a view, parameters, errors, planning that takes its time. */
const shapes = [
  (k: number) => `SELECT id FROM t WHERE id = ${k}`,
  (k: number) => `SELECT id FROM t WHERE handle = 'h${k}'`,
  (k: number) => `SELECT DISTINCT note FROM t WHERE id > ${k}`,
  (k: number) => `SELECT id FROM seen WHERE coalesce(id, 7) > ${k}`,
  (k: number) => `SELECT id FROM t WHERE id = $1 AND made > now() - interval '${k} days'`,
  (k: number) => `SELECT nosuch${k} FROM t`,
  (k: number) => `SELECT id FROM t WHERE id = ${k} AND waits(0.05) = 1`,
];

let db: TestDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const role = uniqueName('few');

beforeAll(async () => {
  folder = await temporaryFolder();
  db = await createDatabase();
  await db.query(`
    CREATE EXTENSION postgres_fdw; CREATE EXTENSION citext; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid');
    CREATE FOREIGN TABLE t (id int, note text, handle citext, made timestamptz) SERVER s; CREATE VIEW seen AS SELECT id FROM t WHERE note <> '';
    CREATE FUNCTION waits(seconds float8) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(seconds); RETURN 1; END'`);
  await administer(db.cluster, `CREATE ROLE ${ident(role)} LOGIN PASSWORD 'x' CONNECTION LIMIT 1`);
  await db.query(`GRANT SELECT ON t, seen TO ${ident(role)}; CREATE USER MAPPING FOR PUBLIC SERVER s`);
  await writeFile(join(folder.path, 'q.sql'), Array.from({ length: 42 }, (_, index) => `${shapes[index % shapes.length]?.(index) ?? ''};\n`).join(''));
});
afterAll(async () => {
  await db.drop();
  await administer(db.cluster, `DROP ROLE ${ident(role)}`);
  await folder[Symbol.asyncDispose]();
});

/** The answer, and how many sessions there were at most. */
async function check(...args: readonly string[]): Promise<Outcome & { readonly sessions: number }> {
  let sessions = 0;
  let over = false;
  const watch = (async () => {
    while (!over) {
      const [row] = await db.query<{ count: number }>("SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'fdw/%'");
      sessions = Math.max(sessions, row?.count ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const outcome = await fdw(['check-pushdown', '--quiet', '--json', ...(args.includes('--database') ? [] : ['--database', db.url]), ...args, 'q.sql'], { cwd: folder.path });
  over = true;
  await watch;
  return { ...outcome, sessions };
}

test('the answer is the same, byte by byte, over any number of connections', async () => {
  const one = await check('--jobs', '1');
  expect({ code: one.code, stderr: one.stderr, sessions: one.sessions }).toEqual({ code: 1, stderr: '', sessions: 1 });
  const { summary } = JSON.parse(one.stdout) as { readonly summary: Record<string, number> };
  expect(summary).toMatchObject({ error: 6, full: 12 });
  for (const [args, most] of [[[], 4], [['--jobs', '3'], 3], [['--jobs', '64'], 6]] as const) {
    const several = await check(...args);
    expect(several.stdout === one.stdout, args.join(' ')).toBe(true);
    expect(several.sessions).toBeGreaterThan(1);
    expect(several.sessions).toBeLessThanOrEqual(most);
  }
}, 60_000);

test('a role that may have one connection only is judged over that', async () => {
  const url = db.urlFor({ user: role, password: 'x' });
  const [one, four] = [await check('--database', url, '--jobs', '1'), await check('--database', url)];
  expect(four).toEqual({ ...one, code: 1, stderr: '', sessions: 1 });
});

test('and so it is offline', async () => {
  await writeFile(join(folder.path, 'schema.sql'), `
    CREATE EXTENSION postgres_fdw; CREATE EXTENSION citext; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid');
    CREATE FOREIGN TABLE public.t (id int, note text, handle citext, made timestamptz) SERVER s; CREATE VIEW public.seen AS SELECT id FROM t WHERE note <> '';`);
  const offline = (jobs: string): Promise<Outcome> => fdw(['check-pushdown', '--offline', '--schema', 'schema.sql', '--quiet', '--json', '--jobs', jobs, 'q.sql'], { cwd: folder.path });
  const [one, three] = [await offline('1'), await offline('3')];
  expect({ code: one.code, stderr: one.stderr }).toEqual({ code: 1, stderr: '' });
  expect(three).toEqual(one);
}, 60_000);

test('and so it is where remotes are asked, also one that takes few connections, and queries executed', async () => {
  const remote = uniqueName('remote');
  await administer(db.cluster, `CREATE ROLE ${ident(remote)} LOGIN PASSWORD 'x' CONNECTION LIMIT 2`);
  const { internalHost, internalPort } = db.cluster;
  await db.query(`
    CREATE SERVER near FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${internalHost}', port '${internalPort}', dbname '${db.name}', keep_connections 'off');
    CREATE USER MAPPING FOR PUBLIC SERVER near OPTIONS (user '${remote}', password 'x');
    CREATE SCHEMA behind; GRANT USAGE ON SCHEMA behind TO ${ident(remote)};
    CREATE TABLE behind.items (id int PRIMARY KEY, note text); INSERT INTO behind.items SELECT g, 'note ' || g FROM generate_series(1, 20000) g; ANALYZE behind.items; GRANT SELECT ON behind.items TO ${ident(remote)};
    CREATE SCHEMA here; CREATE FOREIGN TABLE here.items (id int, note text, gone int) SERVER near OPTIONS (schema_name 'behind')`);
  const asked = [
    (k: number) => `SELECT id FROM here.items WHERE id = ${k}`,
    (k: number) => `SELECT id FROM here.items WHERE note = 'note ${k}'`,
    (k: number) => `SELECT gone FROM here.items WHERE id = ${k}`,
    (k: number) => `SELECT id FROM here.items WHERE id = $1 AND id > ${k}`,
  ];
  await writeFile(join(folder.path, 'r.sql'), Array.from({ length: 60 }, (_, index) => `${asked[index % asked.length]?.(index) ?? ''};\n`).join(''));
  const run = async (jobs: readonly string[], ...more: readonly string[]): Promise<Outcome> => {
    const { stdout, ...outcome } = await fdw(['check-pushdown', '--quiet', '--json', '--database', db.url, ...jobs, ...more, 'r.sql'], { cwd: folder.path });
    return { ...outcome, stdout: stdout.replaceAll(/"seconds": [\d.e-]+/g, '"seconds": 0') };
  };
  try {
    for (const extension of ['', 'CREATE EXTENSION dblink']) {
      await db.query(extension);
      const one = await run(['--jobs', '1'], '--remote', '--analyze');
      expect({ code: one.code, stderr: one.stderr }).toEqual({ code: 2, stderr: '' });
      expect(one.stdout.match(/"remote-sql-invalid"/g)).toHaveLength(15);
      expect(one.stdout.match(/"remote-seq-scan"/g) ?? []).toHaveLength(extension === '' ? 0 : 15);
      expect(await run(['--jobs', '4'], '--remote', '--analyze')).toEqual(one);
    }
  } finally {
    await db.query('DROP SERVER near CASCADE');
    await administer(db.cluster, `DROP OWNED BY ${ident(remote)}`).catch(() => undefined);
  }
}, 120_000);
