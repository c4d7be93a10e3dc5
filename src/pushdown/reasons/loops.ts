import type { PlanContext } from '../clauses/context.ts';
import { consumers, everyFlow } from '../plan/flow.ts';
import type { Finding } from '../clauses/finding.ts';
import type { Flow } from '../plan/flow.ts';

/**
 * Whether a Foreign Scan is asked once for each row of something else, with a value of that row: below a SubPlan or on the
 * inner side of a nested loop. `$n` in its Remote SQL may also be an InitPlan's value or a parameter of the statement,
 * which are asked for once.
 */
export function isAskedPerRow(context: PlanContext, scan: Flow): boolean {
  if (!takesParameter(scan)) return false;
  if (isBelowSubPlan(scan)) return true;
  for (const above of [scan, ...consumers(scan)]) {
    const join = above.parent;
    if (join?.node.type === 'Nested Loop' && join.inputs[1] === above && isParameterised(context, join)) return true;
  }
  return false;
}

/**
 * Whether the inner side of a nested loop takes values of the outer one: never below a Materialize, and surely where no
 * condition is left to the join itself, or where nothing else in the plan is a parameter.
 */
export function isParameterised(context: PlanContext, join: Flow): boolean {
  const inner = join.inputs[1];
  if (join.node.type !== 'Nested Loop' || inner === undefined || inner.node.type === 'Materialize' || !inner.foreign.some(takesParameter)) return false;
  if (join.node.joinConditions.length === 0) return true;
  return context.shape.parameters === 0 && !everyFlow(context.root).some(({ node }) => node.relationship === 'InitPlan');
}

/**
 * Whether a condition is sent only because a join looks rows up one by one: it is the join's own condition, and where the
 * planner expects other numbers of rows it takes a hash of whole tables instead. Below LATERAL there is no other way.
 */
export function isJoinLookup(context: PlanContext, { kind, runs, text, at }: Finding): boolean {
  if (kind !== 'filter' || runs !== 'remote' || !text.includes('$') || context.shape.lateral) return false;
  return isAskedPerRow(context, at) && !isBelowSubPlan(at);
}

function isBelowSubPlan(scan: Flow): boolean {
  for (let at: Flow | undefined = scan; at !== undefined; at = at.parent) if (at.node.relationship === 'SubPlan') return true;
  return false;
}

function takesParameter(scan: Flow): boolean {
  return (scan.node.remoteSql ?? '').includes('$');
}
