import { conjuncts, unwrap } from '../plan/conjuncts.ts';
import type { Flow } from '../plan/flow.ts';
import { consumers } from '../plan/flow.ts';
import { relationsNamed } from './context.ts';
import type { PlanContext } from './context.ts';
import type { Finding } from './finding.ts';

/** What a Foreign Scan's Remote SQL does, and what its Filter leaves for here. */
export function scanFindings(context: PlanContext, flow: Flow): readonly Finding[] {
  const { node } = flow;
  const scan = context.scan(flow);
  const remote = (kind: Finding['kind'], text: string): Finding => ({ kind, runs: 'remote', text, at: flow });
  const found: Finding[] = [];
  const work = scan.remote;
  if (work !== undefined) {
    if (node.operation === 'Update' || node.operation === 'Delete') {
      found.push(remote(node.operation === 'Update' ? 'update' : 'delete', writtenTable(flow)));
    }
    found.push(...work.filters.filter((text) => !isMinMaxGuard(context, flow, text)).map((text) => remote('filter', text)));
    if (scan.joins.length > (isUnjoined(context, flow) ? 1 : 0)) found.push(remote('join', node.relations === undefined ? scan.relations.map((each) => each.name).join(', ') : joinOf(node.relations)));
    if (scan.aggregate) found.push(remote('aggregate', node.output.map(unwrap).join(', ')));
    found.push(...work.having.map((text) => remote('filter', text)));
    if (work.sortKeys.length > 0 && sortsForUser(context, flow)) found.push(remote('sort', `ORDER BY ${work.sortKeys.join(', ')}`));
    if (work.limit !== undefined) found.push(remote('limit', work.limit));
    if (work.lock !== undefined && context.shape.locking) found.push(remote('lock', work.lock));
  }
  if (node.filter !== undefined) found.push(...localFilters(flow, node.filter).map((each) => (isUnjoined(context, flow) && joins(context, each.text) ? { ...each, kind: 'join' as const } : each)));
  return found;
}

/** Whether a join is sent without its condition, which is left to the Filter: the pairs are then found here. */
function isUnjoined(context: PlanContext, flow: Flow): boolean {
  return context.scan(flow).remote?.crossProduct === true && conjuncts(flow.node.filter ?? '').some((text) => joins(context, text));
}

/** Whether a condition is over columns of several relations. */
function joins(context: PlanContext, condition: string): boolean {
  return relationsNamed(context, condition).size > 1;
}

/** `Relations` without the `Aggregate on (…)` around the join: that is a clause of its own. A name in capitals would be quoted. */
function joinOf(relations: string): string {
  return relations.startsWith(aggregateOn) ? unwrap(relations.slice(aggregateOn.length)) : relations;
}

const aggregateOn = 'Aggregate on ';

/** `x IS NOT NULL`, which the planner adds for `min(x)` and `max(x)` (build_minmax_path) and nobody wrote. */
function isMinMaxGuard(context: PlanContext, flow: Flow, text: string): boolean {
  return text.endsWith(' IS NOT NULL') && [...consumers(flow)].some((above) => isMinMax(context, above));
}

/**
 * `min(x)` and `max(x)` become an InitPlan that takes the first row of an ordered scan (planagg.c). Its Limit is
 * no clause: the cursor is closed after one batch.
 */
export function isMinMax(context: PlanContext, flow: Flow): boolean {
  const { node, parent } = flow;
  return context.shape.minMax && node.type === 'Limit' && node.relationship === 'InitPlan' && parent?.node.type === 'Result' && parent.inputs.length === 0;
}

/** The table that the statement names, also where this scan writes one of its partitions. */
function writtenTable(flow: Flow): string {
  let above: Flow | undefined = flow;
  while (above !== undefined && above.node.type !== 'ModifyTable') above = above.parent;
  const relation = above?.node.relation ?? flow.node.relation;
  return relation === undefined ? '' : `${relation.schema}.${relation.name}`;
}

/** A condition that is checked here, part by part. */
export function localFilters(flow: Flow, condition: string): readonly Finding[] {
  return conjuncts(condition).map((text) => ({ kind: 'filter', runs: 'local', text, at: flow }));
}

/**
 * Whether rows that leave this flow in order do so for an ORDER BY of the user, and not for a join, a
 * grouping or a window of which the order is only a means.
 */
export function sortsForUser(context: PlanContext, flow: Flow): boolean {
  if (!context.shape.orderBy) return false;
  for (const { node } of consumers(flow)) {
    if (node.type === 'Merge Join' || node.type === 'Hash' || node.type === 'Hash Join' || node.type === 'WindowAgg' || node.type === 'SetOp') return false;
    if (node.type === 'Aggregate' || node.type === 'Group') return node.strategy === 'Sorted' && context.shape.outerOrderBy;
    if (node.type === 'Unique') return context.shape.outerOrderBy;
    if (node.type === 'Limit') return true;
  }
  return true;
}
