import type { PlanContext } from './clauses/context.ts';
import { routedServers, writeTargets } from './clauses/writes.ts';
import type { RelationFacts } from './facts/relations.ts';
import { consumers, everyFlow } from './plan/flow.ts';
import type { Flow } from './plan/flow.ts';
import type { Clause, Scan } from './types.ts';
import type { VerdictWord } from '../spec/types.ts';

const joinNodes = new Set(['Nested Loop', 'Hash Join', 'Merge Join']);

/** Whether a statement touches foreign tables at all, even if its plan has pruned them away. */
export function isForeign(context: PlanContext, named: readonly RelationFacts[]): boolean {
  if (context.root.foreign.length > 0 || named.some((each) => each.server !== undefined || each.partitionServers.length > 0)) return true;
  return [...everyFlow(context.root)].some(
    (flow) => flow.node.type === 'Foreign Scan' || writeTargets(flow).some((target) => target.remoteSql !== undefined) || (flow.node.type === 'ModifyTable' && routedServers(context, flow).length > 0),
  );
}

/** The part of a clause that the word depends on. */
type Placed = Pick<Clause, 'kind' | 'runs'>;

/**
 * The overall word.
 *
 * @param dangerous whether there are `dangerousScans`
 */
export function verdictWord(foreign: boolean, clauses: readonly Placed[], dangerous: boolean): VerdictWord {
  if (!foreign) return 'no-foreign';
  if (dangerous) return 'danger';
  const local = clauses.filter((clause) => clause.runs === 'local');
  if (local.length === 0) return 'full';
  // A write by rows still locks and writes the right rows, and no others, over there.
  const byRow = local.some((clause) => clause.kind === 'update' || clause.kind === 'delete');
  return byRow || local.length < clauses.length ? 'partial' : 'none';
}

/**
 * Scans whose Remote SQL locks rows that the statement may then neither write nor return: a condition, or a
 * join, is left for here.
 */
export function dangerousScans(context: PlanContext): readonly Flow[] {
  return [...everyFlow(context.root)].filter((flow) => {
    if (flow.node.type !== 'Foreign Scan' || context.scan(flow).remote?.lock === undefined) return false;
    return flow.node.filter !== undefined || [...consumers(flow)].some(({ node }) => joinNodes.has(node.type) || node.filter !== undefined);
  });
}

/**
 * What crosses the wire: each Foreign Scan, and each write that sends rows.
 *
 * @param fetched rows per Foreign Scan
 */
export function scansOf(context: PlanContext, fetched: ReadonlyMap<Flow, number>): readonly Scan[] {
  return [...everyFlow(context.root)].flatMap((flow): readonly Scan[] => {
    const { node } = flow;
    if (node.type === 'Foreign Scan') {
      const scan = context.scan(flow);
      return [
        {
          server: scan.server?.name ?? '?',
          relations: scan.relations.map((each) => (each.schema === '' ? each.name : `${each.schema}.${each.name}`)),
          remoteSql: node.remoteSql ?? '',
          filter: node.filter ?? null,
          estimatedRows: fetched.get(flow) ?? node.rows,
          operation: node.operation === 'Update' ? 'update' : node.operation === 'Delete' ? 'delete' : 'select',
        },
      ];
    }
    const operation = writeOperation(node.operation);
    if (node.type !== 'ModifyTable' || operation === undefined) return [];
    return writeTargets(flow).flatMap(({ relation, remoteSql }) => {
      if (remoteSql === undefined || relation === undefined) return [];
      const server = context.factsOf(relation)?.server?.name ?? '?';
      const rows = flow.inputs.reduce((sum, input) => sum + input.node.rows, 0);
      return [{ server, relations: [`${relation.schema}.${relation.name}`], remoteSql, filter: null, estimatedRows: rows, operation }];
    });
  });
}

function writeOperation(operation: string | undefined): 'insert' | 'update' | 'delete' | undefined {
  if (operation === 'Insert') return 'insert';
  if (operation === 'Update') return 'update';
  return operation === 'Delete' ? 'delete' : undefined;
}
