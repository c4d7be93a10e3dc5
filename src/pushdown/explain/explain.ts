import { DatabaseError, PipelineError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import { readPlan } from '../plan/node.ts';
import type { PlanNode } from '../plan/node.ts';
import type { PlanMode } from '../types.ts';
import { sampleValues } from './sample-values.ts';

/** How statements are EXPLAINed. */
export interface ExplainOptions {
  /** The role that the statements will run as; undefined: the session's. */
  readonly role: string | undefined;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  /** What tells what this session makes for the moment from what another one of the run makes; undefined: there is none. */
  readonly job?: string | undefined;
  /** How a statement with parameters is planned; undefined: as a generic plan. */
  readonly mode?: PlanMode | undefined;
}

/** Planner settings for one EXPLAIN: names of settings to values. */
export type PlannerSettings = Readonly<Record<string, string>>;

/** An error of the server, with its place in the statement. */
export interface ExplainError {
  readonly message: string;
  readonly hint: string | undefined;
  /** In characters (code points) from 0; undefined: the server gave none. */
  readonly position: number | undefined;
  readonly sqlstate: string;
  /** A remote said so, when the planner asked it (`use_remote_estimate`). */
  readonly remote: boolean;
}

/** A plan, with the types of the statement's parameters as SQL; or why there is none. */
export type Explained = { readonly plan: PlanNode; readonly parameterTypes: readonly string[] } | { readonly error: ExplainError };

/**
 * The plan of one statement. It is not executed: EXPLAIN without ANALYZE, as the only statement of an
 * extended-protocol message, in a READ ONLY transaction that is rolled back (it takes EXPLAIN of a write too:
 * ExecCheckXactReadOnly is passed over for EXPLAIN, src/backend/executor/execMain.c, 14 to 18).
 *
 * @param parameters the highest `$n` in it; with any, the plan of `options.mode` is asked for
 * @param settings of the planner, for this plan
 */
export async function explain(
  session: Session,
  sql: string,
  parameters: number,
  options: ExplainOptions,
  settings: PlannerSettings = {},
): Promise<Explained> {
  if (parameters === 0) {
    const [answer] = await explainInFlight(session, [sql], options, settings, () => undefined);
    if (answer === undefined) throw new TypeError('EXPLAIN gave no answer');
    return answer;
  }
  await session.query(openTransaction(options).join('; '));
  try {
    return await attempt(session, sql, parameters, settings, options.mode);
  } finally {
    await endPrepared(session);
  }
}

/**
 * The generic plan of a statement with parameters, and its custom plan where it has the first: in one transaction, so that it takes half as
 * many round trips as `explain` for each, and with a savepoint, to which the first one is rolled back.
 */
export async function explainBothPlans(session: Session, sql: string, options: ExplainOptions): Promise<{ readonly explained: Explained; readonly custom: Explained | undefined }> {
  await session.query([...openTransaction(options), savepoint].join('; '));
  try {
    const types = await prepare(session, sql);
    if ('error' in types) return { explained: types, custom: undefined };
    const explained = await guarded(undefined, () => unknownPlan(session, sql, types));
    if ('error' in explained) return { explained, custom: undefined };
    await session.query(backToSavepoint);
    return { explained, custom: await guarded(undefined, async () => planIn(await customPlan(session, types), types)) };
  } finally {
    await endPrepared(session);
  }
}

/** What is prepared outlives a rollback. */
async function endPrepared(session: Session): Promise<void> {
  await session.query('ROLLBACK; DEALLOCATE ALL');
}

const savepoint = 'SAVEPOINT fdw_explain';
const backToSavepoint = 'ROLLBACK TO SAVEPOINT fdw_explain';

/**
 * The plans of statements without parameters, up to and with the first that has none: all are sent at once, in one
 * transaction as `explain` has it, in which each is rolled back to a savepoint, so that nothing that the planner calls leaves anything to
 * the next one: no setting, no lock, no change (and a subtransaction can never make it READ WRITE, check_transaction_read_only in
 * src/backend/commands/variable.c, 14 to 18).
 *
 * @param answered called after each plan, as it arrives
 * @returns fewer than there are statements when one, the last answer, has an error: the server has passed over those after it
 */
export async function explainInFlight(
  session: Session,
  statements: readonly string[],
  options: ExplainOptions,
  settings: PlannerSettings,
  answered: () => void,
): Promise<readonly Explained[]> {
  const opening = [...openTransaction(options), ...settingStatements(settings), ...(statements.length > 1 ? [savepoint] : [])];
  const groups = statements.map((sql, index) => [...(index === 0 ? opening : []), explainPrefix + sql, index < statements.length - 1 ? backToSavepoint : 'ROLLBACK']);
  const plans: Explained[] = [];
  try {
    await session.pipelineGroups(groups, (rows) => {
      plans.push(planOf(rows[plans.length === 0 ? opening.length : 0]?.[0]?.[0]));
      answered();
    });
    return plans;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const isOfExplain = error.at === plans.length * 2 + opening.length;
    const refused = isOfExplain ? refusal(error.cause, explainPrefix) : undefined;
    if (error.cause instanceof DatabaseError) await session.query('ROLLBACK');
    if (refused === undefined) throw error.cause;
    answered();
    return [...plans, refused];
  }
}

const explainPrefix = 'EXPLAIN (VERBOSE, FORMAT JSON) ';

const prepared = 'fdw_check_pushdown';

/** The limits of a transaction for EXPLAIN. */
export function transactionSettings(options: ExplainOptions): readonly string[] {
  return [`SET LOCAL statement_timeout = ${options.statementTimeoutMs}`, `SET LOCAL lock_timeout = ${options.lockTimeoutMs}`];
}

/** The statements that open a transaction for EXPLAIN. */
export function openTransaction(options: ExplainOptions): readonly string[] {
  return ['BEGIN READ ONLY', ...transactionSettings(options), ...(options.role === undefined ? [] : [`SET LOCAL ROLE ${ident(options.role)}`])];
}

function settingStatements(settings: PlannerSettings): readonly string[] {
  return Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = ${value}`);
}

/** The plan of one statement, in a transaction that is open. After an error it is aborted. */
export async function attempt(session: Session, sql: string, parameters: number, settings: PlannerSettings, mode: PlanMode = 'generic'): Promise<Explained> {
  const set = settingStatements(settings);
  if (parameters > 0) return explainPrepared(session, sql, set, mode);
  return guarded(explainPrefix, async () => {
    if (set.length > 0) await session.query(set.join('; '));
    return planIn(await session.queryOne(explainPrefix + sql));
  });
}

/** A plan of a statement with parameters. */
async function explainPrepared(session: Session, sql: string, set: readonly string[], mode: PlanMode): Promise<Explained> {
  return guarded(undefined, async () => {
    if (set.length > 0) await session.query(set.join('; '));
    const types = await prepare(session, sql);
    if ('error' in types) return types;
    return mode === 'custom' ? planIn(await customPlan(session, types), types) : unknownPlan(session, sql, types);
  });
}

/** Prepares a statement: PREPARE takes exactly one, and finds the types of its parameters. An error of what is done with it has no place in the user's text. */
async function prepare(session: Session, sql: string): Promise<readonly string[] | { readonly error: ExplainError }> {
  const prefix = `PREPARE ${prepared} AS `;
  let types: readonly string[] = [];
  return guarded(prefix, async () => {
    try {
      await session.pipelineGroups([[prefix + sql, `SELECT unnest(parameter_types)::text FROM pg_catalog.pg_prepared_statements WHERE name = '${prepared}'`]], ([, rows = []]) => {
        types = rows.map(([type]) => type ?? '');
      });
    } catch (error) {
      throw error instanceof PipelineError ? error.cause : error;
    }
    return types;
  });
}

/** The plan with the parameters unknown. */
async function unknownPlan(session: Session, sql: string, types: readonly string[]): Promise<Explained> {
  return session.facts.versionNum >= 160000 ? planIn(await genericPlan(session, sql), types) : executedPlan(session, types);
}

/**
 * EXPLAIN (GENERIC_PLAN), 16 and later (postgresql.org/docs/16/sql-explain.html). By the simple protocol: the
 * extended one would want values for the parameters. PREPARE has just taken the text as one statement.
 */
function genericPlan(session: Session, sql: string): Promise<readonly Record<string, unknown>[]> {
  return session.query(`EXPLAIN (GENERIC_PLAN, VERBOSE, FORMAT JSON) ${sql}`);
}

/**
 * Up to 15: EXPLAIN EXECUTE with NULLs. What they prune when the executor starts is planned for all the same, so the
 * plan is then asked for without pruning.
 */
async function executedPlan(session: Session, types: readonly string[]): Promise<Explained> {
  await session.query('SET LOCAL plan_cache_mode = force_generic_plan');
  const values = types.map(() => 'NULL');
  const pruned = planIn(await executePlan(session, values), types);
  if (!('plan' in pruned) || !isPruned(pruned.plan)) return pruned;
  await session.query('SET LOCAL enable_partition_pruning = off');
  // A change of this setting does not make a cached plan anew.
  await session.query('DISCARD PLANS');
  return planIn(await executePlan(session, values), types);
}

/**
 * The plan for values: such that no condition is decided by them, as it would be by NULL. What the planner computes beforehand
 * may refuse one, `$1::text::int`, and so may a domain: then others are tried.
 */
async function customPlan(session: Session, types: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const [first, ...others] = await sampleValues(session, types);
  await session.query(`SET LOCAL plan_cache_mode = force_custom_plan; SAVEPOINT ${valuesSavepoint}`);
  try {
    return await executePlan(session, first);
  } catch (error) {
    if (!isOfValue(error)) throw error;
    for (const values of others) {
      await session.query(`ROLLBACK TO SAVEPOINT ${valuesSavepoint}`);
      const plan = await executePlan(session, values).catch((again: unknown) => {
        if (!isOfValue(again)) throw again;
        return undefined;
      });
      if (plan !== undefined) return plan;
    }
    // What the most ordinary values lead to tells most.
    throw error;
  }
}

const valuesSavepoint = 'fdw_values';

/** Class 22, data exception, and a domain's check. */
function isOfValue(error: unknown): boolean {
  return error instanceof DatabaseError && (error.sqlstate.startsWith('22') || error.sqlstate === '23514');
}

function executePlan(session: Session, values: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  return session.queryOne(`EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE ${prepared}${values.length === 0 ? '' : `(${values.join(', ')})`}`);
}

function isPruned(plan: PlanNode): boolean {
  return plan.subplansRemoved > 0 || plan.children.some(isPruned);
}

function planIn(rows: readonly Record<string, unknown>[], types: readonly string[] = []): Explained {
  return planOf(rows[0]?.['QUERY PLAN'], types);
}

function planOf(answer: unknown, types: readonly string[] = []): Explained {
  return { plan: readPlan(answer), parameterTypes: types };
}

async function guarded<T>(prefix: string | undefined, run: () => Promise<T>): Promise<T | { readonly error: ExplainError }> {
  try {
    return await run();
  } catch (error) {
    const refused = refusal(error, prefix);
    if (refused === undefined) throw error;
    return refused;
  }
}

/**
 * What the server says against a statement; undefined where the error is not about it.
 * @param prefix what was sent before the user's text; undefined: something else was sent
 */
function refusal(error: unknown, prefix: string | undefined): { readonly error: ExplainError } | undefined {
  if (!(error instanceof DatabaseError) || !isAnswer(error)) return undefined;
  const position = error.position === undefined || prefix === undefined ? undefined : error.position - 1 - prefix.length;
  return {
    error: {
      message: error.message,
      hint: error.hint ?? error.detail,
      position: position !== undefined && position >= 0 ? position : undefined,
      sqlstate: error.sqlstate,
      // CONTEXT of pgfdw_report_error (contrib/postgres_fdw/connection.c, 14 to 18).
      remote: error.where?.includes('remote SQL command: ') === true,
    },
  };
}

/** Class 57 but for a time limit is about the connection, not about the statement. Class 08 is about a remote that the planner asks. */
function isAnswer(error: DatabaseError): boolean {
  return error.sqlstate === '57014' || !error.sqlstate.startsWith('57');
}
