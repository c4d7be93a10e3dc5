import { nameKey } from '../../model/name.ts';
import type { Flow } from '../plan/flow.ts';
import type { PlanContext } from './context.ts';
import type { Finding } from './finding.ts';

/** UNION, INTERSECT, EXCEPT; the Append of a partitioned table is none. */
export function setOperationFindings(context: PlanContext, flow: Flow): readonly Finding[] {
  const { node } = flow;
  const local = (text: string): readonly Finding[] => [{ kind: 'set-operation', runs: 'local', text, at: flow }];
  if (node.type === 'SetOp') return local((node.command ?? 'SetOp').toUpperCase());
  if (node.type === 'Recursive Union') return local('UNION (recursive)');
  // Up to 17 a SetOp reads both sides through an Append; it is counted there.
  if (flow.parent !== undefined && insideSetOp(flow.parent)) return [];
  return isPartitionAppend(context, flow) ? [] : local(unionText(flow));
}

function insideSetOp(flow: Flow): boolean {
  if (flow.node.type === 'SetOp') return true;
  return (flow.node.type === 'Sort' || flow.node.type === 'Result') && flow.parent !== undefined && insideSetOp(flow.parent);
}

/** Whether a grouping of all columns stands above, which makes it UNION instead of UNION ALL. */
function unionText(flow: Flow): string {
  let above = flow.parent;
  while (above?.node.type === 'Sort' || above?.node.type === 'Incremental Sort') above = above.parent;
  return above?.node.type === 'Unique' || (above?.node.type === 'Aggregate' && above.node.groupKeys.length > 0 && above.node.groupKeys.length === above.node.output.length) ? 'UNION' : 'UNION ALL';
}

/**
 * Whether an Append reads the partitions (or the children) of one table. A statement without any set operation
 * has no other Append; else all its scans must be of one partition tree, under the aliases `t_1`, `t_2` …
 * that the planner gives to partitions (14 to 18).
 */
export function isPartitionAppend(context: PlanContext, flow: Flow): boolean {
  if (!context.shape.setOperation) return true;
  const roots = new Set<string>();
  let aliased = false;
  for (const input of flow.inputs) {
    const { relation } = leaf(input).node;
    const root = relation === undefined ? undefined : context.factsOf(relation)?.root;
    if (relation === undefined || root === undefined) return false;
    aliased ||= relation.alias !== relation.name;
    roots.add(nameKey(root));
  }
  return aliased && roots.size === 1;
}

function leaf(flow: Flow): Flow {
  const [input] = flow.inputs;
  return input === undefined ? flow : leaf(input);
}
