import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import { readPlan } from '../plan/node.ts';
import type { PlanNode } from '../plan/node.ts';

/** How statements are EXPLAINed. */
export interface ExplainOptions {
  /** The role that the statements will run as; undefined: the session's. */
  readonly role: string | undefined;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

/** Planner settings for one EXPLAIN: names of settings to values. */
export type PlannerSettings = Readonly<Record<string, string>>;

/** An error of the server, with its place in the statement. */
export interface ExplainError {
  readonly message: string;
  readonly hint: string | undefined;
  /** In characters (code points) from 0; undefined: the server gave none. */
  readonly position: number | undefined;
}

export type Explained = { readonly plan: PlanNode } | { readonly error: ExplainError };

/**
 * The plan of one statement. It is not executed: EXPLAIN without ANALYZE, as the only statement of an
 * extended-protocol message, in a READ ONLY transaction that is rolled back (it takes EXPLAIN of a write too:
 * ExecCheckXactReadOnly is passed over for EXPLAIN, src/backend/executor/execMain.c, 14 to 18).
 *
 * @param parameters the highest `$n` in it; with any, the generic plan is asked for
 * @param settings of the planner, for this plan
 */
export async function explain(
  session: Session,
  sql: string,
  parameters: number,
  options: ExplainOptions,
  settings: PlannerSettings = {},
): Promise<Explained> {
  await session.query(openTransaction(options));
  try {
    return await attempt(session, sql, parameters, settings);
  } finally {
    await session.query('ROLLBACK');
    // What is prepared outlives a rollback.
    if (parameters > 0) await session.query('DEALLOCATE ALL');
  }
}

const prepared = 'fdw_check_pushdown';

/** The limits of a transaction for EXPLAIN. */
export function transactionSettings(options: ExplainOptions): readonly string[] {
  return [`SET LOCAL statement_timeout = ${options.statementTimeoutMs}`, `SET LOCAL lock_timeout = ${options.lockTimeoutMs}`];
}

/** The statements that open a transaction for EXPLAIN. */
export function openTransaction(options: ExplainOptions): string {
  return [
    'BEGIN READ ONLY',
    ...transactionSettings(options),
    ...(options.role === undefined ? [] : [`SET LOCAL ROLE ${ident(options.role)}`]),
  ].join('; ');
}

/** The plan of one statement, in a transaction that is open. After an error it is aborted. */
export async function attempt(session: Session, sql: string, parameters: number, settings: PlannerSettings): Promise<Explained> {
  const set = Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = ${value}`);
  if (parameters > 0) return explainGeneric(session, sql, set);
  const prefix = 'EXPLAIN (VERBOSE, FORMAT JSON) ';
  return guarded(prefix, async () => {
    if (set.length > 0) await session.query(set.join('; '));
    return planOf(await session.queryOne(prefix + sql));
  });
}

/** The generic plan of a statement with parameters. PREPARE takes exactly one statement and finds the types. */
async function explainGeneric(session: Session, sql: string, set: readonly string[]): Promise<Explained> {
  const prefix = `PREPARE ${prepared} AS `;
  const flawed = await guarded(prefix, async () => {
    if (set.length > 0) await session.query(set.join('; '));
    await session.queryOne(prefix + sql);
    return undefined;
  });
  if (flawed !== undefined) return flawed;
  // An error from here on has no place in the user's text.
  return guarded(undefined, async () => {
    return planOf(await (session.facts.versionNum >= 160000 ? genericPlan(session, sql) : executedPlan(session)));
  });
}

/**
 * EXPLAIN (GENERIC_PLAN), 16 and later (postgresql.org/docs/16/sql-explain.html). By the simple protocol: the
 * extended one would want values for the parameters. PREPARE has just taken the text as one statement.
 */
function genericPlan(session: Session, sql: string): Promise<readonly Record<string, unknown>[]> {
  return session.query(`EXPLAIN (GENERIC_PLAN, VERBOSE, FORMAT JSON) ${sql}`);
}

/** Up to 15: EXPLAIN EXECUTE with NULLs; pruning is off, or it would prune by them when the executor starts. */
async function executedPlan(session: Session): Promise<readonly Record<string, unknown>[]> {
  await session.query('SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_partition_pruning = off');
  const [count] = await session.query<{ n: number }>(
    `SELECT cardinality(parameter_types) AS n FROM pg_catalog.pg_prepared_statements WHERE name = '${prepared}'`,
  );
  const values = Array.from({ length: count?.n ?? 0 }, () => 'NULL').join(', ');
  return session.queryOne(`EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE ${prepared}${values === '' ? '' : `(${values})`}`);
}

function planOf(rows: readonly Record<string, unknown>[]): Explained {
  return { plan: readPlan(rows[0]?.['QUERY PLAN']) };
}

async function guarded<T>(prefix: string | undefined, run: () => Promise<T>): Promise<T | { readonly error: ExplainError }> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DatabaseError) || !isAnswer(error)) throw error;
    const position = error.position === undefined || prefix === undefined ? undefined : error.position - 1 - prefix.length;
    return {
      error: {
        message: error.message,
        hint: error.hint ?? error.detail,
        position: position !== undefined && position >= 0 ? position : undefined,
      },
    };
  }
}

/** Class 57 but for a time limit, and class 08, are about the connection, not about the statement. */
function isAnswer(error: DatabaseError): boolean {
  return error.sqlstate === '57014' || !(error.sqlstate.startsWith('57') || error.sqlstate.startsWith('08'));
}
