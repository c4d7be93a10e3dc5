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
  return figuredName(val).name;
}

/** As FigureColname does (src/backend/parser/parse_target.c); a name that is only the type of a cast or CASE is weak. */
function figuredName(node: Node): { readonly name?: string | undefined; readonly weak?: boolean } {
  if ('ColumnRef' in node) return { name: lastName(node.ColumnRef.fields) };
  if ('FuncCall' in node) return { name: lastName(node.FuncCall.funcname) };
  if ('GroupingFunc' in node) return { name: 'grouping' };
  if ('CoalesceExpr' in node) return { name: 'coalesce' };
  if ('MinMaxExpr' in node) return { name: node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest' };
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? { name: 'nullif' } : {};
  if ('CollateClause' in node && node.CollateClause.arg !== undefined) return figuredName(node.CollateClause.arg);
  if ('TypeCast' in node) return stronger(node.TypeCast.arg, lastName(node.TypeCast.typeName?.names));
  if ('CaseExpr' in node) return stronger(node.CaseExpr.defresult, 'case');
  if ('A_Indirection' in node) return { name: lastName(node.A_Indirection.indirection) ?? (node.A_Indirection.arg === undefined ? undefined : figuredName(node.A_Indirection.arg).name) };
  return {};
}

function stronger(node: Node | undefined, otherwise: string | undefined): { readonly name?: string | undefined; readonly weak?: boolean } {
  const found = node === undefined ? {} : figuredName(node);
  return found.name === undefined || found.weak === true ? { name: otherwise, weak: true } : found;
}

function lastName(names: readonly Node[] | undefined): string | undefined {
  const last = names?.at(-1);
  return last !== undefined && 'String' in last ? last.String.sval : undefined;
}

function valueOf(target: Node | undefined): Node | undefined {
  return target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
}
