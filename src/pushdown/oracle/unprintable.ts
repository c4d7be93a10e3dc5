import type { Node, Parser } from '../parser.ts';
import { everyPart, nameOf, substitute } from './expression.ts';
import { parameterOf } from './sub-selects.ts';

/** An expression without JSON_EXISTS, JSON_VALUE and JSON_QUERY, which are never sent, and which pgsql-deparser cannot write. */
export interface WithoutJson {
  /** With a value of the same type in place of each. */
  readonly root: Node;
  /** Those values. */
  readonly values: readonly Node[];
  /** What they work on, to be looked at for itself. */
  readonly within: readonly Node[];
}

/**
 * Takes an expression apart where it could not be written as SQL again to ask about it.
 *
 * @param standsFor gets what to show for each value
 */
export function withoutJson(parser: Parser, root: Node, standsFor: Map<Node, Node>): WithoutJson {
  const by = new Map<Node, Node>();
  const within: Node[] = [];
  for (const part of everyPart(root)) {
    if ('FuncCall' in part && nameOf(part.FuncCall.funcname).name === 'xmlexists') by.set(part, { FuncCall: { ...part.FuncCall, funcformat: 'COERCE_EXPLICIT_CALL' } });
    if (!('JsonFuncExpr' in part)) continue;
    const { op, output, context_item: item, passing } = part.JsonFuncExpr;
    const name = names[op ?? ''] ?? 'JSON_VALUE';
    const type = output?.typeName === undefined ? undefined : castTo(parser, output.typeName);
    const value = type ?? parameterOf(parser, types[name] ?? 'text');
    if (value === undefined) continue;
    by.set(part, value);
    standsFor.set(value, { ColumnRef: { fields: [{ String: { sval: `${name}(…)` } }] } });
    const items = [item, ...(passing ?? []).map((each) => ('JsonArgument' in each ? each.JsonArgument.val : undefined))];
    within.push(...items.flatMap((each) => each?.raw_expr ?? []));
  }
  return { root: substitute(root, by), values: [...by.values()].filter((value) => standsFor.has(value)), within };
}

/** As parameterOf, of a type as it is parsed. */
function castTo(parser: Parser, typeName: Extract<Node, { readonly TypeCast: unknown }>['TypeCast']['typeName']): Node | undefined {
  const cast: Node = { TypeCast: { arg: { A_Const: { isnull: true } }, ...(typeName !== undefined && { typeName }) } };
  const select = parser.expression(`(SELECT ${parser.text(cast)} OFFSET 0)`);
  return select === undefined ? undefined : { TypeCast: { arg: select, ...(typeName !== undefined && { typeName }) } };
}

const names: Readonly<Record<string, string>> = { JSON_EXISTS_OP: 'JSON_EXISTS', JSON_QUERY_OP: 'JSON_QUERY', JSON_VALUE_OP: 'JSON_VALUE' };

/** What they give unless RETURNING says otherwise (postgresql.org/docs/17/functions-json.html). */
const types: Readonly<Record<string, string>> = { JSON_EXISTS: 'boolean', JSON_QUERY: 'jsonb', JSON_VALUE: 'text' };
