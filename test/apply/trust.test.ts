import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { UserError } from '../../src/base/user-error.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { diff } from '../../src/diff/diff.ts';
import { Secret } from '../../src/base/secret.ts';
import type { DatabaseState, ForeignTable } from '../../src/model/objects.ts';
import { textOptions } from '../../src/model/option.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { connect } from '../../src/postgres/connect.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import type { Session } from '../../src/postgres/session.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { startProxy } from './proxy.ts';

const table = (name: string): ForeignTable => ({
  kind: 'foreign-table',
  schema: 's',
  name,
  server: 'far',
  options: textOptions([['table_name', name]]),
  columns: [{ name: 'a', type: 'integer', notNull: false, collation: undefined, default: undefined, generated: undefined, options: [] }],
});
const desired: DatabaseState = {
  extensions: [{ kind: 'extension', name: 'postgres_fdw', schema: undefined, version: undefined }],
  wrappers: [],
  servers: [{ kind: 'server', name: 'far', wrapper: 'postgres_fdw', type: undefined, version: undefined, options: [] }],
  userMappings: [
    { kind: 'user-mapping', server: 'far', role: { kind: 'public' }, options: [{ name: 'password', value: { kind: 'reference', reference: { source: 'env', name: 'PW' } } }] },
  ],
  schemas: [{ kind: 'schema', name: 's' }],
  types: [],
  foreignTables: [table('one'), table('two')],
};
const reveal = () => new Secret('hunter2');
const open = async (url: string): Promise<Session> => connect(await resolveTarget(url, {}), { applicationName: 'test' });

/** Plans and applies on `session`; what became of it, and how many of the seven objects are there afterwards. */
async function apply(db: TestDatabase, session: Session, progress: (step: string) => void = () => undefined, retryAfter: readonly number[] = []) {
  const actual = await readCatalog(session, { schemas: ['s'] });
  const identity = { name: db.name, host: '', port: 0, user: '', versionNum: session.facts.versionNum, chosenBy: '' };
  const plan = makePlan(identity, desired, actual, diff(desired, actual, reveal));
  return applyPlan(session, plan, {
    reveal,
    readActual: async () => readCatalog(session, { schemas: ['s'] }),
    reconnect: async () => open(db.url),
    remoteDifferences: undefined,
    tryMapping: undefined,
    progress,
    limits: { wait: 0, lockTimeout: 200, statementTimeout: 30_000 },
    retryAfter,
    signal: new AbortController().signal,
  });
}

/** Ends a backend, and returns when it is gone. (pg_terminate_backend can wait itself, but looks only every 100 ms.) */
async function end(db: TestDatabase, pid: number | undefined): Promise<void> {
  await db.query('SELECT pg_terminate_backend($1)', [pid]);
  await expect.poll(() => db.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid]), { interval: 5, timeout: 5000 }).toEqual([]);
}

const presence = `SELECT (SELECT count(*) FROM pg_extension WHERE extname = 'postgres_fdw') + (SELECT count(*) FROM pg_namespace WHERE nspname = 's')
  + (SELECT count(*) FROM pg_foreign_server) + (SELECT count(*) FROM pg_user_mapping) + (SELECT count(*) FROM pg_foreign_table) AS objects`;
async function objects(db: TestDatabase): Promise<number> {
  const [row] = await db.query<{ objects: string }>(presence);
  return Number(row?.objects);
}

/** The session, which calls `strike` before each of its statements. */
function struck(session: Session, strike: () => Promise<void>): Session {
  return new Proxy(session, {
    get: (target, key: keyof Session) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]): Promise<unknown> => {
        if (key === 'query' || key === 'queryOne' || key === 'copyIn') await strike();
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
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
