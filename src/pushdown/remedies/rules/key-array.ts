import type { Node, SelectStmt } from '../../parser.ts';
import { allOf, conditionsOf, fromNames, ownColumn } from '../select.ts';
import type { ExpressionRule, Surroundings } from '../rule.ts';
import { operand } from '../rule.ts';

const cures = ['join-to-local', 'cross-server-join', 'join-type', 'row-marks', 'unsupported-expression', 'local-operation-below', 'join-to-subquery'] as const;

/**
 * `x IN (SELECT …)` as `x = ANY (ARRAY(SELECT …))`: the keys are fetched first and sent as one array. The same for every
 * value and NULL.
 */
export const inAsArray: ExpressionRule = {
  kind: 'expression',
  cures,
  title: 'send the keys as an array',
  rewrite: ({ node }, on) => {
    if (isNot(node)) {
      const inner = node.BoolExpr.args?.[0];
      const array = inner === undefined ? undefined : arrayOf(inner, on);
      return array === undefined ? undefined : { sql: `${array.left} <> ALL (${array.keys})` };
    }
    const array = arrayOf(node, on);
    return array === undefined ? undefined : { sql: `${array.left} = ANY (${array.keys})` };
  },
};

function isNot(node: Node): node is Extract<Node, { BoolExpr: unknown }> {
  return 'BoolExpr' in node && node.BoolExpr.boolop === 'NOT_EXPR';
}

/** The parts of an uncorrelated `x IN (SELECT …)`. */
function arrayOf(node: Node, on: Surroundings): { readonly left: string; readonly keys: string } | undefined {
  if (!('SubLink' in node) || node.SubLink.subLinkType !== 'ANY_SUBLINK' || (node.SubLink.operName ?? []).length > 0) return undefined;
  const { testexpr, subselect } = node.SubLink;
  if (testexpr === undefined || 'RowExpr' in testexpr || subselect === undefined || !on.isStable(node)) return undefined;
  return { left: operand(on.parser, testexpr), keys: `ARRAY(${on.parser.text(subselect)})` };
}

/**
 * `EXISTS (SELECT … FROM l WHERE l.k = o.k AND …)` as `o.k = ANY (ARRAY(SELECT l.k FROM l WHERE …))`, and NOT EXISTS as
 * `<> ALL`, where FALSE and NULL are alike.
 */
export const existsAsArray: ExpressionRule = {
  kind: 'expression',
  cures,
  title: 'send the keys as an array',
  rewrite: ({ node, positive }, on) => {
    if (!positive) return undefined;
    const not = isNot(node);
    const exists = not ? node.BoolExpr.args?.[0] : node;
    const found = exists === undefined ? undefined : correlation(exists, on);
    if (found === undefined) return undefined;
    const outer = on.parser.text(found.outer);
    const sub = (conditions: readonly Node[]): string => {
      const { whereClause: _, ...select } = found.select;
      const where = allOf(conditions);
      return on.parser.text({ SelectStmt: { ...select, targetList: [{ ResTarget: { val: found.inner } }], ...(where === undefined ? {} : { whereClause: where }) } });
    };
    if (!not) return { sql: `${outer} = ANY (ARRAY(${sub(found.rest)}))` };
    // A NULL among the keys would let no row through.
    const keys = sub([...found.rest, { NullTest: { arg: found.inner, nulltesttype: 'IS_NOT_NULL' } }]);
    const test = `${outer} <> ALL (ARRAY(${keys}))`;
    return { sql: on.isNotNull(found.outer) ? test : `(${test} OR ${outer} IS NULL)` };
  },
};

/** An EXISTS over plain relations, tied to the outside by one equality of columns. */
export interface Correlation {
  readonly select: SelectStmt;
  readonly inner: Node;
  readonly outer: Node;
  /** The other conditions, which are about the inside only. */
  readonly rest: readonly Node[];
}

/** Reads `EXISTS (SELECT … FROM i WHERE i.k = o.k …)`; undefined: it is none, or more than a test for a row. */
export function correlation(node: Node, on: Surroundings): Correlation | undefined {
  if (!('SubLink' in node) || node.SubLink.subLinkType !== 'EXISTS_SUBLINK') return undefined;
  const { subselect } = node.SubLink;
  if (subselect === undefined || !('SelectStmt' in subselect)) return undefined;
  const select = subselect.SelectStmt;
  const names = fromNames(select);
  const plain = select.groupClause ?? select.havingClause ?? select.limitCount ?? select.limitOffset ?? select.withClause ?? select.larg ?? select.distinctClause ?? select.lockingClause;
  const targets: Node = { List: { items: select.targetList ?? [] } };
  // An aggregate gives a row always, so that EXISTS is true; a set of rows may be empty.
  if (names === undefined || plain !== undefined || on.aggregates(targets) || on.givesSets(targets) || !on.isStable(node)) return undefined;
  const conditions = conditionsOf(select.whereClause);
  const ties = conditions.flatMap((condition) => tie(condition, names) ?? []);
  const [only] = ties;
  const rest = conditions.filter((condition) => condition !== only?.condition);
  if (only === undefined || ties.length > 1 || !rest.every((condition) => ownColumn(condition, names) === 'own')) return undefined;
  return { select, inner: only.inner, outer: only.outer, rest };
}

/** `l.k = o.k`, whichever side is which; each column must say whose it is. */
function tie(condition: Node, names: ReadonlySet<string>): { readonly condition: Node; readonly inner: Node; readonly outer: Node } | undefined {
  if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP') return undefined;
  const { lexpr, rexpr, name } = condition.A_Expr;
  const [operator] = name ?? [];
  if (lexpr === undefined || rexpr === undefined || operator === undefined || !('String' in operator) || operator.String.sval !== '=') return undefined;
  const [left, right] = [ownColumn(lexpr, names), ownColumn(rexpr, names)];
  if (left === 'own' && right === 'other' && 'ColumnRef' in rexpr) return { condition, inner: lexpr, outer: rexpr };
  return left === 'other' && right === 'own' && 'ColumnRef' in lexpr ? { condition, inner: rexpr, outer: lexpr } : undefined;
}
