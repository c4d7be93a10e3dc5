import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { openLocalDatabase } from '../../src/flows/local-database.ts';
import { type SessionPool, sessionPool } from '../../src/flows/session-pool.ts';
import type { Session } from '../../src/postgres/session.ts';
import { ident } from '../../src/sql/quote.ts';
import { administer, createDatabase, uniqueName } from '../servers/index.ts';

const jobs = Array.from({ length: 9 }, (_, index) => index);

/** Which process of the database did the job. */
async function backend(session: Session): Promise<number> {
  const [row] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep(0.02)');
  return row?.pid ?? 0;
}

async function withPool<T>(database: string, use: (pool: SessionPool) => Promise<T>): Promise<T> {
  const { signal } = new AbortController();
  const pool = sessionPool(await openLocalDatabase({ flag: database, spec: undefined, env: {}, signal }), signal);
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

describe('jobs over sessions', () => {
  test('come back in order, so many at once, over as many sessions, which are used again', async () => {
    await using database = await createDatabase();
    await withPool(database.url, async (pool) => {
      let [now, most] = [0, 0];
      const run = async (limit: number): Promise<readonly (readonly [number, number])[]> => pool.each(jobs, limit, async (session, job) => {
        most = Math.max(most, ++now);
        const pid = await backend(session);
        now -= 1;
        return { result: [job, pid] as const, stuck: false };
      });
      const first = await run(3);
      expect(first.map(([job]) => job)).toEqual(jobs);
      expect(most).toBe(3);
      const pids = new Set(first.map(([, pid]) => pid));
      expect(pids.size).toBe(3);
      const again = await run(2);
      expect(again.every(([, pid]) => pids.has(pid))).toBe(true);
    });
    expect(await database.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'fdw/%'")).toEqual([]);
  });

  test('a session that is stuck is closed, and another takes its place', async () => {
    await using database = await createDatabase();
    const pids = await withPool(database.url, async (pool) => pool.each(jobs, 1, async (session, job) => ({ result: await backend(session), stuck: job === 2 || job === 5 })));
    expect([pids.slice(0, 3), pids.slice(3, 6), pids.slice(6)].map((same) => new Set(same).size)).toEqual([1, 1, 1]);
    expect(new Set(pids).size).toBe(3);
  });

  test('a role that may have one connection gets along with it', async () => {
    await using database = await createDatabase();
    const role = uniqueName('single');
    await administer(database.cluster, `CREATE ROLE ${ident(role)} LOGIN PASSWORD 'x' CONNECTION LIMIT 1`);
    try {
      const pids = await withPool(database.urlFor({ user: role, password: 'x' }), async (pool) => pool.each(jobs, 4, async (session) => ({ result: await backend(session), stuck: false })));
      expect([pids.length, new Set(pids).size]).toEqual([9, 1]);
    } finally {
      await administer(database.cluster, `DROP ROLE ${ident(role)}`);
    }
  });

  test('the first that fails ends it, and no further one is begun', async () => {
    await using database = await createDatabase();
    const begun: number[] = [];
    await expect(withPool(database.url, async (pool) => pool.each(jobs, 2, async (session, job) => {
      begun.push(job);
      await backend(session);
      if (job === 1) throw new UserError('broken', 'It broke.');
      return { result: job, stuck: false };
    }))).rejects.toMatchObject({ id: 'broken' });
    expect(Math.max(...begun)).toBeLessThan(4);
  });
});
