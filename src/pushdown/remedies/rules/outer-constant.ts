import { nameOf } from '../../oracle/expression.ts';
import type { Node, SelectStmt } from '../../parser.ts';
import { replaced, somePart } from '../aggregates.ts';
import { soleName, targetName } from '../group-keys.ts';
import type { StatementRule, Surroundings } from '../rule.ts';
import { allOf, columnRef, conditionsOf, fromNames, ownColumn, plainSelect, qualify } from '../select.ts';

/**
 * `LEFT JOIN (SELECT id, 1 AS k FROM c) x ON …` as `LEFT JOIN c AS x ON …`, with `k` as `CASE WHEN x.id IS NOT NULL THEN 1 END`
 * above the join: the same rows.
 */
export const computeAboveJoin: StatementRule = {
  kind: 'statement',
  cures: ['placeholder'],
  title: 'join the table itself, and compute above the join',
  rewrite: (root, on) => {
    const select = plainSelect(root);
    const [join, ...more] = select?.fromClause ?? [];
    if (select === undefined || join === undefined || more.length > 0 || !('JoinExpr' in join) || !on.isStable(root)) return undefined;
    const { jointype, rarg, quals, usingClause, isNatural } = join.JoinExpr;
    if (jointype !== 'JOIN_LEFT' || usingClause !== undefined || isNatural === true || rarg === undefined || !('RangeSubselect' in rarg) || rarg.RangeSubselect.lateral === true) return undefined;
    const alias = rarg.RangeSubselect.alias?.aliasname;
    const inner = rarg.RangeSubselect.subquery === undefined ? undefined : plainSelect(rarg.RangeSubselect.subquery);
    const found = alias === undefined || inner === undefined ? undefined : openedTable(inner, alias, on);
    if (found === undefined || alias === undefined) return undefined;
    const { fromClause: _, ...outside } = select;
    // A name that does not say whose it is might become that of another column; what is in another sub-select is not looked into.
    if (somePart([outside, quals], (node) => 'A_Star' in node || 'SubLink' in node || found.values.has(soleName(node) ?? ''))) return undefined;
    const inside = (node: Node): Node => replaced(node, (part) => found.values.get(columnOf(part, alias) ?? ''));
    const above = (node: Node): Node =>
      replaced(node, (part) => {
        const value = found.values.get(columnOf(part, alias) ?? '');
        return value === undefined || 'ColumnRef' in value ? value : { CaseExpr: { args: [{ CaseWhen: { expr: { NullTest: { arg: found.witness, nulltesttype: 'IS_NOT_NULL' } }, result: value } }] } };
      });
    const targetList = (select.targetList ?? []).map((target): Node => {
      const name = targetName(target);
      const value = 'ResTarget' in target && target.ResTarget.val !== undefined ? above(target.ResTarget.val) : undefined;
      return 'ResTarget' in target && value !== undefined ? { ResTarget: { ...target.ResTarget, ...(name !== undefined && targetName({ ResTarget: { val: value } }) !== name && { name }), val: value } } : target;
    });
    const condition = allOf([...(quals === undefined ? [] : conditionsOf(inside(quals))), ...found.conditions]);
    for (const key of ['whereClause', 'havingClause'] as const) if (select[key] !== undefined) select[key] = above(select[key]);
    for (const key of ['groupClause', 'sortClause'] as const) if (select[key] !== undefined) select[key] = select[key].map(above);
    select.targetList = targetList;
    join.JoinExpr.rarg = found.item;
    if (condition !== undefined) join.JoinExpr.quals = condition;
    return {};
  },
};

interface OpenedTable {
  readonly item: Node;
  /** What each result column of the sub-select is, of the table under the sub-select's name. */
  readonly values: ReadonlyMap<string, Node>;
  readonly conditions: readonly Node[];
  /** A column that is NULL for rows without a partner only. */
  readonly witness: Node;
}

function openedTable(inner: SelectStmt, alias: string, on: Surroundings): OpenedTable | undefined {
  const [item, ...more] = inner.fromClause ?? [];
  const plain = inner.groupClause ?? inner.havingClause ?? inner.distinctClause ?? inner.sortClause ?? inner.limitCount ?? inner.limitOffset ?? inner.withClause ?? inner.windowClause ?? inner.lockingClause;
  if (plain !== undefined || item === undefined || more.length > 0 || !('RangeVar' in item)) return undefined;
  const [name = ''] = fromNames(inner) ?? [];
  const column = on.sureColumn(name, []);
  if (column === undefined || somePart([inner.targetList, inner.whereClause], (node) => 'SubLink' in node || 'A_Star' in node)) return undefined;
  const moved = (node: Node): Node | undefined => {
    const copy = structuredClone(node);
    const holder: Node = { ResTarget: { val: copy } };
    qualify(holder, name);
    if (ownColumn(holder, new Set([name])) !== 'own') return undefined;
    return replaced(copy, (part) => ('ColumnRef' in part && nameOf(part.ColumnRef.fields).schema === name ? columnRef(alias, nameOf(part.ColumnRef.fields).name) : undefined));
  };
  const values = new Map<string, Node>();
  for (const target of inner.targetList ?? []) {
    const output = targetName(target);
    const value = 'ResTarget' in target && target.ResTarget.val !== undefined && on.isPlain(target) ? moved(target.ResTarget.val) : undefined;
    if (output === undefined || value === undefined) return undefined;
    values.set(output, asText(value, on));
  }
  const conditions = conditionsOf(inner.whereClause).map(moved);
  if (!conditions.every((condition) => condition !== undefined)) return undefined;
  return { item: { RangeVar: { ...item.RangeVar, alias: { aliasname: alias } } }, values, conditions, witness: columnRef(alias, column) };
}

/** What a sub-select selects as a literal without a type is text (postgresql.org/docs/18/typeconv-select.html). */
function asText(value: Node, { parser }: Surroundings): Node {
  if (!('A_Const' in value) || (value.A_Const.sval === undefined && value.A_Const.isnull !== true)) return value;
  return parser.expression(`${parser.text(value)}::text`) ?? value;
}

/** The column of the sub-select that a reference names; one that does not say whose it is counts as no reference. */
function columnOf(node: Node, alias: string): string | undefined {
  if (!('ColumnRef' in node) || soleName(node) !== undefined) return undefined;
  const { schema, name } = nameOf(node.ColumnRef.fields);
  return schema === alias ? name : undefined;
}
