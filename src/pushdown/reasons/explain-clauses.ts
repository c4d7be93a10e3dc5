import { isScanFilter, isSentWhenForced } from '../cause.ts';
import type { FoundPlan } from '../cause.ts';
import type { OpenedQuery } from '../facts/views.ts';
import type { ForcedPlans, JudgeContext } from '../judge.ts';
import type { Clause, QueryInput } from '../types.ts';

/** A query with what was found out about it. */
export interface FoundQuery {
  readonly query: QueryInput;
  readonly opened: OpenedQuery;
  readonly plan: FoundPlan;
  readonly forced: ForcedPlans | undefined;
}

/** The clauses of a query, the local ones with their cause, reasons and remedies. */
export async function explainClauses(judging: JudgeContext, found: FoundQuery): Promise<readonly Clause[]> {
  const clauses: Clause[] = [];
  for (const finding of found.plan.findings) {
    const { kind, text, runs } = finding;
    const cause = runs === 'remote' ? null : isScanFilter(finding) || found.forced?.plain === undefined ? 'blocked' : isSentWhenForced(found.plan, finding, found.forced.plain) ? 'not-chosen' : 'blocked';
    clauses.push({ kind, text, runs, cause, reasons: [], remedies: [] });
  }
  await Promise.resolve(judging);
  return clauses;
}
