import { groupsBelow } from '../cause.ts';
import type { Finding } from '../clauses/finding.ts';
import { conjuncts } from '../plan/conjuncts.ts';
import type { Flow } from '../plan/flow.ts';
import type { Reason } from '../types.ts';
import type { Below } from './below.ts';
import { belowOf, cteReasons, filterReasons, isPartitionScan, operationReasons, scanName } from './below.ts';
import type { FoundQuery } from './explain-clauses.ts';

/** Why an aggregation, DISTINCT, window, sort, limit or lock stays here, as far as the plan shows it. */
export function operationClauseReasons(found: FoundQuery, finding: Finding): readonly Reason[] {
  const { context } = found.plan;
  const below = belowOf(context, finding.at);
  const own = ownReasons(found, finding);
  // A sort is only in the way of a limit and of a lock.
  const operations = finding.kind === 'limit' || finding.kind === 'lock' ? [...below.operations, ...below.sorts] : below.operations;
  const common = [...filterReasons(context, below), ...joinFilterReasons(found, below), ...cteReasons(below), ...operationReasons(found, operations)];
  // Of set operations and windows nothing below matters: they are never sent.
  const finished = finding.kind === 'aggregate' || finding.kind === 'sort' || finding.kind === 'limit' ? below.finished : [];
  // A grouping that might be sent would be in the way all the same.
  const groups = finding.kind === 'aggregate' ? groupsBelow(found.plan.findings, finding.at).filter((flow) => found.sendable.has(flow)).flatMap((flow) => flow.foreign) : [];
  return [
    ...own,
    ...common,
    ...[...finished, ...groups].map((scan) => subqueryReason(found, scan)),
  ];
}

function subqueryReason({ plan: { context } }: FoundQuery, scan: Flow): Reason {
  const name = scanName(context, scan);
  return { id: 'subquery-below', subject: name, message: `the sub-select over ${name} groups or limits its rows first; nothing is sent on top of that` };
}

/** Conditions on the rows of a join that might be sent: what they are checked here for keeps what is above here too. */
function joinFilterReasons(found: FoundQuery, below: Below): readonly Reason[] {
  const forced = new Set(found.forced?.plain?.findings.flatMap(({ kind, runs, text }) => (kind === 'filter' && runs === 'local' ? [text] : [])));
  const conditions = below.operations.flatMap((flow) => (found.sendable.has(flow) && flow.node.joinType !== undefined ? conjuncts(flow.node.filter ?? '') : []));
  return conditions.filter((condition) => forced.has(condition)).map((condition) => ({ id: 'local-filter-below', subject: condition, message: `the condition ${condition} on a join is checked here, so the remote cannot know which rows count` }));
}

function when(holds: boolean, reason: Reason): readonly Reason[] {
  return holds ? [reason] : [];
}

function ownReasons(found: FoundQuery, finding: Finding): readonly Reason[] {
  const { shape } = found.opened;
  const below = belowOf(found.plan.context, finding.at);
  const overPartitions = below.appends.length > 0 || finding.at.foreign.some((scan) => isPartitionScan(found, scan));
  switch (finding.kind) {
    case 'distinct':
      return [{ id: 'distinct', subject: finding.text, message: 'DISTINCT is never sent; GROUP BY is' }];
    case 'window':
      return [{ id: 'window', subject: finding.text, message: 'window functions are never sent' }];
    case 'set-operation':
      return [{ id: 'set-operation', subject: finding.text, message: `${finding.text} is never sent: each side is fetched by itself` }];
    case 'aggregate':
      if (finding.at.node.hasGroupingSets) return [{ id: 'grouping-sets', subject: finding.text, message: 'GROUPING SETS, ROLLUP and CUBE are never sent' }];
      if (!overPartitions) return [];
      return partitionwiseReason(found, finding) ?? [{ id: 'partial-aggregate', subject: finding.text, message: below.appends.length > 0 ? 'each partition could only count its own rows, and such partial aggregates are never sent' : 'one partition alone is read, but the groups are those of its table, and are sent to a partition only where GROUP BY has the whole partition key' }];
    case 'limit':
      return [
        ...when(shape.withTies, { id: 'with-ties', subject: 'WITH TIES', message: 'WITH TIES is never sent' }),
        ...when(shape.limitSubSelect || (shape.limitParameter && found.mode !== 'custom'), { id: 'limit-parameter', subject: finding.text, message: 'the planner does not know the number of rows, so a limit over there promises it no gain' }),
        ...when(isSortRemoved(found, finding, below), { id: 'redundant-sort', subject: 'ORDER BY', message: 'the planner drops ORDER BY, because a condition makes its key constant, and then does not send the limit; leave ORDER BY out' }),
        ...when(below.sets.length > 0, { id: 'limit-over-srf', subject: below.sets[0]?.node.output.join(', ') ?? '', message: 'the select list makes several rows of one here, so the remote cannot count them' }),
        ...when(overPartitions, { id: 'limit-over-append', subject: finding.text, message: 'a limit is not sent below an Append: each partition sends its rows until enough have come' }),
      ];
    default:
      return [];
  }
}

/**
 * Whether ORDER BY is there in the statement and nowhere in the plan: `WHERE id = 5 ORDER BY id`. The limit is then
 * looked for on top of a sort that does not exist (seen on 14 to 18).
 */
function isSortRemoved(found: FoundQuery, finding: Finding, below: Below): boolean {
  const { context } = found.plan;
  if (!found.opened.shape.outerOrderBy || below.sorts.length > 0 || below.operations.length > 0) return false;
  return finding.at.foreign.every((scan) => context.scan(scan).remote?.sortKeys.length === 0);
}

/** Where the same statement with partitionwise planning would send it. */
export function partitionwiseReason(found: FoundQuery, finding: Finding): readonly Reason[] | undefined {
  const other = found.forced?.partitionwise;
  if (other === undefined || other.findings.some((each) => each.kind === finding.kind && each.runs === 'local')) return undefined;
  const setting = finding.kind === 'join' ? 'enable_partitionwise_join' : 'enable_partitionwise_aggregate';
  return [{ id: 'partitionwise-off', subject: setting, message: `it is sent to each partition's server when ${setting} is on` }];
}

/** Why a condition that is not on a scan is checked here. */
export function upperFilterReasons(found: FoundQuery, finding: Finding): readonly Reason[] {
  const { node } = finding.at;
  if (node.type === 'CTE Scan') {
    const name = node.cteName ?? '?';
    return [{ id: 'cte-materialized', subject: name, message: `the CTE ${name} is computed once and kept here; nothing outside it is sent into it` }];
  }
  if (node.type === 'Subquery Scan') {
    const [barrier] = found.opened.views.filter((view) => view.securityBarrier);
    if (barrier !== undefined) {
      const name = `${barrier.schema}.${barrier.name}`;
      return [{ id: 'security-barrier', subject: name, message: `${name} is a security_barrier view: only leakproof conditions may pass it` }];
    }
  }
  const own = node.type === 'Aggregate' || node.type === 'Group' ? 'the aggregation' : node.type.endsWith('Join') || node.type === 'Nested Loop' ? 'the join' : undefined;
  if (own !== undefined) return found.sendable.has(finding.at) ? [] : [{ id: 'local-operation-below', subject: own, message: `${own} that it is checked after runs here` }];
  const below = belowOf(found.plan.context, finding.at);
  const operations = operationReasons(found, below.operations);
  return operations.length > 0 ? operations : below.finished.map((scan) => subqueryReason(found, scan));
}
