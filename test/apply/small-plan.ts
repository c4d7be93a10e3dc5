import { applyInSteps } from '../../src/apply/apply-in-steps.ts';
import { type ApplyContext, applyPlan } from '../../src/apply/apply-plan.ts';
import type { Applied } from '../../src/apply/transaction.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { diff } from '../../src/diff/diff.ts';
import { Secret } from '../../src/base/secret.ts';
import type { DatabaseState, ForeignTable } from '../../src/model/objects.ts';
import { textOptions } from '../../src/model/option.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Plan } from '../../src/plan/types.ts';
import { connect } from '../../src/postgres/connect.ts';
import { PipelineError } from '../../src/postgres/errors.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import type { Session } from '../../src/postgres/session.ts';
import type { TestDatabase } from '../servers/index.ts';

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
/** A connection to a URL. */
export const open = async (url: string): Promise<Session> => connect(await resolveTarget(url, {}), { applicationName: 'test' });

/** Plans and applies on `session`, as a whole. */
export async function apply(db: TestDatabase, session: Session, progress: (step: string) => void = () => undefined, retryAfter: readonly number[] = [], reconnect = async (): Promise<Session> => open(db.url)): Promise<Applied> {
  const plan = await planOn(db, session);
  return applyPlan(session, plan, contextOf(db, session, { progress, retryAfter, reconnect }));
}

/** The same in steps of two objects each. */
export async function applyByTwos(db: TestDatabase, session: Session): Promise<Applied> {
  const plan = await planOn(db, session);
  return applyInSteps(session, plan, contextOf(db, session), 2);
}

async function planOn(db: TestDatabase, session: Session): Promise<Plan> {
  const actual = await readCatalog(session, { schemas: ['s'] });
  const identity = { name: db.name, host: '', port: 0, user: '', versionNum: session.facts.versionNum, chosenBy: '' };
  return makePlan(identity, desired, actual, diff(desired, actual, reveal));
}

function contextOf(db: TestDatabase, session: Session, more: Partial<ApplyContext> = {}): ApplyContext {
  return {
    reveal,
    readActual: async () => readCatalog(session, { schemas: ['s'] }),
    readRebuilds: async () => Promise.resolve([]),
    reconnect: async () => open(db.url),
    remoteDifferences: undefined,
    tryMapping: undefined,
    progress: () => undefined,
    limits: { wait: 0, lockTimeout: 200, statementTimeout: 30_000 },
    retryAfter: [],
    signal: new AbortController().signal,
    ...more,
  };
}

const presence = `SELECT (SELECT count(*) FROM pg_extension WHERE extname = 'postgres_fdw') + (SELECT count(*) FROM pg_namespace WHERE nspname = 's')
  + (SELECT count(*) FROM pg_foreign_server) + (SELECT count(*) FROM pg_user_mapping) + (SELECT count(*) FROM pg_foreign_table) AS objects`;
/** How many of the objects of the plan are there. */
export async function objects(db: TestDatabase): Promise<number> {
  const [row] = await db.query<{ objects: string }>(presence);
  return Number(row?.objects);
}

/** The session, which calls `strike` before each of its statements; those of a pipeline go one by one. */
export function struck(session: Session, strike: (sql: string) => Promise<void>): Session {
  return new Proxy(session, {
    get: (target, key: keyof Session) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      if (key === 'pipeline') {
        return async (statements: readonly string[]): Promise<void> => {
          for (const [index, sql] of statements.entries()) {
            await strike(sql);
            await session.pipeline([sql]).catch((error: unknown) => {
              throw error instanceof PipelineError ? new PipelineError(index, error.cause) : error;
            });
          }
        };
      }
      return async (...args: unknown[]): Promise<unknown> => {
        if (key === 'query' || key === 'queryOne' || key === 'copyIn') await strike(String(args[0]));
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
}
