import type { FlowRequest, PlanResult } from './types.ts';

/** Computes the plan that brings the local database to what the spec says. Changes nothing. */
export async function planFromSpec(request: FlowRequest): Promise<PlanResult> {
  throw new Error(`not built yet: ${request.specPath}`);
}
