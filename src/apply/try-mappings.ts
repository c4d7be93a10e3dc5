import { UserError } from '../base/user-error.ts';
import type { MappingTrial } from '../model/mapping-trial.ts';
import type { Trial } from '../model/trial.ts';
import { addressOf } from '../plan/address.ts';
import type { Notice } from '../plan/types.ts';

/**
 * Tries user mappings before the commit.
 *
 * @param tryOne connects through the server, inside the open transaction
 * @returns those that could not be tried, and why; those that the spec does not name and that do not work
 * @throws UserError naming the first of the spec's that the remote refused, with the remote's words
 */
export async function tryMappings(trials: readonly Trial[], tryOne: (trial: Trial) => Promise<MappingTrial>): Promise<readonly Notice[]> {
  const notices: Notice[] = [];
  for (const trial of trials) {
    const address = addressOfTrial(trial);
    const outcome = await tryOne(trial);
    if (outcome.kind === 'works') continue;
    const words = `${outcome.error.message} ${outcome.error.why ?? ''}`.trimEnd();
    if (outcome.kind === 'untried') notices.push({ address, message: `could not be tried: ${words}` });
    else if (trial.listed) throw refused(address, outcome.error);
    else notices.push({ address, message: `is not in the spec, and does not work with its server as it is now: ${words}` });
  }
  return notices;
}

/** As a plan calls the user mapping. */
export function addressOfTrial({ server, role }: Trial): string {
  return addressOf({ kind: 'user-mapping', server, role });
}

function refused(address: string, error: UserError): UserError {
  return new UserError(error.id, `Nothing was applied: ${address} does not work. ${error.message}`, {
    why: error.why,
    todo: `${error.todo ?? 'Correct its options.'} To apply without trying user mappings: --no-verify.`,
    cause: error,
  });
}
