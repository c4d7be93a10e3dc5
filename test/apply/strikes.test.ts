import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import type { Session } from '../../src/postgres/session.ts';
import { fdw, type Outcome, temporaryFolder } from '../commands/fdw.ts';
import { createDatabase, majors, type PrivateCluster, startCluster, type TestDatabase } from '../servers/index.ts';
import { startProxy } from './proxy.ts';
import { apply, applyByTwos, objects, open, struck } from './small-plan.ts';

/** What changes something, in a plan's transaction; striking at what only reads is left to one kind of strike. */
const changing = /^(CREATE|ALTER|COPY|DO|TRUNCATE|COMMIT)/;

/** Works once the server takes connections again. */
async function afterRecovery<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries > 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** How many of the plan's servers, user mappings and tables are there. */
async function left(db: TestDatabase): Promise<number | undefined> {
  return afterRecovery(async () => {
    const client = await db.connect();
    const { rows } = await client.query<{ n: number }>('SELECT (SELECT count(*)::int FROM pg_foreign_server) + (SELECT count(*)::int FROM pg_user_mapping) + (SELECT count(*)::int FROM pg_foreign_table) AS n');
    await client.end();
    return rows[0]?.n;
  });
}

/** A statement of `session` that changes something is struck at, the one of that number. @returns how many there were */
function strikeAt(session: Session, at: number, strike: () => Promise<void>): { readonly session: Session; readonly count: () => number } {
  let count = 0;
  const watched = struck(session, async (sql) => {
    if (!changing.test(sql)) return;
    count += 1;
    if (count === at) await strike();
  });
  return { session: watched, count: () => count };
}

/** The ways to strike a server that `own` is. SIGKILL of a backend makes the postmaster end all others as well. */
const strikes = [
  { what: 'a backend is killed (SIGKILL), and all others with it', pidOf: 'SELECT pg_backend_pid()::text AS pid', signal: 'SIGKILL', restart: false },
  { what: 'the server is killed (SIGKILL) and started again', pidOf: "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid", signal: 'SIGKILL', restart: true },
  { what: 'the server is shut down at once (SIGQUIT) and started again', pidOf: "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid", signal: 'SIGQUIT', restart: true },
] as const;

/**
 * Applies again and again, struck at its first changing statement, its second and so on, until there is none left to strike at.
 * @param check what an apply that was struck has left
 * @returns how the one that nothing struck ended, and how many changing statements it had
 */
async function struckAtEach(own: PrivateCluster, db: TestDatabase, { pidOf, signal, restart }: (typeof strikes)[number], applying: (session: Session) => Promise<unknown>, check: (outcome: unknown, at: number) => Promise<void>): Promise<{ readonly outcome: unknown; readonly statements: number }> {
  for (let at = 1; ; at += 1) {
    const plain = await afterRecovery(() => open(db.url));
    const [row] = await plain.query<{ pid: string }>(pidOf);
    const { session, count } = strikeAt(plain, at, async () => {
      process.kill(Number(row?.pid), signal);
      // Backends whose postmaster is gone take a moment to see it, and hold its memory until then.
      if (restart) await afterRecovery(() => own.restart());
    });
    const outcome: unknown = await applying(session).catch((error: unknown) => error);
    await plain.close();
    if (count() < at) return { outcome, statements: count() };
    expect(outcome, `struck at statement ${at}`).toBeInstanceOf(UserError);
    await check(outcome, at);
  }
}

describe('an apply whose server is struck', () => {
  it.each(strikes)('is all or nothing at every changing statement: $what', async (strike) => {
    await using own = await startCluster({ settings: { synchronous_commit: 'on' } });
    await using db = await createDatabase(own);
    const { outcome, statements } = await struckAtEach(own, db, strike, async (session) => apply(db, session), async (struckOutcome, at) => {
      expect(await left(db), `struck at statement ${at}: ${String(struckOutcome)}`).toBe(0);
    });
    expect(outcome).toMatchObject({ statements: 6 });
    expect(await left(db)).toBe(4);
    expect(statements).toBeGreaterThan(10); // There were that many statements to strike at.
  });

  it.each(strikes.slice(0, 2))('in steps, ends between two of them at every changing statement, says after which, and can go on: $what', async (strike) => {
    await using own = await startCluster({ settings: { synchronous_commit: 'on' } });
    await using db = await createDatabase(own);
    const ends = new Set<number>();
    await struckAtEach(own, db, strike, async (session) => applyByTwos(db, session), async (outcome, at) => void ends.add(await endOf(db, outcome, at)));
    expect(await left(db)).toBe(4);
    expect([...ends]).toEqual([0, 2]);
  });
});

/** Where an apply in steps that was struck has ended; it goes on from there, and all is taken away for the next one. */
async function endOf(db: TestDatabase, outcome: unknown, at: number): Promise<number> {
  expect(outcome, `struck at statement ${at}`).toBeInstanceOf(UserError);
  const made = await left(db);
  // Schema and extension, server and user mapping, the two tables.
  const said = /^Steps? 1(?: to (\d))? of 3/.exec((outcome as UserError).message);
  expect(made, `struck at statement ${at}: ${String(outcome)}`).toBe(said?.[1] === '2' ? 2 : 0);
  // The postmaster may see late that a backend was killed: what was let in until then is thrown out.
  await afterRecovery(async () => {
    const again = await open(db.url);
    await applyByTwos(db, again).finally(() => again.close());
  });
  expect(await left(db)).toBe(4);
  const cleaner = await open(db.url);
  await cleaner.query('DROP SERVER far CASCADE; DROP EXTENSION postgres_fdw; DROP SCHEMA s');
  await cleaner.close();
  return made ?? -1;
}

describe('an apply whose connection is cut', () => {
  it('is all or nothing, at whatever message', async () => {
    await using db = await createDatabase();
    const proxy = await startProxy(db.cluster);
    for (let at = 1; ; at += 1) {
      const session = await open(db.url.replace(`:${db.cluster.port}/`, `:${proxy.port}/`));
      let count = 0;
      proxy.judge = (message) => {
        count += 1;
        return count === at && !message.includes('COMMIT\0') ? 'cut before' : 'pass';
      };
      const outcome: unknown = await apply(db, session).catch((error: unknown) => error);
      await session.close();
      if (!(outcome instanceof UserError)) {
        // Either the cut was due at COMMIT, which another test is about, or there was nothing left to cut.
        expect(await objects(db)).toBe(6);
        expect(count).toBeGreaterThan(20);
        break;
      }
      await expect.poll(() => objects(db), { interval: 5, timeout: 5000 }).toBe(0);
    }
    await proxy.close();
  });

  it('in steps, ends between two of them at every changing statement, says after which, and can go on', async () => {
    await using db = await createDatabase();
    const proxy = await startProxy(db.cluster);
    const ends = new Set<number>();
    for (let at = 1; ; at += 1) {
      let cut = false;
      proxy.judge = () => (cut ? 'cut before' : 'pass');
      const plain = await open(db.url.replace(`:${db.cluster.port}/`, `:${proxy.port}/`));
      const { session, count } = strikeAt(plain, at, async () => {
        cut = true;
        return Promise.resolve();
      });
      const outcome: unknown = await applyByTwos(db, session).catch((error: unknown) => error);
      await plain.close();
      if (count() < at) break;
      await expect.poll(() => db.query("SELECT FROM pg_stat_activity WHERE application_name = 'test' AND datname = current_database()"), { interval: 5, timeout: 5000 }).toEqual([]);
      ends.add(await endOf(db, outcome, at));
    }
    expect([...ends]).toEqual([0, 2]);
    await proxy.close();
  });
});

const spec = `version: 1
extensions: [postgres_fdw]
servers:
  far:
    options: {host: nowhere.invalid}
    user_mappings: {public: {user: x, password: {env: PW}}}
tables:
  s.one: {server: far, columns: {a: int}}
  s.two: {server: far, columns: {a: int}}
`;

/** A folder with a spec, and the command line run there. */
async function desk(db: TestDatabase) {
  const folder = await temporaryFolder();
  const write = async (text: string): Promise<void> => writeFile(join(folder.path, 'fdw.yaml'), text);
  await write(spec);
  return {
    write,
    run: (args: readonly string[], url = db.url, started?: (kill: (signal: NodeJS.Signals) => void) => void): Promise<Outcome> =>
      fdw(args, { cwd: folder.path, env: { FDW_DATABASE_URL: url, PW: 'geheim' }, ...(started === undefined ? {} : { started }) }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** How many statements of `--batch` lie between two strikes: each costs the start of a process. FDW_STRIKES=1 strikes at all of them. */
const everyNth = Number(process.env['FDW_STRIKES'] ?? 7);
const newest = majors().at(-1) ?? 18;

const present = async (db: TestDatabase): Promise<readonly unknown[]> =>
  (await db.query("SELECT srvname AS name FROM pg_foreign_server UNION ALL SELECT ftrelid::regclass::text FROM pg_foreign_table UNION ALL SELECT nspname FROM pg_namespace WHERE nspname = 's' UNION ALL SELECT 'mapping' FROM pg_user_mapping ORDER BY 1")).map(({ name }) => name);
const everything = ['far', 'mapping', 's', 's.one', 's.two'];

describe('the command line', () => {
  it('killed (SIGKILL) at any changing statement leaves all or nothing', async () => {
    await using db = await createDatabase();
    await using at = await desk(db);
    const proxy = await startProxy(db.cluster);
    const url = db.url.replace(`:${db.cluster.port}/`, `:${proxy.port}/`);
    expect((await at.run(['plan', '--out', 'fdw.plan', '--quiet'])).code).toBe(0);
    for (let strike = 1; ; strike += 1) {
      let kill: (signal: NodeJS.Signals) => void = () => undefined;
      let begun = false;
      let count = 0;
      proxy.judge = (message) => {
        begun ||= message.includes('BEGIN ISOLATION LEVEL READ COMMITTED');
        if (begun && /\0(CREATE|ALTER|COPY|DO)|^Q....(COPY|COMMIT)/s.test(message)) count += 1;
        if (count !== strike) return 'pass';
        kill('SIGKILL');
        return 'pass';
      };
      const outcome = await at.run(['apply', 'fdw.plan', '--yes', '--quiet', '--no-verify'], url, (how) => (kill = how));
      if (count < strike) {
        expect(outcome.stderr).toBe('');
        expect(await present(db)).toEqual(everything);
        expect(count).toBeGreaterThan(7);
        break;
      }
      expect(outcome.code).toBe(null);
      await expect.poll(() => db.query("SELECT FROM pg_stat_activity WHERE application_name LIKE 'fdw/%' AND datname = current_database()"), { interval: 10, timeout: 5000 }).toEqual([]);
      const made = await present(db);
      if (made.length > 0) {
        // COMMIT got through before the kill: then it is all.
        expect(made).toEqual(everything);
        break;
      }
    }
    await proxy.close();
  });

  it(`killed (SIGKILL) at ${everyNth === 1 ? 'any' : `every ${everyNth}th`} changing statement of --batch keeps whole steps, and the same command goes on`, async () => {
    // As small a lock table as there is: a few steps of some thirty tables each.
    await using own = await startCluster({ settings: { max_connections: 6, superuser_reserved_connections: 0, max_locks_per_transaction: 10, max_prepared_transactions: 0, max_wal_senders: 0, max_worker_processes: 0, autovacuum_max_workers: 1, ...(newest < 18 ? {} : { autovacuum_worker_slots: 1 }) } });
    await using db = await createDatabase(own);
    await using at = await desk(db);
    const tables = 80;
    await at.write(`${spec.split('tables:')[0]}tables:\n${Array.from({ length: tables }, (_, index) => `  s.t${index}: {server: far, columns: {a: int}}`).join('\n')}\n`);
    const proxy = await startProxy(db.cluster);
    const url = db.url.replace(`:${db.cluster.port}/`, `:${proxy.port}/`);
    expect((await at.run(['plan', '--out', 'fdw.plan', '--quiet'])).code).toBe(0);
    const tablesThere = async (): Promise<number> => Number((await db.query<{ n: string }>('SELECT count(*) AS n FROM pg_foreign_table'))[0]?.n);
    /** Statements of steps that are done, and what these have made. */
    let done = { statements: 0, tables: 0 };
    const ends = new Set<number>();
    for (let target = 1 + (Date.now() % everyNth); ; target += everyNth) {
      let kill: (signal: NodeJS.Signals) => void = () => undefined;
      let begun = false;
      let struck = false;
      let now = { ...done };
      proxy.judge = (message) => {
        begun ||= message.includes('BEGIN ISOLATION LEVEL READ COMMITTED');
        // What it had not sent yet when it was killed, nobody gets.
        if (struck || !begun || !/\0(CREATE|ALTER|COPY|DO)|^Q....(COPY|COMMIT)/s.test(message)) return struck ? 'cut before' : 'pass';
        now = { statements: now.statements + 1, tables: now.tables + (message.includes('CREATE FOREIGN TABLE') ? 1 : 0) };
        if (now.statements >= target) {
          struck = true;
          kill('SIGKILL');
          return 'cut before';
        }
        if (message.includes('COMMIT\0')) done = now; // Not the ON COMMIT of a table.
        return 'pass';
      };
      const outcome = await at.run(['apply', 'fdw.plan', '--batch', '--yes', '--quiet', '--no-verify'], url, (how) => (kill = how));
      if (!struck) {
        expect(outcome).toMatchObject({ code: 0, stderr: '' });
        break;
      }
      expect(outcome.code, `struck at statement ${target}`).toBe(null);
      await expect.poll(() => db.query("SELECT FROM pg_stat_activity WHERE application_name LIKE 'fdw/%' AND datname = current_database()"), { interval: 10, timeout: 5000 }).toEqual([]);
      expect(await tablesThere(), `struck at statement ${target}`).toBe(done.tables);
      ends.add(done.tables);
    }
    expect(await tablesThere()).toBe(tables);
    expect(ends.size).toBeGreaterThan(2); // Before the first step, and after some of them.
    expect(JSON.parse((await at.run(['plan', '--json'])).stdout)).toMatchObject({ changes: [] });
    await proxy.close();
  }, 60_000 + 900_000 / everyNth);

  it('started twice at once: one applies, the other one waits for it and finds nothing to do as planned', async () => {
    await using db = await createDatabase();
    await using at = await desk(db);
    // Slow enough that both have planned before one is done.
    await db.query(`CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.4); END $$;
      CREATE EVENT TRIGGER slow ON ddl_command_end WHEN TAG IN ('CREATE FOREIGN TABLE') EXECUTE FUNCTION slow()`);
    expect((await at.run(['plan', '--out', 'fdw.plan', '--quiet'])).code).toBe(0);
    const apply = ['apply', 'fdw.plan', '--yes', '--json', '--no-verify', '--wait', '1min'];
    const outcomes = await Promise.all([at.run(apply), at.run(apply)]);
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1]);
    const loser = outcomes.find(({ code }) => code === 1);
    expect(JSON.parse(loser?.stdout ?? '')).toMatchObject({ error: { id: 'plan-stale', why: expect.stringContaining('Nothing is left to do: another apply may have been quicker.') as string } });
    expect(loser?.stderr).toMatch(/waiting for another apply to end: backend \d+ \(role postgres, application fdw\//);
    expect(await present(db)).toEqual(everything);
  });
});
