import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
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
    const session = await open(db.url);
    await expect(apply(db, session, undefined, [10])).rejects.toMatchObject({
      id: 'lock-not-available',
      message: 'Nothing was applied: foreign table s.one failed: canceling statement due to lock timeout',
    });
    await session.close();
    expect(await objects(db)).toBe(4);
  });
});
