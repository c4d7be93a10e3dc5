import { type LockCapacity, lockNotices, readLockCapacity, roomFor, tooLarge } from '../apply/lock-capacity.ts';
import { missingPrivileges, type MissingPrivilege, privilegeNotices, refuseMissingPrivileges } from '../apply/preflight.ts';
import { type Exposure, exposuresOf, refuseExposures } from '../apply/sinks.ts';
import type { Notice, Plan } from '../plan/types.ts';
import type { Session } from '../postgres/session.ts';
import { slots } from '../sql/statement.ts';

/** What decides whether a plan can run at all, on this server and as the connected role. */
export interface Readiness {
  readonly locks: LockCapacity;
  readonly missing: readonly MissingPrivilege[];
  /** Of the secrets that it writes. */
  readonly exposures: readonly Exposure[];
}

/** Asks the server; leaves nothing behind. */
export async function readinessFor(session: Session, plan: Plan): Promise<Readiness> {
  await session.query('BEGIN READ WRITE');
  try {
    return {
      locks: await readLockCapacity(session),
      missing: await missingPrivileges(session, plan.requirements),
      exposures: writesSecrets(plan) ? await exposuresOf(session) : [],
    };
  } finally {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
  }
}

/** What a plan says of it. */
export function readinessNotices(plan: Plan, { locks, missing, exposures }: Readiness): readonly Notice[] {
  const kept = exposures.map(({ what, remedy }) => ({ address: 'its secrets', message: `${what}, and this role may not prevent that. A superuser may: ${remedy}` }));
  return [...privilegeNotices(missing), ...kept, ...lockNotices(plan, locks)];
}

function writesSecrets({ changes }: Plan): boolean {
  return changes.some(({ statements }) => statements.some((statement) => slots(statement).length > 0));
}

/** @throws UserError `privileges-missing`, `secret-would-be-kept`, `plan-too-large` */
export function refuseUnready(plan: Plan, { locks, missing, exposures }: Readiness, { batch, exposeSecrets }: { readonly batch: boolean; readonly exposeSecrets: boolean }): void {
  refuseMissingPrivileges(missing);
  if (!exposeSecrets) refuseExposures(exposures);
  if (!batch && roomFor(plan, locks) === 'too-little') throw tooLarge(plan, locks);
}
