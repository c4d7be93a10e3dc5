import type { Flow } from '../plan/flow.ts';
import { consumers, everyFlow } from '../plan/flow.ts';
import type { PlanContext } from './context.ts';
import type { Finding } from './finding.ts';
import { isPartitionAppend } from './set-operations.ts';

const joinNodes = new Set(['Nested Loop', 'Hash Join', 'Merge Join']);
/** Nodes that hand rows on as they are. */
const passing = new Set(['Sort', 'Incremental Sort', 'Subquery Scan', 'Materialize', 'Gather', 'Gather Merge', 'Result', 'Hash']);

/** An Aggregate, Group or Unique: an aggregation, a DISTINCT, a UNION, or the planner's way to a semi join. */
export function groupFindings(context: PlanContext, flow: Flow): readonly Finding[] {
  const { node } = flow;
  // Partial aggregation is finished further up, where it is counted.
  if (node.partialMode === 'Partial') return [];
  const { kind, text } = meaning(context, flow);
  return kind === undefined ? [] : [{ kind, runs: 'local', text, at: flow }];
}

function meaning(context: PlanContext, flow: Flow): { readonly kind: Finding['kind'] | undefined; readonly text: string } {
  const { node } = flow;
  const { shape } = context;
  const keys = node.groupKeys.length === 0 ? node.output : node.groupKeys;
  const distinct = { kind: 'distinct', text: shape.distinctOn.length > 0 ? shape.distinctOn.join(', ') : `DISTINCT ${keys.join(', ')}` } as const;
  // Without GROUP BY, keys are those of a DISTINCT, however its expressions are printed.
  if ((shape.groupBy || node.groupKeys.length === 0) && computesMore(flow)) return { kind: 'aggregate', text: aggregateText(flow) };
  // UNION (all but UNION ALL): the Append below says so.
  if (shape.setOperation && aboveSetOperation(context, flow)) return { kind: undefined, text: '' };
  if (isSemiJoinMeans(flow) && !shape.groupedFrom) return { kind: undefined, text: '' };
  if (node.type === 'Unique') return distinct;
  if (shape.distinct && !shape.groupBy) return distinct;
  if (shape.distinct && everyFlow(flow).some((below) => below !== flow && groupsRows(context, below))) return distinct;
  return { kind: 'aggregate', text: aggregateText(flow) };
}

/** Whether it computes anything but its keys: then it is an aggregation. */
function computesMore(flow: Flow): boolean {
  const { node } = flow;
  if (node.type === 'Unique' || node.type === 'Group') return false;
  if (node.groupKeys.length === 0 || node.hasGroupingSets) return true;
  const keys = new Set(node.groupKeys);
  return node.output.some((text) => !keys.has(text) && !keys.has(`(${text})`) && text.includes('('));
}

function groupsRows(context: PlanContext, flow: Flow): boolean {
  return flow.node.type === 'Aggregate' || flow.node.type === 'Group' || (flow.node.type === 'Foreign Scan' && context.scan(flow).aggregate);
}

function aggregateText(flow: Flow): string {
  const { node } = flow;
  const keys = new Set(node.groupKeys);
  const computed = node.output.filter((text) => !keys.has(text));
  const groups = node.groupKeys.length === 0 ? [] : [`GROUP BY ${node.groupKeys.join(', ')}`];
  return [...(computed.length === 0 ? [] : [computed.join(', ')]), ...groups].join(' ');
}

function aboveSetOperation(context: PlanContext, flow: Flow): boolean {
  const [input] = flow.inputs;
  if (input === undefined) return false;
  if (passing.has(input.node.type)) return aboveSetOperation(context, input);
  return (input.node.type === 'Append' || input.node.type === 'Merge Append') && !isPartitionAppend(context, input);
}

/** IN (…) as a join to the unique values (create_unique_path, 14 to 18). */
export function isSemiJoinMeans(flow: Flow): boolean {
  // Without keys it makes one row.
  if (flow.node.type === 'Aggregate' && flow.node.groupKeys.length === 0) return false;
  for (const { node } of consumers(flow)) {
    if (joinNodes.has(node.type)) return true;
    if (!passing.has(node.type)) return false;
  }
  return false;
}
