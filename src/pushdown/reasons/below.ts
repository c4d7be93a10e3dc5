import type { PlanContext } from '../clauses/context.ts';
import { isNumbered, withoutPartition } from '../clauses/partitions.ts';
import { conjuncts } from '../plan/conjuncts.ts';
import type { Flow } from '../plan/flow.ts';
import type { Reason } from '../types.ts';
import type { FoundQuery } from './explain-clauses.ts';

/** What stands between an operation and the Foreign Scans it works on. */
export interface Below {
  /** Foreign Scans with a condition that stays here. */
  readonly filtered: readonly Flow[];
  /** Joins, groupings, sorts … done here. */
  readonly operations: readonly Flow[];
  /** Scans whose Remote SQL groups or limits: a sub-select of its own. */
  readonly finished: readonly Flow[];
  /** Append of partitions, or of a set operation. */
  readonly appends: readonly Flow[];
  readonly ctes: readonly Flow[];
  readonly sorts: readonly Flow[];
  /** ProjectSet: set-returning functions of a select list. */
  readonly sets: readonly Flow[];
}

const operationTypes = new Set([
  'Nested Loop', 'Hash Join', 'Merge Join', 'Aggregate', 'Group', 'Unique', 'WindowAgg', 'SetOp', 'Limit', 'Recursive Union',
]);

/** What is below `flow`, not counting itself. */
export function belowOf(context: PlanContext, flow: Flow): Below {
  const found = { filtered: [] as Flow[], operations: [] as Flow[], finished: [] as Flow[], appends: [] as Flow[], ctes: [] as Flow[], sorts: [] as Flow[], sets: [] as Flow[] };
  const visit = (at: Flow): void => {
    const { node } = at;
    if (at.foreign.length === 0) return;
    if (node.type === 'Foreign Scan') {
      const scan = context.scan(at);
      if (node.filter !== undefined) found.filtered.push(at);
      if (scan.aggregate || scan.remote?.limit !== undefined) found.finished.push(at);
    } else if (operationTypes.has(node.type)) found.operations.push(at);
    else if (node.type === 'Append' || node.type === 'Merge Append') found.appends.push(at);
    else if (node.type === 'CTE Scan') found.ctes.push(at);
    else if (node.type === 'Sort' || node.type === 'Incremental Sort') found.sorts.push(at);
    else if (node.type === 'ProjectSet') found.sets.push(at);
    at.inputs.forEach(visit);
  };
  flow.inputs.forEach(visit);
  return found;
}

/** Conditions that stay here below an operation keep it here too. */
export function filterReasons(context: PlanContext, below: Below): readonly Reason[] {
  const reasons = below.filtered.map((flow): Reason => {
    const condition = withoutPartition(conjuncts(flow.node.filter ?? '').join(' AND '), flow);
    return {
      id: 'local-filter-below',
      subject: condition,
      message: `the condition ${condition} on ${tableName(context, flow)} is checked here, so the remote cannot know which rows count`,
    };
  });
  // Over partitions it is one condition of the user.
  return [...new Map(reasons.map((reason) => [reason.message, reason])).values()];
}

/** What a Foreign Scan reads as the statement names it: of a partition that stands for its table, the table. */
function tableName(context: PlanContext, flow: Flow): string {
  const root = context.scan(flow).facts[0]?.root;
  return root === undefined || !isNumbered(flow) ? scanName(context, flow) : `${root.schema}.${root.name}`;
}

/** The outermost local operation below keeps what stands above it; one that may be sent does not. */
export function operationReasons(found: FoundQuery, operations: readonly Flow[]): readonly Reason[] {
  const first = operations.find((flow) => !found.sendable.has(flow));
  if (first === undefined) return [];
  const what = operationName(found, first);
  return [{ id: 'local-operation-below', subject: what, message: `${what} below it runs here` }];
}

/** Whether a scan reads a partition that the statement names only by its table: planned as an Append, even of one. */
export function isPartitionScan(found: FoundQuery, flow: Flow): boolean {
  const [facts] = found.plan.context.scan(flow).facts;
  return facts?.root !== undefined && !found.opened.reached.some((reached) => reached.oid === facts.oid);
}

export function cteReasons(below: Below): readonly Reason[] {
  return [...new Set(below.ctes.map((flow) => flow.node.cteName ?? '?'))].map((name) => ({
    id: 'cte-materialized',
    subject: name,
    message: `the CTE ${name} is computed once and kept here; nothing outside it is sent into it`,
  }));
}

/** What a Foreign Scan reads, for a message. */
export function scanName(context: PlanContext, flow: Flow): string {
  const names = context.scan(flow).relations.map((each) => (each.schema === '' ? each.name : `${each.schema}.${each.name}`));
  return names.length === 0 ? 'the foreign table' : names.join(' and ');
}

/** What a local operation is, in the user's words. */
export function operationName(found: FoundQuery, flow: Flow): string {
  if (found.plan.findings.some((finding) => finding.at === flow && finding.kind === 'distinct')) return 'DISTINCT';
  switch (flow.node.type) {
    case 'Nested Loop':
    case 'Hash Join':
    case 'Merge Join':
      return 'the join';
    case 'Aggregate':
    case 'Group':
      return 'the aggregation';
    case 'Unique':
      return 'DISTINCT';
    case 'WindowAgg':
      return 'the window function';
    case 'Sort':
    case 'Incremental Sort':
      return 'the sort';
    case 'Limit':
      return 'LIMIT';
    case 'SetOp':
    case 'Recursive Union':
      return 'the set operation';
    default:
      return flow.node.type;
  }
}
