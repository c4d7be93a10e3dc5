import type { Node } from '../../parser.ts';
import type { ExpressionRule, Surroundings } from '../rule.ts';
import { isRowless, someKey } from '../tree.ts';

/**
 * A STABLE computation that needs no row, `now() - interval '1 day'`, in a sub-select of its own. PostgreSQL
 * computes it once, before the scan, and sends the value. A STABLE function gives the same value throughout a
 * statement, so the meaning stays; a VOLATILE one would be called once instead of for each row.
 */
export const initPlan: ExpressionRule = {
  kind: 'expression',
  cures: ['mutable-function', 'session-function', 'outer-join-clause', 'one-time-filter'],
  title: 'compute it once, in a sub-select of its own',
  rewrite: ({ node, where }, on) => {
    if (where === 'other' || 'SubLink' in node || !isExpression(node) || !computes(node) || !isRowless(node) || !on.isStable(node) || !isOneValue(node, on)) return undefined;
    return { sql: (text) => `(SELECT ${text})` };
  },
};

/** An aggregate, `count(1)` in HAVING, would count the rows of the sub-select: one. */
function isOneValue(node: Node, on: Surroundings): boolean {
  return !on.aggregates(node) && !on.givesSets(node);
}

function isExpression(node: Node): boolean {
  return 'FuncCall' in node || 'A_Expr' in node || 'TypeCast' in node || 'SQLValueFunction' in node || 'BoolExpr' in node || 'CoalesceExpr' in node || 'MinMaxExpr' in node || 'CaseExpr' in node;
}

/** Whether something is left for the executor: a call, or arithmetic with a time, which depends on the time zone. */
function computes(node: Node): boolean {
  if (someKey(node, (key) => key === 'FuncCall' || key === 'SQLValueFunction')) return true;
  return 'A_Expr' in node && someKey(node, (key) => key === 'TypeCast');
}
