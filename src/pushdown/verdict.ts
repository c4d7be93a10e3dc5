import type { PlanContext } from './clauses/context.ts';
import { routedServers, writeTargets } from './clauses/writes.ts';
import type { RelationFacts } from './facts/relations.ts';
import { consumers, everyFlow } from './plan/flow.ts';
import type { Flow } from './plan/flow.ts';
import type { Clause } from './types.ts';
import type { VerdictWord } from '../spec/types.ts';

const joinNodes = new Set(['Nested Loop', 'Hash Join', 'Merge Join']);

/** Whether a statement touches foreign tables at all, even if its plan has pruned them away. */
export function isForeign(context: PlanContext, named: readonly RelationFacts[]): boolean {
  if (context.root.foreign.length > 0 || named.some((each) => each.server !== undefined || each.partitionServers.length > 0)) return true;
  return everyFlow(context.root).some(
    (flow) => flow.node.type === 'Foreign Scan' || writeTargets(flow).some((target) => target.remoteSql !== undefined) || (flow.node.type === 'ModifyTable' && routedServers(context, flow).length > 0),
  );
}

/** How much of the work is done here; one word is worse than another with a lower rank. */
export const verdictRanks: Readonly<Record<VerdictWord, number>> = { 'no-foreign': 0, full: 0, partial: 1, none: 2, danger: 3 };

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
  return everyFlow(context.root).filter((flow) => {
    if (flow.node.type !== 'Foreign Scan' || context.scan(flow).remote?.lock === undefined) return false;
    return flow.node.filter !== undefined || [...consumers(flow)].some(({ node }) => joinNodes.has(node.type) || node.filter !== undefined);
  });
}
