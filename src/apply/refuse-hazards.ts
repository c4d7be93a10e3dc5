import { UserError } from '../base/user-error.ts';
import type { HazardId } from '../model/hazards.ts';
import { consentNeeded, hazardsOfWeight, type PlacedHazard } from '../model/consent.ts';
import type { Plan } from '../plan/types.ts';

/**
 * Refuses a plan with hazards that nobody consented to, before anything of it runs.
 *
 * @param allow the ids of `--allow`
 * @throws UserError `dependents-in-the-way` where no consent helps, `hazards-not-allowed` naming the `--allow` that is missing
 */
export function refuseHazards(plan: Plan, allow: readonly HazardId[]): void {
  const refused = hazardsOfWeight(plan, 'refused');
  if (refused.length > 0) {
    throw new UserError('dependents-in-the-way', 'Nothing was applied: the plan would take away what other objects need.', {
      why: lines(refused),
      todo: 'Drop what is in the way by hand, apply, and create it again; or keep the column or table as it is. fdw never uses CASCADE.',
    });
  }
  const missing = hazardsOfWeight(plan, 'consent').filter(({ id }) => !allow.includes(id));
  if (missing.length === 0) return;
  throw new UserError('hazards-not-allowed', 'Nothing was applied: the plan has hazards that need your consent.', {
    why: lines(missing),
    todo: `Where you accept them: --allow ${consentNeeded(plan).join(',')}`,
  });
}

function lines(hazards: readonly PlacedHazard[]): string {
  return hazards.map(({ id, address, message }) => `${address}: ${id}: ${message}`).join('\n');
}
