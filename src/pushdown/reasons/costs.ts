import type { Finding } from '../clauses/finding.ts';
import type { Reason } from '../types.ts';
import type { FoundQuery } from './explain-clauses.ts';

/** Why something that may be sent is not: its cost, and statistics that are missing. */
export function costReasons(found: FoundQuery, finding: Finding): readonly Reason[] {
  const unseen = [...new Set(finding.at.foreign.flatMap((scan) => found.plan.context.scan(scan).facts).filter((each) => each.neverAnalyzed).map((each) => `${each.schema}.${each.name}`))];
  return [
    { id: 'not-chosen-cost', subject: finding.text, message: 'it may be sent, but the planner takes doing it here for cheaper' },
    ...unseen.map((name): Reason => ({ id: 'never-analyzed', subject: name, message: `${name} was never analyzed, so the planner guesses its size: ANALYZE ${name} (autovacuum passes over foreign tables)` })),
  ];
}
