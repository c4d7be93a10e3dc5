import { openPlan } from './plan.ts';
import { prepared } from './prepared-apply.ts';
import type { FlowRequest, PreparedApply } from './types.ts';

/** Computes the plan and keeps the connection, so that it can be shown and then carried out. */
export async function prepareApply(request: FlowRequest): Promise<PreparedApply> {
  const open = await openPlan(request);
  return { warnings: open.warnings, likelyRenames: open.likelyRenames, ...prepared({ ...open, remotes: [] }, request) };
}
