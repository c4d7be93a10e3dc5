import { UserError } from '../base/user-error.ts';
import type { MappingTrial } from '../model/mapping-trial.ts';
import type { UserMapping } from '../model/objects.ts';
import { addressOf } from '../plan/address.ts';
import type { Notice, Plan } from '../plan/types.ts';

/**
 * Tries every user mapping that a plan makes or changes, before the commit.
 *
 * @param tryOne connects through the server, inside the open transaction
 * @returns those that could not be tried, and why
 * @throws UserError naming the first that the remote refused, with the remote's words
 */
export async function tryMappings(plan: Plan, tryOne: (mapping: UserMapping) => Promise<MappingTrial>): Promise<readonly Notice[]> {
  const touched = new Set(plan.changes.filter(({ kind }) => kind === 'user-mapping').map(({ address }) => address));
  const notices: Notice[] = [];
  for (const mapping of plan.desired.userMappings) {
    const address = addressOf(mapping);
    if (!touched.has(address)) continue;
    const trial = await tryOne(mapping);
    if (trial.kind === 'refused') throw refused(address, trial.error);
    if (trial.kind === 'untried') notices.push({ address, message: `could not be tried: ${trial.error.message} ${trial.error.why ?? ''}`.trimEnd() });
  }
  return notices;
}

function refused(address: string, error: UserError): UserError {
  return new UserError(error.id, `Nothing was applied: ${address} does not work. ${error.message}`, {
    why: error.why,
    todo: `${error.todo ?? 'Correct its options.'} To apply without trying user mappings: --no-verify.`,
    cause: error,
  });
}
