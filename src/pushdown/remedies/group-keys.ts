import type { Node, SelectStmt } from '../parser.ts';
import type { Surroundings } from './rule.ts';
import { fromNames } from './select.ts';

/**
 * The expressions of a plain GROUP BY, a position or the name of a result column replaced by what is selected there. A
 * column of a relation comes before a result column of that name, unlike in ORDER BY (postgresql.org/docs/18/sql-select.html).
 */
export function keysOfGroups(select: SelectStmt, on: Surroundings): readonly Node[] {
  return (select.groupClause ?? []).map((key) => groupKey(select, key, on));
}

/** One of them. */
export function groupKey(select: SelectStmt, key: Node, on: Surroundings): Node {
  const { targetList } = select;
  const position = 'A_Const' in key ? key.A_Const.ival?.ival : undefined;
  if (position !== undefined) return valueOf(targetList?.[position - 1]) ?? key;
  const name = soleName(key);
  const relations = fromNames(select);
  if (name === undefined || relations === undefined || [...relations].some((each) => on.hasColumn(each, name))) return key;
  return valueOf((targetList ?? []).find((target) => 'ResTarget' in target && target.ResTarget.name === name)) ?? key;
}

/** The name of a column that is not said whose it is. */
export function soleName(node: Node): string | undefined {
  const [name, ...more] = 'ColumnRef' in node ? (node.ColumnRef.fields ?? []) : [];
  return name !== undefined && more.length === 0 && 'String' in name ? name.String.sval : undefined;
}

/** The name that a result column has; undefined where PostgreSQL makes one up. */
export function targetName(target: Node): string | undefined {
  if (!('ResTarget' in target)) return undefined;
  const { name, val } = target.ResTarget;
  if (name !== undefined || val === undefined) return name;
  if ('GroupingFunc' in val) return 'grouping';
  const last = 'ColumnRef' in val ? val.ColumnRef.fields?.at(-1) : 'FuncCall' in val ? val.FuncCall.funcname?.at(-1) : undefined;
  return last !== undefined && 'String' in last ? last.String.sval : undefined;
}

function valueOf(target: Node | undefined): Node | undefined {
  return target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
}
