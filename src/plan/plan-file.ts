import type { Plan } from './types.ts';

/** The text of a plan file: no secret, the same bytes for the same plan. */
export function serialisePlan(plan: Plan): string {
  return JSON.stringify(plan);
}
