import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../base/user-error.ts';
import type { HazardId } from '../model/hazards.ts';
import type { Plan } from '../plan/types.ts';
import { isDeadlock, isLockTimeout, isOutOfSharedMemory, isStatementTimeout } from '../postgres/errors.ts';
import type { Session } from '../postgres/session.ts';
import { readLockCapacity, tooLarge } from './lock-capacity.ts';
import { howToFind, type LockHeld, whyNot } from './lock-watch.ts';
import { refuseHazards } from './refuse-hazards.ts';
import { type Applied, runInTransaction, type Step, type TransactionContext, wholePlan } from './transaction.ts';

export interface ApplyContext extends TransactionContext {
  /** Milliseconds to wait before each further try of a transaction that did not get a lock. */
  readonly retryAfter: readonly number[];
  readonly signal: AbortSignal;
  /** The hazards that the user consented to; undefined: none. */
  readonly allow?: readonly HazardId[];
}

/**
 * Carries a plan out: all of it or nothing. A lock that does not come in time ends the transaction, so that
 * others do not queue behind it, and after a pause all of it is tried again.
 *
 * @throws UserError `dependents-in-the-way`, `hazards-not-allowed`, `apply-busy`, `plan-stale`, `apply-unfaithful`, `apply-rolled-back`, `apply-in-doubt`,
 *   `lock-not-available`; DatabaseError where a statement fails
 */
export async function applyPlan(session: Session, plan: Plan, context: ApplyContext): Promise<Applied> {
  refuseHazards(plan, context.allow ?? []);
  return inTries(session, plan, context, wholePlan(plan));
}

/** Runs one transaction, and again where a lock does not come. */
export async function inTries(session: Session, plan: Plan, around: ApplyContext, step: Step): Promise<Applied> {
  let held: LockHeld | undefined;
  const context: ApplyContext = { ...around, lockHeld: (seen) => (held = seen ?? held) };
  for (const wait of context.retryAfter) {
    try {
      return await runInTransaction(session, plan, context, step);
    } catch (error) {
      if (!isWorthAnotherTry(error)) throw await explained(error, session, plan, context, held);
      context.progress(`a lock did not come in time: all is rolled back, and tried again in ${wait / 1000} s`);
      await pause(wait, context.signal);
    }
  }
  try {
    return await runInTransaction(session, plan, context, step);
  } catch (error) {
    throw await explained(error, session, plan, context, held);
  }
}

/** The advisory lock's own time-out is `apply-busy`, and no reason to try again. */
function isWorthAnotherTry(error: unknown): error is UserError {
  return error instanceof UserError && error.id !== 'apply-busy' && (isLockTimeout(error.cause) || isDeadlock(error.cause));
}

/** The error that an apply ends with, with what to do about the limits that it met. */
async function explained(error: unknown, session: Session, plan: Plan, context: ApplyContext, held: LockHeld | undefined): Promise<unknown> {
  if (isWorthAnotherTry(error)) return lockNotAvailable(error, context, held);
  if (!(error instanceof UserError)) return error;
  if (isOutOfSharedMemory(error.cause)) return tooLarge(plan, await readLockCapacity(session), error);
  if (!isStatementTimeout(error.cause)) return error;
  return new UserError('statement-timeout', error.message, {
    why: `A statement may run ${context.limits.statementTimeout / 1000} s here; or somebody has cancelled it.`,
    todo: 'Give it longer with --statement-timeout 30min; 0 is no limit.',
    cause: error,
  });
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw new UserError('interrupted', 'Interrupted.');
  }
}

function lockNotAvailable(error: UserError, context: ApplyContext, held: LockHeld | undefined): UserError {
  const tries = context.retryAfter.length + 1;
  return new UserError('lock-not-available', error.message, {
    why: `${whyNot(held)} ${tries === 1 ? 'One try' : `${tries} tries`} of ${context.limits.lockTimeout / 1000} s${tries === 1 ? '' : ' each'} did not get past it.`,
    todo: `${howToFind(held)} Then try again; or wait longer: --lock-timeout, --retries.`,
    cause: error,
  });
}
