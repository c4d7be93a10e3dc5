import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { literal } from '../../src/sql/quote.ts';
import { cluster, createDatabase, type TestDatabase } from '../servers/index.ts';
import { fdw, temporaryFolder } from './fdw.ts';

let local: TestDatabase;
let remote: TestDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

const seconds = 120;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'tmp'));
  [local, remote] = [await createDatabase(), await createDatabase()];
  const { host, port, user, password } = cluster();
  // What is called while a statement is planned is IMMUTABLE; what is called while it runs is not.
  await remote.query(`
    CREATE TABLE rows AS SELECT generate_series(1, 10) AS id;
    CREATE FUNCTION planned() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(${seconds}); RETURN 1; END';
    CREATE VIEW slow_to_run AS SELECT id FROM rows WHERE pg_sleep(${seconds}) IS NOT NULL; CREATE VIEW slow_to_plan AS SELECT id FROM rows WHERE planned() = 1`);
  await local.query(`
    CREATE EXTENSION postgres_fdw; CREATE EXTENSION citext;
    CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ${literal(host)}, port ${literal(String(port))}, dbname ${literal(remote.name)});
    CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user ${literal(user)}, password ${literal(password)});
    CREATE FOREIGN TABLE t (id int, handle citext) SERVER s OPTIONS (table_name 'rows'); CREATE FOREIGN TABLE slow_to_run (id int) SERVER s; CREATE FOREIGN TABLE slow_to_plan (id int) SERVER s;
    CREATE FUNCTION planned() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(${seconds}); RETURN 1; END';
    CREATE FUNCTION over_copies() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM pg_class WHERE relnamespace = pg_my_temp_schema()) THEN PERFORM pg_sleep(${seconds}); END IF; RETURN 1; END $$`);
  await writeFile(join(folder.path, 'many.sql'), 'SELECT id FROM t WHERE id = planned();\n'.repeat(40));
});
afterAll(async () => {
  await local.drop();
  await remote.drop();
  await folder[Symbol.asyncDispose]();
});

/** All that is there of fdw and of what it has had done. */
async function left(): Promise<object> {
  const [found] = await local.query<Record<string, number>>(`
    SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE datname IN (${literal(local.name)}, ${literal(remote.name)}) AND application_name ~ '^(fdw/|postgres_fdw)') AS sessions,
      (SELECT count(*)::int FROM pg_foreign_server) AS servers, (SELECT count(*)::int FROM pg_class WHERE relname ~ '^fdw_') AS copies, (SELECT count(*)::int FROM pg_prepared_xacts) AS transactions`);
  return { ...found, files: await readdir(join(folder.path, 'tmp')) };
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const run = (args: readonly string[], signal: NodeJS.Signals, ready: () => Promise<void>) =>
  fdw([...args, '--quiet'], { cwd: folder.path, env: { TMPDIR: join(folder.path, 'tmp'), FDW_DATABASE_URL: args.includes('--offline') ? undefined : local.url }, started: (kill) => void ready().then(() => { kill(signal); }) });

test.each([
  { stage: 'planning', args: ['check-pushdown', '--query', 'SELECT id FROM t WHERE id = planned()'], where: "query LIKE 'EXPLAIN%'" },
  { stage: 'planning over several connections', args: ['check-pushdown', 'many.sql'], where: "query LIKE 'EXPLAIN%'", sessions: 4 },
  { stage: 'trying a remedy on copies', args: ['check-pushdown', '--query', "SELECT id FROM t WHERE handle = 'h' AND id = over_copies()"], where: "query LIKE '%pg_temp.%'" },
  { stage: 'running on the remote, --analyze', args: ['check-pushdown', '--analyze', '--query', 'SELECT id FROM slow_to_run'], where: "query LIKE 'FETCH%'" },
  { stage: 'running on the remote, fdw explain', args: ['explain', '--analyze', 'SELECT id FROM slow_to_run'], where: "query LIKE 'FETCH%'" },
  { stage: 'planning on the remote, --remote', args: ['check-pushdown', '--remote', '--query', 'SELECT id FROM slow_to_plan'], where: "query LIKE 'EXPLAIN%' AND application_name = 'postgres_fdw'" },
])('Ctrl-C leaves nothing behind: $stage', async ({ args, where, sessions = 1 }) => {
  const before = await left();
  let seen = 0;
  const ready = () => until(async () => {
    const [row] = await local.query<{ count: number }>(`SELECT count(*)::int FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state = 'active' AND datname IN (${literal(local.name)}, ${literal(remote.name)}) AND ${where}`);
    seen = row?.count ?? 0;
    return seen >= sessions;
  });
  const started = performance.now();
  const { code, stdout, stderr } = await run(args, 'SIGINT', ready);
  expect(seen).toBeGreaterThanOrEqual(sessions);
  expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: '', stderr: expect.stringContaining('Interrupted.') as string });
  await until(async () => JSON.stringify(await left()) === JSON.stringify(before));
  expect(await left()).toEqual(before);
  expect(performance.now() - started).toBeLessThan(40_000);
}, 60_000);

test('a scratch PostgreSQL, and what it plans, is gone after SIGTERM', async () => {
  await writeFile(join(folder.path, 'schema.sql'), `
    CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid'); CREATE FOREIGN TABLE public.t (id int) SERVER s;
    CREATE FUNCTION public.planned() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(${seconds}); RETURN 1; END';`);
  // At whatever it is by then: mostly it plans.
  const ready = () => new Promise<void>((resolve) => setTimeout(resolve, 5000));
  const { code } = await run(['check-pushdown', '--offline', '--schema', 'schema.sql', 'many.sql'], 'SIGTERM', ready);
  expect(code).toBe(130);
  expect(await readdir(join(folder.path, 'tmp'))).toEqual([]);
}, 60_000);
