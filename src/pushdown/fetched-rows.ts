import type { PlanContext } from './clauses/context.ts';
import type { Prober } from './oracle/prober.ts';
import { everyFlow } from './plan/flow.ts';
import type { Flow } from './plan/flow.ts';

/**
 * How many rows each Foreign Scan fetches, as the planner estimates it. `Plan Rows` counts what is left after the
 * scan's Filter; what comes over the wire is had by asking the planner how much that Filter lets through of the
 * whole table, and dividing by it.
 */
export async function fetchedRows(context: PlanContext, prober: Prober): Promise<ReadonlyMap<Flow, number>> {
  const rows = new Map<Flow, number>();
  for (const flow of everyFlow(context.root)) {
    if (flow.node.type === 'Foreign Scan') rows.set(flow, await rowsOf(flow, context, prober));
  }
  return rows;
}

async function rowsOf(flow: Flow, context: PlanContext, prober: Prober): Promise<number> {
  const { rows, filter, relation } = flow.node;
  if (filter === undefined || relation === undefined) return rows;
  const all = await prober.rows(relation, undefined);
  if (all === undefined) return rows;
  // Nothing is left out there.
  if (context.scan(flow).remote?.filters.length === 0) return Math.max(rows, all);
  const left = await prober.rows(relation, filter);
  // A filter with a sub-select in it cannot be asked about: what is left after it is all that is known.
  if (left === undefined || left === 0) return rows;
  return Math.max(rows, Math.min(all, Math.round((rows * all) / left)));
}
