import type { FoundPlan } from '../cause.ts';
import type { Finding } from '../clauses/finding.ts';
import type { Reason } from '../types.ts';
import type { FoundQuery } from './explain-clauses.ts';

/** Up to 17 a node that the settings forbid costs this much more (disable_cost, src/backend/optimizer/path/costsize.c). */
const disableCost = 1e10;

/** Why something that may be sent is not: its cost, and statistics that are missing. */
export function costReasons(found: FoundQuery, finding: Finding, forced: FoundPlan): readonly Reason[] {
  const here = found.plan.context.root.node.totalCost;
  const there = forced.context.root.node.totalCost;
  const stillHere = forced.findings.some((each) => each.kind === finding.kind && each.runs === 'local');
  const costs = there < disableCost && !stillHere ? ` (the plan costs ${here} so, and ${there} with it sent)` : '';
  const unseen = [...new Set(finding.at.foreign.flatMap((scan) => found.plan.context.scan(scan).facts).filter((each) => each.neverAnalyzed).map((each) => `${each.schema}.${each.name}`))];
  return [
    { id: 'not-chosen-cost', subject: finding.text, message: `it may be sent, but the planner takes doing it here for cheaper${costs}` },
    ...unseen.map((name): Reason => ({ id: 'never-analyzed', subject: name, message: `${name} was never analyzed, so the planner guesses its size: ANALYZE ${name} (autovacuum passes over foreign tables)` })),
  ];
}
