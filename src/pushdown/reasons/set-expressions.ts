import { everyFlow } from '../plan/flow.ts';
import type { FoundQuery } from './explain-clauses.ts';

/**
 * What an UPDATE assigns, as the plan prints it: the scan below a row-by-row UPDATE first computes the new values,
 * of the assigned columns only, and then what identifies the row: `tableoid` (of partitions), `ctid`, the row.
 */
export function setExpressions(found: FoundQuery): readonly string[] {
  for (const { node } of everyFlow(found.plan.context.root)) {
    if (node.type === 'ModifyTable') continue;
    const end = node.output.findIndex((text) => isColumn(text, 'ctid') || isColumn(text, 'tableoid'));
    if (end >= 0) return node.output.slice(0, end);
  }
  return [];
}

function isColumn(text: string, name: string): boolean {
  return text === name || text.endsWith(`.${name}`);
}
