import type { Flow } from './flow.ts';
import type { PlanNode } from './node.ts';

/* Nodes that ask for their input's rows one by one, as they are asked themselves (src/backend/executor, 14 to 18). */
const streaming = new Set(['Append', 'Group', 'Incremental Sort', 'LockRows', 'Materialize', 'Memoize', 'Merge Append', 'Merge Join', 'ProjectSet', 'Result', 'Subquery Scan', 'Unique']);

/**
 * The share of a node's rows that the nodes above ask for before a Limit has enough, as the planner estimates it: from 0 to 1. A cursor on a
 * remote is read no further than that. All of them where a filter stands in between: of what it lets through the planner often knows nothing,
 * and where that is less than the Limit wants, everything is read.
 */
export function askedShare(flow: Flow): number {
  const { parent, node } = flow;
  if (node.filter !== undefined) return 1;
  // A sub-select may be asked for its rows more than once, and a CTE by more than one.
  if (parent?.inputs.includes(flow) !== true) return 1;
  if (parent.node.type === 'Limit') return askedShare(parent) * taken(parent.node, flow.node);
  return passesOn(parent, flow) ? askedShare(parent) : 1;
}

/** Of its input's rows, what a Limit takes, those of its OFFSET too: its cost holds them (`adjust_limit_rows_costs` in pathnode.c). */
function taken(limit: PlanNode, input: PlanNode): number {
  const byRows = input.rows === 0 ? 1 : limit.rows / input.rows;
  const run = input.totalCost - input.startupCost;
  const byCost = run === 0 ? 0 : (limit.totalCost - input.startupCost) / run;
  return Math.min(1, Math.max(byRows, byCost));
}

/** Whether a node asks for no more of an input than it is asked for itself. */
function passesOn({ node, inputs }: Flow, input: Flow): boolean {
  if (node.type === 'Aggregate') return node.strategy === 'Sorted';
  // The inner side is read whole for the first row of the outer one.
  if (node.type === 'Nested Loop' || node.type === 'Hash Join') return input === inputs[0];
  return streaming.has(node.type);
}
