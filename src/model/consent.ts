import { type HazardId, hazardIds, hazardKinds, type HazardWeight } from './hazards.ts';

/** What it takes to be looked through for hazards: the changes of a plan. */
interface Hazardous {
  readonly changes: readonly { readonly address: string; readonly hazards: readonly { readonly id: HazardId; readonly message: string }[] }[];
}

/** A hazard of one change, with the object that it is about. */
export interface PlacedHazard {
  readonly id: HazardId;
  readonly address: string;
  readonly message: string;
}

/** What `fdw apply` needs `--allow` for: each id once, in the order of the list of hazards. */
export function consentNeeded(plan: Hazardous): readonly HazardId[] {
  const present = new Set(hazardsOfWeight(plan, 'consent').map(({ id }) => id));
  return hazardIds.filter((id) => present.has(id));
}

/** All hazards of one weight, in the order of the changes. */
export function hazardsOfWeight({ changes }: Hazardous, weight: HazardWeight): readonly PlacedHazard[] {
  return changes.flatMap(({ address, hazards }) =>
    hazards.filter(({ id }) => hazardKinds[id].weight === weight).map(({ id, message }) => ({ id, address, message })),
  );
}
