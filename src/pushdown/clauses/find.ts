import { consumers, everyFlow } from '../plan/flow.ts';
import type { Flow } from '../plan/flow.ts';
import type { PlanContext } from './context.ts';
import type { Finding } from './finding.ts';
import { groupFindings } from './groups.ts';
import { mergePartitions } from './partitions.ts';
import { isMinMax, localFilters, scanFindings, sortsForUser } from './scans.ts';
import { setOperationFindings } from './set-operations.ts';
import { writeFindings } from './writes.ts';

const joinNodes = new Set(['Nested Loop', 'Hash Join', 'Merge Join']);

/**
 * The clauses of a plan: what Remote SQL does, and what PostgreSQL does here over rows of foreign tables.
 * Parents come first, so the outermost clause is the first of its kind.
 */
export function findClauses(context: PlanContext): readonly Finding[] {
  return mergePartitions(context, everyFlow(context.root).flatMap((flow) => findingsAt(context, flow)));
}

function findingsAt(context: PlanContext, flow: Flow): readonly Finding[] {
  const { node } = flow;
  if (node.type === 'ModifyTable') return writeFindings(context, flow);
  if (node.type === 'Foreign Scan') return scanFindings(context, flow);
  // Work over local rows only is not a clause.
  if (flow.foreign.length === 0) return [];
  // A HAVING, a condition above an outer join, a filter over a CTE or a sub-select.
  const filters = node.filter === undefined ? [] : localFilters(flow, node.filter);
  return [...operationFindings(context, flow), ...filters];
}

function operationFindings(context: PlanContext, flow: Flow): readonly Finding[] {
  const { node } = flow;
  const local = (kind: Finding['kind'], text: string): readonly Finding[] => [{ kind, runs: 'local', text, at: flow }];
  if (joinNodes.has(node.type)) return local('join', joinText(flow));
  switch (node.type) {
    case 'Aggregate':
    case 'Group':
    case 'Unique':
      return groupFindings(context, flow);
    case 'Append':
    case 'Merge Append':
    case 'SetOp':
    case 'Recursive Union':
      return setOperationFindings(context, flow);
    case 'WindowAgg':
      return local('window', windowText(flow));
    case 'Sort':
    case 'Incremental Sort':
      return isUsersSort(context, flow) ? local('sort', `ORDER BY ${node.sortKeys.join(', ')}`) : [];
    case 'Limit':
      return isMinMax(context, flow) ? [] : local('limit', context.shape.limits.length === 0 ? 'LIMIT' : [...new Set(context.shape.limits)].join(' '));
    case 'LockRows':
      // It may lock rows of local tables only; those of foreign tables were locked by their Remote SQL.
      return flow.foreign.some((scan) => context.scan(scan).remote?.lock !== undefined) ? local('lock', 'FOR UPDATE') : [];
    default:
      return [];
  }
}

function joinText(flow: Flow): string {
  const type = (flow.node.joinType ?? 'Inner').toUpperCase();
  const conditions = flow.node.joinConditions;
  return `${type} JOIN${conditions.length === 0 ? '' : ` ON ${conditions.join(' AND ')}`}`;
}

/** The window functions among its outputs. ruleutils.c prints `OVER (…)` up to 17 as `OVER (?)`, from 18 as `OVER w1`. */
function windowText(flow: Flow): string {
  const calls = flow.node.output.filter((text) => text.includes(' OVER '));
  return calls.length === 0 ? 'WINDOW' : calls.join(', ');
}

/** Whether a Sort stands for an ORDER BY of the user, not for a means of a join, a grouping, a window. */
function isUsersSort(context: PlanContext, flow: Flow): boolean {
  if (!sortsForUser(context, flow)) return false;
  // Incremental Sort on top of a Sort, or a Sort per partition below Merge Append: the outermost one counts.
  for (const above of consumers(flow)) {
    if (above.node.type === 'Sort' || above.node.type === 'Incremental Sort') return false;
    if (above.node.type === 'Merge Append') return isFirstInput(above, flow);
  }
  return true;
}

function isFirstInput(above: Flow, flow: Flow): boolean {
  const first = above.inputs.find((input) => input.node.type === 'Sort' || input.node.type === 'Incremental Sort');
  return first === flow || first === undefined;
}
