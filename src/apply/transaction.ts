import { atMostEvery } from '../base/at-most-every.ts';
import { someOf } from '../base/some-of.ts';
import { UserError } from '../base/user-error.ts';
import { diff } from '../diff/diff.ts';
import { type Change, objectOf } from '../model/change.ts';
import type { MappingTrial } from '../model/mapping-trial.ts';
import type { Trial } from '../model/trial.ts';
import type { ActualState, DesiredState } from '../model/objects.ts';
import { withRenames } from '../model/renames.ts';
import type { Options } from '../model/option.ts';
import { addressOf } from '../plan/address.ts';
import { differences, fingerprintsOf } from '../plan/fingerprints.ts';
import { writesSecret } from '../plan/requirements.ts';
import type { Notice, Plan, PlannedChange } from '../plan/types.ts';
import { DatabaseError, isLockTimeout, PipelineError } from '../postgres/errors.ts';
import type { Session } from '../postgres/session.ts';
import { literal } from '../sql/quote.ts';
import { render, slots } from '../sql/statement.ts';
import { acquireApplyLock } from './apply-lock.ts';
import { commit } from './commit.ts';
import { type LockHeld, watchLocks } from './lock-watch.ts';
import { type ReadRebuilds, refuseStaleRebuilds, verifyRebuilds } from './rebuilt.ts';
import { type Reveal, runStatement } from './run-statement.ts';
import { addressOfTrial, tryMappings } from './try-mappings.ts';

/** Time limits of an apply, in milliseconds. */
export interface ApplyLimits {
  /** How long to wait for another apply on the same database; 0: not at all. */
  readonly wait: number;
  /** How long one statement waits for a lock; 0: without limit, as in PostgreSQL. */
  readonly lockTimeout: number;
  /** How long one statement may run; 0: without limit. */
  readonly statementTimeout: number;
}

/** A part of a plan that is carried out in one transaction. */
export interface Step {
  readonly changes: readonly PlannedChange[];
  /** Addresses of changes that earlier steps have made. */
  readonly done: ReadonlySet<string>;
  /** Addresses of changes that are left to later ones. */
  readonly later: ReadonlySet<string>;
}

/** A plan as a whole. */
export function wholePlan({ changes }: Plan): Step {
  return { changes, done: new Set(), later: new Set() };
}

/** What an apply did. */
export interface Applied {
  readonly changes: readonly PlannedChange[];
  readonly statements: number;
  /** What could not be checked, and why. */
  readonly notices: readonly Notice[];
}

export interface TransactionContext {
  readonly reveal: Reveal;
  /** Reads the objects that the plan names, inside the open transaction. */
  readonly readActual: () => Promise<ActualState>;
  /** Reads what it takes to make relations again, inside the open transaction. */
  readonly readRebuilds: ReadRebuilds;
  /** A further connection, to ask what became of a COMMIT whose answer was lost. */
  readonly reconnect: () => Promise<Session>;
  /** What has changed on the remotes since the plan was made, a line each; undefined: they are not looked at. */
  readonly remoteDifferences: (() => Promise<readonly string[]>) | undefined;
  /** Connects through a server as a user mapping says; undefined: user mappings are not tried. */
  readonly tryMapping: ((mapping: Trial) => Promise<MappingTrial>) | undefined;
  readonly progress: (step: string) => void;
  readonly limits: ApplyLimits;
  /** Called where a lock did not come, with who held it as far as could be seen. */
  readonly lockHeld?: (held: LockHeld | undefined) => void;
}

/**
 * Carries a plan, or a step of it, out in one transaction: all of it or nothing.
 *
 * Under an advisory lock, so that two applies never interleave; the catalogs are read first, and must be
 * what the plan was computed from; and read again at the end, and must be what it promised.
 * And every user mapping that was touched is tried before the commit.
 */
export async function runInTransaction(session: Session, plan: Plan, context: TransactionContext, step: Step): Promise<Applied> {
  let endWatch: ReturnType<typeof watchLocks> | undefined;
  // Not READ WRITE: who sets default_transaction_read_only for a role or a connection means it.
  await session.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  let applied: Applied;
  try {
    await acquireApplyLock(session, context.limits.wait, context.progress);
    endWatch = watchLocks(await setLimits(session, context.limits), { ...context, lockTimeout: context.limits.lockTimeout });
    await refuseStale(plan, context, step);
    await refuseStaleRebuilds(step.changes, context.readRebuilds);
    const statements = await runAll(session, step.changes, context);
    if (step.later.size === 0) await refuseMovedRemote(context);
    await verify(plan, context, step);
    await verifyRebuilds(step.changes, context.readRebuilds);
    applied = { changes: step.changes, statements, notices: await trial(plan, context, step) };
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
    const held = await endWatch?.();
    if (error instanceof UserError && isLockTimeout(error.cause)) context.lockHeld?.(held);
    throw error;
  }
  await endWatch();
  await commit(session, context.reconnect);
  return applied;
}

/** @returns the process id of the backend: of the transaction's own, also behind a pooler */
async function setLimits(session: Session, { lockTimeout, statementTimeout }: ApplyLimits): Promise<number> {
  const [row] = await session.query<{ pid: number }>(`SET LOCAL lock_timeout = ${literal(String(lockTimeout))}; SET LOCAL statement_timeout = ${literal(String(statementTimeout))}; SELECT pg_backend_pid() AS pid`);
  if (row === undefined) throw new Error('a query without FROM gives one row');
  return row.pid;
}

async function trial(plan: Plan, { tryMapping, progress }: TransactionContext, step: Step): Promise<readonly Notice[]> {
  if (tryMapping === undefined) return [];
  const now = new Set(step.changes.map(({ address }) => address));
  // In steps: once the last change that touches it is made.
  const due = plan.trials.filter(({ after }) => after.some((address) => now.has(address)) && !after.some((address) => step.later.has(address)));
  return tryMappings(due, async (one) => {
    progress(`trying the ${addressOfTrial(one)}`);
    return tryMapping(one);
  });
}

async function refuseStale(plan: Plan, context: TransactionContext, { done }: Step): Promise<void> {
  const actual = await context.readActual();
  const changed = differences(plan.fingerprints, fingerprintsOf(plan.desired, actual)).filter(({ address }) => !done.has(address));
  // Under the names that the whole spec gives: of parents that are renamed, heirs that are left alone know only the new names.
  const named = withRenames(plan.desired, actual);
  const leftOf = (desired: DesiredState): readonly Change[] => diff(desired, named, context.reveal).changes;
  if (changed.length > 0) {
    const left = leftOf(plan.desired);
    throw new UserError('plan-stale', 'The database has changed since this plan was made; nothing was applied.', {
      why: `${someOf(changed.map(({ address, what }) => `${address} was ${what}`))}${left.length === 0 ? '\nNothing is left to do: another apply may have been quicker.' : ''}`,
      todo: planAgain,
    });
  }
  // All that was hashed is as it was, so only what no hash holds can make a difference: a secret.
  const planned = new Set(plan.changes.map(({ address }) => address));
  // What names a label that the plan renames differs, too, and is no change.
  const unplanned = leftOf(withSecrets(plan.desired)).filter(writesSecret).map((change) => addressOf(objectOf(change))).filter((address) => !planned.has(address));
  if (unplanned.length === 0) return;
  throw new UserError('plan-stale', 'A secret has changed since this plan was made; nothing was applied.', {
    why: someOf(unplanned.map((address) => `${address}: the value behind its reference is not the one in the database any more.`)),
    todo: planAgain,
  });
}

/** Of the foreign tables those that hold a secret: of ten thousand, hardly one. */
function withSecrets(desired: DesiredState): DesiredState {
  const secret = ({ options }: { readonly options: Options }): boolean => options.some(({ value }) => value.kind !== 'text');
  return { ...desired, foreignTables: desired.foreignTables.filter((table) => secret(table) || table.columns.some(secret)) };
}

/** A saved plan builds upon what the remotes were; they are asked through the servers as the plan leaves them. */
async function refuseMovedRemote({ remoteDifferences, progress }: TransactionContext): Promise<void> {
  if (remoteDifferences === undefined) return;
  progress('comparing the remotes with what the plan was made from');
  const changed = await remoteDifferences();
  if (changed.length === 0) return;
  throw new UserError('plan-stale', 'A remote has changed since this plan was made; nothing was applied.', { why: someOf(changed), todo: planAgain });
}

const planAgain = 'Run `fdw plan` again and look at what it shows now.';

/** Statements that go to the server in one round trip. */
const atOnce = 100;

/** Runs the statements in order, those without secrets many at a time. @returns how many */
async function runAll(session: Session, changes: readonly PlannedChange[], context: TransactionContext): Promise<number> {
  let count = 0;
  const progress = atMostEvery(500, context.progress);
  let waiting: { readonly sql: string; readonly address: string }[] = [];
  let running = Promise.resolve();
  /** Hands over what waits, so that the server has it when it is done with what runs, and waits for that. */
  const send = async (): Promise<void> => {
    const [before, sent] = [running, waiting];
    waiting = [];
    running = session.pipeline(sent.map(({ sql }) => sql)).catch((error: unknown) => {
      throw error instanceof PipelineError ? inChange(error.cause, sent[error.at]?.address ?? '') : error;
    });
    // Where the one before fails, this one does too, and is no news.
    running.catch(() => undefined);
    await before;
  };
  const finish = async (): Promise<void> => {
    await send();
    await running;
  };
  for (const [index, change] of changes.entries()) {
    progress(`${change.action} ${change.address} (${index + 1} of ${changes.length})`);
    for (const statement of change.statements) {
      count += 1;
      if (slots(statement).length === 0) {
        waiting.push({ sql: render(statement, () => ''), address: change.address });
        if (waiting.length === atOnce) await send();
      } else {
        await finish();
        await runStatement(session, statement, context.reveal).catch((error: unknown) => {
          throw inChange(error, change.address);
        });
      }
    }
  }
  await finish();
  return count;
}

/** An error of the server with the object that it is about; a lost connection is about none. */
function inChange(error: unknown, address: string): unknown {
  if (!(error instanceof DatabaseError)) return error;
  return new UserError(error.id, `Nothing was applied: ${address} failed: ${error.message}`, {
    why: error.why,
    todo: error.todo,
    cause: error,
  });
}

async function verify(plan: Plan, context: TransactionContext, { later }: Step): Promise<void> {
  context.progress('reading the catalogs again');
  const left = diff(plan.desired, await context.readActual(), context.reveal);
  const object = [...left.changes.map(objectOf), ...left.impossible.map((obstacle) => obstacle.object)].find((each) => !later.has(addressOf(each)));
  if (object === undefined) return;
  throw new UserError('apply-unfaithful', 'Everything was rolled back: after the last statement the catalogs were not as planned.', {
    why: `${addressOf(object)} still differs. An event trigger or another extension may have changed what was created.`,
    todo: 'Please report this with the output of `fdw plan --json`.',
  });
}
