import type { Prober } from '../oracle/prober.ts';
import type { Node, Parser } from '../parser.ts';
import { replaced, somePart } from './aggregates.ts';
import { everyNode, isRowless } from './tree.ts';

/**
 * The types of what COALESCE, NULLIF, GREATEST, LEAST, sum and avg work on, as far as that is neither a column nor a constant, and
 * of what a day or a time is compared with, by text. PostgreSQL is asked, by Describe, with a NULL of each column's type in its place: a type never depends on more.
 */
export async function argumentTypes(root: unknown, typeOfColumn: (node: Node) => string | undefined, parser: Parser, prober: Prober): Promise<ReadonlyMap<string, string>> {
  const asked = new Map<string, string>();
  const nodes = [...everyNode(root)];
  for (const part of nodes.flatMap(argumentsOf)) {
    const typed = 'ColumnRef' in part || 'A_Const' in part ? undefined : withoutColumns(part, typeOfColumn, parser);
    if (typed !== undefined) asked.set(parser.text(part), parser.text(typed));
  }
  for (const part of nodes.flatMap((node) => besideTimes(node, typeOfColumn))) asked.set(parser.text(part), parser.text(part));
  const oids = new Map<string, number>();
  for (const [text, typed] of asked) {
    const [column] = (await prober.describe(`SELECT ${typed}`)) ?? [];
    if (column !== undefined) oids.set(text, column.oid);
  }
  if (oids.size === 0) return new Map();
  const rows = await prober.read<{ oid: string; name: string }>('SELECT o::text AS oid, pg_catalog.format_type(o, NULL) AS name FROM unnest($1::pg_catalog.oid[]) o', [[...oids.values()]]);
  const names = new Map(rows.map(({ oid, name }) => [Number(oid), name]));
  return new Map([...oids].flatMap(([text, oid]): readonly (readonly [string, string])[] => {
    const name = names.get(oid);
    return name === undefined ? [] : [[text, name]];
  }));
}

function argumentsOf(node: Node): readonly Node[] {
  if ('CoalesceExpr' in node) return node.CoalesceExpr.args ?? [];
  if ('MinMaxExpr' in node) return node.MinMaxExpr.args ?? [];
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_NULLIF') return [node.A_Expr.lexpr, node.A_Expr.rexpr].filter((side) => side !== undefined);
  const last = 'FuncCall' in node ? node.FuncCall.funcname?.at(-1) : undefined;
  return 'FuncCall' in node && last !== undefined && 'String' in last && ['sum', 'avg'].includes(last.String.sval ?? '') ? (node.FuncCall.args ?? []) : [];
}

/** What a day or a time with a zone is compared with, if that is computed without a row; parameters within have their types by themselves. */
function besideTimes(node: Node, typeOfColumn: (node: Node) => string | undefined): readonly Node[] {
  if (!('A_Expr' in node)) return [];
  const { lexpr, rexpr } = node.A_Expr;
  const sides = [lexpr, ...(rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : [rexpr])].filter((side) => side !== undefined);
  const isTime = (side: Node): boolean => 'ColumnRef' in side && ['date', 'timestamp with time zone'].includes(typeOfColumn(side) ?? '');
  return sides.some(isTime) ? sides.filter((side) => !('A_Const' in side) && !('ParamRef' in side) && isRowless(side)) : [];
}

/** undefined: of some column the type is not known, or there is more than columns. */
function withoutColumns(node: Node, typeOfColumn: (node: Node) => string | undefined, parser: Parser): Node | undefined {
  if (somePart(node, (part) => 'SubLink' in part || 'ParamRef' in part || ('ColumnRef' in part && typeOfColumn(part) === undefined))) return undefined;
  const holder: Node = { ResTarget: { val: node } };
  const typed = replaced(holder, (part) => ('ColumnRef' in part ? parser.expression(`NULL::${typeOfColumn(part) ?? 'text'}`) : undefined));
  return 'ResTarget' in typed ? typed.ResTarget.val : undefined;
}
