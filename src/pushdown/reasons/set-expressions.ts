import { everyFlow } from '../plan/flow.ts';
import type { FoundQuery } from './explain-clauses.ts';

/**
 * What an UPDATE assigns, as the plan prints it: the scan below a row-by-row UPDATE computes the new values
 * first (14 and later: only those of the columns assigned), then `ctid`, the whole row and such.
 */
export function setExpressions(found: FoundQuery): readonly string[] {
  for (const { node } of everyFlow(found.plan.context.root)) {
    if (node.type === 'ModifyTable' || !node.output.includes(`${node.relation?.alias ?? ''}.ctid`) && !node.output.some((text) => text === 'ctid' || text.endsWith('.ctid'))) continue;
    const end = node.output.findIndex((text) => text === 'ctid' || text.endsWith('.ctid'));
    return node.output.slice(0, end);
  }
  return [];
}
