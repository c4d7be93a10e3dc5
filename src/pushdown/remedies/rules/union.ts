import type { Node, SelectStmt } from '../../parser.ts';
import type { StatementRule, Surroundings } from '../rule.ts';
import { selectOf } from '../select.ts';
import { someKey } from '../tree.ts';
import { isGroupable } from './statements.ts';

/** `SELECT a FROM t WHERE x UNION SELECT a FROM t WHERE y` as `SELECT a FROM t WHERE x OR y GROUP BY 1`: the same rows. */
export const unionAsOr: StatementRule = {
  kind: 'statement',
  cures: ['set-operation'],
  title: 'write UNION of one table with OR and GROUP BY',
  rewrite: (root, on) => {
    if (!('SelectStmt' in root)) return undefined;
    const { SelectStmt: union } = root;
    const sides = sidesOf(union);
    const [first, ...others] = sides ?? [];
    if (first === undefined || others.length === 0 || union.withClause !== undefined || union.lockingClause !== undefined || !on.isStable(root) || someKey(root, (key) => key === 'RangeTableSample')) return undefined;
    const head = headOf(first, on);
    if (![first, ...others].every((side) => isSimple(side, on) && headOf(side, on) === head)) return undefined;
    const conditions = [first, ...others].map(({ whereClause }) => whereClause);
    const wheres = conditions.filter((condition) => condition !== undefined);
    const { sortClause, limitCount, limitOffset, limitOption } = union;
    const whole: SelectStmt = {
      ...first,
      groupClause: (first.targetList ?? []).map((_, index): Node => ({ A_Const: { ival: { ival: index + 1 } } })),
      ...(sortClause !== undefined && { sortClause }),
      ...(limitCount !== undefined && { limitCount }),
      ...(limitOffset !== undefined && { limitOffset }),
      ...(limitOption !== undefined && { limitOption }),
    };
    // A side without a condition has all rows.
    if (wheres.length < conditions.length) delete whole.whereClause;
    else whole.whereClause = { BoolExpr: { boolop: 'OR_EXPR', args: wheres } };
    root.SelectStmt = whole;
    return {};
  },
};

/** The SELECTs of UNIONs of any depth; undefined where there is another set operation. */
function sidesOf(select: SelectStmt): readonly SelectStmt[] | undefined {
  if (select.op === undefined || select.op === 'SETOP_NONE') return [select];
  if (select.op !== 'SETOP_UNION' || select.all === true || select.larg === undefined || select.rarg === undefined) return undefined;
  const [left, right] = [sidesOf(select.larg), sidesOf(select.rarg)];
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}

function isSimple(side: SelectStmt, on: Surroundings): boolean {
  const more = side.groupClause ?? side.havingClause ?? side.distinctClause ?? side.sortClause ?? side.limitCount ?? side.limitOffset ?? side.lockingClause ?? side.windowClause ?? side.withClause ?? side.valuesLists;
  return more === undefined && side.fromClause !== undefined && (side.targetList ?? []).every((target) => isGroupable(target, on));
}

/** What is selected, and from where. */
function headOf({ targetList, fromClause }: SelectStmt, { parser }: Surroundings): string {
  // Only the names of the first side's columns count.
  const values = (targetList ?? []).map((target): Node => ({ ResTarget: 'ResTarget' in target && target.ResTarget.val !== undefined ? { val: target.ResTarget.val } : {} }));
  return parser.text({ SelectStmt: selectOf({ targetList: values, fromClause }) });
}
