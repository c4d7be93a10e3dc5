import type { CheckRequest, CheckResult } from './types.ts';

/** Judges where the clauses of queries run. Executes none of them. */
export async function checkPushdown(request: CheckRequest): Promise<CheckResult> {
  throw new Error(`not built yet: ${request.files.length}`);
}
