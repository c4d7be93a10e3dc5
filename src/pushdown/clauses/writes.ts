import type { Flow } from '../plan/flow.ts';
import type { PlanRelation, WriteTarget } from '../plan/node.ts';
import { readRemoteSql } from '../plan/remote-sql.ts';
import type { PlanContext } from './context.ts';
import type { Finding } from './finding.ts';

/** The write of a ModifyTable, where it goes to foreign tables. A direct one is found at its Foreign Scan. */
export function writeFindings(context: PlanContext, flow: Flow): readonly Finding[] {
  const { node } = flow;
  const finding = (kind: Finding['kind'], runs: Finding['runs'], relations: readonly (PlanRelation | undefined)[]): Finding => ({
    kind,
    runs,
    text: [...new Set(relations.flatMap((each) => (each === undefined ? [] : `${each.schema}.${each.name}`)))].join(', '),
    at: flow,
  });
  if (node.operation === 'Insert') {
    const sent = writeTargets(flow).filter((target) => target.remoteSql !== undefined);
    if (sent.length > 0) return [finding('insert', 'remote', sent.map((target) => target.relation))];
    return routedServers(context, flow).length > 0 ? [finding('insert', 'remote', [node.relation])] : [];
  }
  if (node.operation !== 'Update' && node.operation !== 'Delete') return [];
  const byRow = writeTargets(flow).filter((target) => isByRow(context, target));
  if (byRow.length === 0) return [];
  return [finding(node.operation === 'Update' ? 'update' : 'delete', 'local', node.relation === undefined ? byRow.map((target) => target.relation) : [node.relation])];
}

/** What a ModifyTable writes: its targets, or its one relation. */
export function writeTargets(flow: Flow): readonly WriteTarget[] {
  const { relation, remoteSql, batchSize, targets } = flow.node;
  return targets.length > 0 ? targets : [{ relation, remoteSql, batchSize }];
}

/** Servers that an insert into a partitioned table may route rows to; EXPLAIN does not show them. */
export function routedServers(context: PlanContext, flow: Flow): readonly string[] {
  const { relation } = flow.node;
  return relation === undefined ? [] : (context.factsOf(relation)?.partitionServers ?? []);
}

function isByRow(context: PlanContext, target: WriteTarget): boolean {
  if (target.remoteSql === undefined) return false;
  return readRemoteSql(context.parser, target.remoteSql)?.byCtid !== false;
}
