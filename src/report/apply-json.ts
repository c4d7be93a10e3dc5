import type { Problem } from '../base/spec-error.ts';
import type { ApplyResult } from '../flows/types.ts';
import type { Plan } from '../plan/types.ts';
import { planJson } from './plan-json.ts';

/** What an apply did, as JSON: the plan, and what was run of it; see schema/apply.schema.json. */
export function applyJson(plan: Plan, warnings: readonly Problem[], result: ApplyResult | undefined): object {
  const none = { create: 0, update: 0, replace: 0, drop: 0 };
  const { create, update, replace, drop } = result?.applied ?? none;
  return {
    ...planJson(plan, warnings),
    applied: { create, update, replace, drop },
    statements: result?.statements ?? 0,
  };
}
