import { type LockCapacity, lockNotices, readLockCapacity, roomFor, tooLarge } from '../apply/lock-capacity.ts';
import { missingPrivileges, type MissingPrivilege, privilegeNotices, refuseMissingPrivileges } from '../apply/preflight.ts';
import type { Notice, Plan } from '../plan/types.ts';
import type { Session } from '../postgres/session.ts';

/** What decides whether a plan can run at all, on this server and as the connected role. */
export interface Readiness {
  readonly locks: LockCapacity;
  readonly missing: readonly MissingPrivilege[];
}

/** Asks the server; leaves nothing behind. */
export async function readinessFor(session: Session, plan: Plan): Promise<Readiness> {
  await session.query('BEGIN READ WRITE');
  try {
    return { locks: await readLockCapacity(session), missing: await missingPrivileges(session, plan.requirements) };
  } finally {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
  }
}

/** What a plan says of it. */
export function readinessNotices(plan: Plan, { locks, missing }: Readiness): readonly Notice[] {
  return [...privilegeNotices(missing), ...lockNotices(plan, locks)];
}

/** @throws UserError `privileges-missing`, `plan-too-large` */
export function refuseUnready(plan: Plan, { locks, missing }: Readiness, { batch }: { readonly batch: boolean }): void {
  refuseMissingPrivileges(missing);
  if (!batch && roomFor(plan, locks) === 'too-little') throw tooLarge(plan, locks);
}
