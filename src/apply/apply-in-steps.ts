import { diff } from '../diff/diff.ts';
import { UserError } from '../base/user-error.ts';
import { objectOf } from '../model/change.ts';
import { addressOf } from '../plan/address.ts';
import { differences, fingerprintsOf } from '../plan/fingerprints.ts';
import { inSteps } from '../plan/steps.ts';
import type { Plan, PlannedChange } from '../plan/types.ts';
import type { Session } from '../postgres/session.ts';
import { holdApplyLock } from './apply-lock.ts';
import { type ApplyContext, inTries } from './apply-plan.ts';
import { readLockCapacity, stepBudget } from './lock-capacity.ts';
import { refuseHazards } from './refuse-hazards.ts';
import type { Applied } from './transaction.ts';

/**
 * Carries a plan out in several transactions, for one that is too large for the server's lock table. All or nothing holds for
 * each: it is checked at its beginning and at its end like a whole plan. What an earlier run has done already is left out, so
 * that after an interruption the same command goes on. The lock against other applies is held over all of them.
 *
 * @param budget locks for one step; undefined: as many as the server has room for
 * @throws what `applyPlan` throws, with how many steps are done
 */
export async function applyInSteps(session: Session, plan: Plan, context: ApplyContext, budget?: number): Promise<Applied> {
  refuseHazards(plan, context.allow ?? []);
  await holdApplyLock(session, context.limits.wait, context.progress);
  const done = await doneBefore(session, plan, context);
  const steps = inSteps(plan.changes.filter(({ address }) => !done.has(address)), budget ?? stepBudget(await readLockCapacity(session)));
  const applied: Applied[] = [];
  for (const [index, changes] of steps.entries()) {
    const prefix = `step ${index + 1} of ${steps.length}: `;
    const later = new Set(steps.slice(index + 1).flatMap((step) => step.map(({ address }) => address)));
    try {
      const step = { changes, done, later };
      applied.push(await inTries(session, plan, { ...context, progress: (text) => context.progress(prefix + text) }, step));
    } catch (error) {
      throw index === 0 ? error : afterSteps(error, index, steps.length);
    }
    for (const { address, covers = [] } of changes) for (const each of [address, ...covers]) done.add(each);
  }
  return {
    changes: applied.flatMap((step) => step.changes),
    statements: applied.reduce((sum, { statements }) => sum + statements, 0),
    notices: applied.flatMap(({ notices }) => notices),
  };
}

/** Changes whose objects are not as the plan found them, but as it wants them. */
async function doneBefore(session: Session, plan: Plan, context: ApplyContext): Promise<Set<string>> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const actual = await context.readActual();
    const now = fingerprintsOf(plan.desired, actual);
    const left = new Set(diff(plan.desired, actual, context.reveal).changes.map((change) => addressOf(objectOf(change))));
    const changed = new Set(differences(plan.fingerprints, now).map(({ address }) => address));
    const isDone = ({ address }: PlannedChange): boolean => changed.has(address) && !left.has(address);
    return new Set(plan.changes.filter(isDone).map(({ address }) => address));
  } finally {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
  }
}

/** What earlier steps did stays: no error may say that nothing was applied. */
function afterSteps(error: unknown, done: number, all: number): unknown {
  if (!(error instanceof UserError)) return error;
  const applied = done === 1 ? `Step 1 of ${all} is applied` : `Steps 1 to ${done} of ${all} are applied`;
  return new UserError(error.id, error.id === 'interrupted' ? 'Interrupted.' : `${applied}; in step ${done + 1}: ${error.message.replace(/^Nothing was applied: /, '').replace(/; nothing was applied\.$/, '.')}`, {
    why: error.id === 'interrupted' ? `${applied}, nothing of the rest.` : error.why,
    todo: [error.todo, `What is applied stays, and is a whole in itself. \`fdw apply --batch\` goes on with the rest.`].filter(Boolean).join(' '),
    cause: error,
  });
}
