import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { ident } from '../../src/sql/quote.ts';
import { cluster, createDatabase, majors, type TestDatabase, uniqueName } from '../servers/index.ts';
import { startProxy } from './proxy.ts';
import { apply, objects, open, struck } from './small-plan.ts';

/** Ends a backend, and returns when it is gone. (pg_terminate_backend can wait itself, but looks only every 100 ms.) */
async function end(db: TestDatabase, pid: number | undefined): Promise<void> {
  await db.query('SELECT pg_terminate_backend($1)', [pid]);
  await expect.poll(() => db.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid]), { interval: 5, timeout: 5000 }).toEqual([]);
}

describe.each(majors().map((major) => ({ major })))('an apply that is struck, major $major', ({ major }) => {
  it('is all or nothing, at whatever statement its backend is ended', async () => {
    await using db = await createDatabase(cluster(major)); // One will do: what was struck leaves nothing.
    let count = 0;
    for (let at = 1; ; at += 1) {
      const session = await open(db.url);
      const [backend] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      count = 0;
      const outcome = await apply(db, struck(session, async () => {
        count += 1;
        if (count === at) await end(db, backend?.pid);
      })).catch((error: unknown) => error);
      await session.close();
      if (count < at) {
        expect(outcome).toMatchObject({ statements: 6, notices: [] });
        expect(await objects(db)).toBe(6);
        break;
      }
      expect(outcome, `struck at statement ${at}`).toBeInstanceOf(UserError);
      expect(await objects(db), `struck at statement ${at}: ${String(outcome)}`).toBe(0);
    }
    expect(count).toBeGreaterThan(20); // There were that many places to strike at.
  });

  it.each([
    { cut: 'cut before', id: 'apply-rolled-back', left: 0 },
    { cut: 'cut after', id: undefined, left: 6 },
  ] as const)('asks the server what became of a COMMIT when the connection is $cut it', async ({ cut, id, left }) => {
    await using db = await createDatabase(cluster(major));
    const proxy = await startProxy(db.cluster);
    proxy.judge = (message) => (message.includes('COMMIT\0') ? cut : 'pass');
    const session = await open(db.url.replace(`:${db.cluster.port}/`, `:${proxy.port}/`));
    const outcome = await apply(db, session).catch((error: unknown) => error);
    await session.close();
    await proxy.close();
    if (id === undefined) expect(outcome).toMatchObject({ statements: 6, notices: [] });
    else expect(outcome).toMatchObject({ id });
    expect(await objects(db)).toBe(left);
  });

  it('waits for a lock only so long, rolls back, and tries again', async () => {
    await using db = await createDatabase(cluster(major));
    await db.query('CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s; CREATE FOREIGN TABLE s.one (a bigint) SERVER far');
    const reader = await db.connect();
    await reader.query('BEGIN; EXPLAIN SELECT * FROM s.one'); // Holds the lock that a reader holds.
    const steps: string[] = [];
    const session = await open(db.url);
    const applied = await apply(db, session, (step) => {
      steps.push(step);
      if (steps.filter((each) => each.startsWith('a lock did not come')).length === 2) void reader.query('COMMIT');
    }, [100, 300, 300]);
    expect(applied.statements).toBe(3);
    expect(steps.filter((step) => step.startsWith('a lock'))).toEqual([
      'a lock did not come in time: all is rolled back, and tried again in 0.1 s',
      'a lock did not come in time: all is rolled back, and tried again in 0.3 s',
    ]);
    await session.close();
  });

  it('gives up on a lock in the end, and says how to find who holds it', async () => {
    await using db = await createDatabase(cluster(major));
    await db.query('CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s; CREATE FOREIGN TABLE s.one (a bigint) SERVER far');
    const reader = await db.connect();
    await reader.query('BEGIN; EXPLAIN SELECT * FROM s.one'); // Holds the lock that a reader holds.
    const [{ pid } = { pid: 0 }] = (await reader.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
    const session = await open(db.url);
    const steps: string[] = [];
    await expect(apply(db, session, (step) => steps.push(step), [10])).rejects.toMatchObject({
      id: 'lock-not-available',
      message: 'Nothing was applied: foreign table s.one failed: canceling statement due to lock timeout',
      why: expect.stringMatching(new RegExp(`^It waited for ACCESS EXCLUSIVE on s\\.one, held by backend ${pid} \\(role postgres, application \\w+, idle in transaction, in a transaction since [\\d:]+ \\(\\d+ s\\), last statement at [\\d:]+\\)\\. 2 tries of 0\\.2 s each did not get past it\\.$`)) as string,
      todo: `Look closer with SELECT * FROM pg_stat_activity WHERE pid IN (${pid}); to end it: SELECT pg_terminate_backend(${pid}); Then try again; or wait longer: --lock-timeout, --retries.`,
    });
    expect(steps.filter((step) => step.startsWith('waiting for ACCESS EXCLUSIVE on s.one, held by backend')).length).toBeGreaterThan(0);
    await session.close();
    expect(await objects(db)).toBe(4);
    // Whoever looked has gone.
    await expect.poll(() => db.query("SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test'"), { interval: 5, timeout: 5000 }).toEqual([]);
  });

  it('says what it may not see of who holds a lock: another role, a prepared transaction, and that nobody could look', async () => {
    await using db = await createDatabase(cluster(major));
    const [me, other] = [uniqueName('me'), uniqueName('other')];
    await db.query(`CREATE EXTENSION postgres_fdw; CREATE ROLE ${me} LOGIN PASSWORD 'x'; CREATE ROLE ${other} LOGIN PASSWORD 'x'; GRANT CREATE, TEMPORARY ON DATABASE ${ident(db.name)} TO ${me}; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${me};
      CREATE SCHEMA s AUTHORIZATION ${me}; SET ROLE ${me}; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE FOREIGN TABLE s.one (a bigint) SERVER far; GRANT USAGE ON SCHEMA s TO ${other}; GRANT SELECT ON s.one TO ${other}; RESET ROLE`);
    const url = db.urlFor({ user: me, password: 'x' });
    const why = async (unreachable = false): Promise<string> => {
      const session = await open(url);
      const error: unknown = await apply(db, session, undefined, [], unreachable ? async () => Promise.reject(new UserError('too-many', 'Too many clients already.')) : async () => open(url)).catch((thrown: unknown) => thrown);
      await session.close();
      expect(error).toMatchObject({ id: 'lock-not-available' });
      return (error as UserError).why ?? '';
    };
    const reader = await db.connect({ user: other, password: 'x' });
    await reader.query('BEGIN; EXPLAIN SELECT * FROM s.one');
    expect(await why()).toMatch(new RegExp(`held by backend \\d+ \\(role ${other}, application .+; this role may not see what it does\\)\\. One try`));
    expect(await why(true)).toBe('Another session holds a lock on it; which one could not be seen: Too many clients already. One try of 0.2 s did not get past it.');
    await reader.query('ROLLBACK');
    await db.query("BEGIN; EXPLAIN SELECT * FROM s.one; PREPARE TRANSACTION 'fdw_held'");
    try {
      expect(await why()).toMatch(/held by a prepared transaction\. One try/);
    } finally {
      await db.query("ROLLBACK PREPARED 'fdw_held'");
    }
    await db.query(`DROP OWNED BY ${me} CASCADE; DROP OWNED BY ${other}`);
  });
});
