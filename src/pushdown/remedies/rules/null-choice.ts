import type { Node } from '../../parser.ts';
import type { ExpressionRule, Surroundings } from '../rule.ts';
import { comparisonOf, operand } from '../rule.ts';
import { alike, comparesAlike } from './alike.ts';

/**
 * `coalesce(a, b) > 5` as `a > 5 OR (a IS NULL AND b > 5)`. Where FALSE and NULL are not alike, `a > 5` must be FALSE
 * instead of NULL where `a` is NULL.
 */
export const coalesceComparison: ExpressionRule = {
  kind: 'expression',
  cures: ['unsupported-expression', 'outer-join-clause'],
  title: 'write COALESCE as a condition',
  rewrite: ({ node, positive }, on) => {
    const found = comparisonOf(node, (side) => 'CoalesceExpr' in side);
    if (found === undefined || !('CoalesceExpr' in found.left) || !on.isStable(node)) return undefined;
    const args = alike(found.left.CoalesceExpr.args ?? [], on);
    if (args === undefined) return undefined;
    const right = operand(on.parser, found.right);
    const from = (index: number): string => {
      const arg = args[index] ?? '';
      const test = `${arg} ${found.operator} ${right}`;
      if (index === args.length - 1) return test;
      return `(${positive ? test : `(${arg} IS NOT NULL AND ${test})`} OR (${arg} IS NULL AND ${from(index + 1)}))`;
    };
    return args.length < 2 ? undefined : { sql: from(0) };
  },
};

/** `nullif(a, b) = c` as `(a = c AND (a <> b OR b IS NULL))`, where FALSE and NULL are alike. */
export const nullifComparison: ExpressionRule = {
  kind: 'expression',
  cures: ['unsupported-expression', 'outer-join-clause'],
  title: 'write NULLIF as a condition',
  rewrite: ({ node, positive }, on) => {
    const found = comparisonOf(node, isNullif);
    if (!positive || found === undefined || !isNullif(found.left) || !('A_Expr' in found.left) || !on.isStable(node)) return undefined;
    const sides = nullifArguments(found.left, on);
    if (sides === undefined) return undefined;
    const [a, b] = sides;
    const differs = mayBeNull(found.left.A_Expr.rexpr) ? `(${a} <> ${b} OR ${b} IS NULL)` : `${a} <> ${b}`;
    return { sql: `(${a} ${found.operator} ${operand(on.parser, found.right)} AND ${differs})` };
  },
};

/** GREATEST and LEAST in a comparison, where FALSE and NULL are alike; they pass over NULLs. */
export const greatestComparison: ExpressionRule = {
  kind: 'expression',
  cures: ['unsupported-expression', 'outer-join-clause'],
  title: 'write GREATEST or LEAST as conditions',
  rewrite: ({ node, positive }, on) => {
    const found = comparisonOf(node, (side) => 'MinMaxExpr' in side);
    if (!positive || found === undefined || !('MinMaxExpr' in found.left) || !on.isStable(node)) return undefined;
    const nodes = found.left.MinMaxExpr.args ?? [];
    const args = alike(nodes, on);
    if (args === undefined || args.length < 2) return undefined;
    const orNull = (test: string, index: number): string => (mayBeNull(nodes[index]) ? `(${test} OR ${args[index] ?? ''} IS NULL)` : test);
    const right = operand(on.parser, found.right);
    const outward = found.left.MinMaxExpr.op === 'IS_GREATEST' ? '>' : '<';
    const inward = outward === '>' ? '<=' : '>=';
    if (found.operator === '=') {
      const each = args.map((arg, index) => [`${arg} = ${right}`, ...args.flatMap((other, at) => (at === index ? [] : [orNull(`${other} ${inward} ${right}`, at)]))].join(' AND '));
      return { sql: `(${each.map((part) => `(${part})`).join(' OR ')})` };
    }
    if (found.operator === '<>') return undefined;
    if (found.operator.startsWith(outward)) return { sql: `(${args.map((arg) => `${arg} ${found.operator} ${right}`).join(' OR ')})` };
    const all = args.map((arg, index) => orNull(`${arg} ${found.operator} ${right}`, index));
    const some = nodes.every(mayBeNull) ? [`(${args.map((arg) => `${arg} IS NOT NULL`).join(' OR ')})`] : [];
    return { sql: `(${[...all, ...some].join(' AND ')})` };
  },
};

/** COALESCE, NULLIF, GREATEST and LEAST as CASE, which is sent from PostgreSQL 15 on: for select lists, groups, sorts, SET. */
export const asCase: ExpressionRule = {
  kind: 'expression',
  cures: ['unsupported-expression'],
  title: 'write it as CASE',
  rewrite: ({ node, where }, on) => {
    if (on.versionNum < 150000 || (where === 'other' && !on.outside) || !on.isStable(node)) return undefined;
    if ('CoalesceExpr' in node) {
      const args = (node.CoalesceExpr.args ?? []).map((each) => operand(on.parser, each));
      const whens = args.slice(0, -1).map((arg) => `WHEN ${arg} IS NOT NULL THEN ${arg}`);
      return whens.length === 0 ? undefined : { sql: `CASE ${whens.join(' ')} ELSE ${args.at(-1) ?? ''} END` };
    }
    if (isNullif(node)) {
      const sides = nullifArguments(node, on);
      if (sides === undefined) return undefined;
      const [a, b] = sides;
      return { sql: `CASE WHEN ${a} = ${b} THEN NULL ELSE ${a} END` };
    }
    if (!('MinMaxExpr' in node)) return undefined;
    const [a, b, ...more] = (node.MinMaxExpr.args ?? []).map((each) => operand(on.parser, each));
    if (a === undefined || b === undefined || more.length > 0) return undefined;
    return { sql: `CASE WHEN ${a} IS NULL THEN ${b} WHEN ${b} IS NULL OR ${a} ${node.MinMaxExpr.op === 'IS_GREATEST' ? '>=' : '<='} ${b} THEN ${a} ELSE ${b} END` };
  },
};

/** Anything but a literal that is not NULL. */
function mayBeNull(node: Node | undefined): boolean {
  return node === undefined || !('A_Const' in node) || node.A_Const.isnull === true;
}

function isNullif(node: Node): boolean {
  return 'A_Expr' in node && node.A_Expr.kind === 'AEXPR_NULLIF';
}

/** Its sides, where the result is of the first one's type: not of `nullif('X', citext)`, nor `nullif(real, 0.1)`. */
function nullifArguments(node: Node, on: Surroundings): readonly [string, string] | undefined {
  const { lexpr, rexpr } = 'A_Expr' in node ? node.A_Expr : {};
  if (lexpr === undefined || rexpr === undefined || 'A_Const' in lexpr) return undefined;
  const type = on.typeOf(lexpr);
  const other = 'A_Const' in rexpr ? (rexpr.A_Const.fval === undefined && rexpr.A_Const.ival === undefined ? type : 'numeric') : on.typeOf(rexpr);
  if (type === undefined || other === undefined || !comparesAlike(type, other)) return undefined;
  return [operand(on.parser, lexpr), operand(on.parser, rexpr)];
}
