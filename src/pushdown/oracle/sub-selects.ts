import type { Node, Parser } from '../parser.ts';
import type { SubPlanUse } from '../plan/sub-plans.ts';
import type { Prober } from './prober.ts';
import { readType } from './catalog.ts';
import { everyPart, operands, substitute } from './expression.ts';

/** The sub-selects of an expression, and what is known of them. */
export interface SubSelects {
  readonly prober: Prober;
  readonly parser: Parser;
  /** By the number of the parameter that stands for each, in the order of the text. */
  readonly uses: ReadonlyMap<number, SubPlanUse>;
  /** What the user wrote for the expression, where that is known and the plan does not tell one kind of sub-select from another. */
  readonly words: string | undefined;
  /** The OID of the type of a column of a sub-plan. */
  readonly typeOf: (subPlan: string, column: number) => Promise<number | undefined>;
  /** A column of a type (by OID) that can be sent. */
  readonly standIn: (type: number) => Node | undefined;
}

/**
 * An expression with a value of the same type in place of each sub-select, so that the planner can be asked about all else in it.
 * One of an unknown type stays the parameter that it is.
 *
 * @param standsFor gets the parameter that each value stands for
 */
export async function withValues(on: SubSelects, root: Node, standsFor: Map<Node, Node>): Promise<Node> {
  const links = linksIn(on);
  const booleans = new Set(booleanParts(root));
  const values = new Map<Node, Node>();
  for (const part of everyPart(root)) {
    const number = 'ParamRef' in part ? (part.ParamRef.number ?? 0) : 0;
    const use = on.uses.get(number);
    if (use === undefined) continue;
    const value = await valueFor(on, use, links[[...on.uses.keys()].indexOf(number)], booleans.has(part), (made) => standsFor.set(made, part));
    if (value !== undefined) values.set(part, value);
  }
  return substitute(root, values);
}

type SubLink = Extract<Node, { readonly SubLink: unknown }>['SubLink'];

async function valueFor(on: SubSelects, use: SubPlanUse, link: SubLink | undefined, boolean: boolean, made: (value: Node) => void): Promise<Node | undefined> {
  const valueOf = async (column: number, array = false): Promise<Node | undefined> => {
    const type = await on.typeOf(use.name, column);
    const value = type === undefined ? undefined : await standIn(on, type, array);
    if (value !== undefined) made(value);
    return value;
  };
  if (use.form === undefined && link?.testexpr !== undefined) return testOf(link, link.testexpr, valueOf);
  switch (use.form ?? formOf(link) ?? (boolean ? 'exists' : 'value')) {
    case 'value':
      return valueOf(use.column);
    case 'array':
      return valueOf(0, true);
    case 'exists': {
      const value = parameterOf(on.parser, 'boolean');
      if (value !== undefined) made(value);
      return value;
    }
  }
}

/**
 * What is compared with the sub-select's rows, `x` of `x IN (SELECT …)`: up to 16 the plan does not show it.
 */
async function testOf(link: SubLink, test: Node, valueOf: (column: number) => Promise<Node | undefined>): Promise<Node | undefined> {
  const name = link.operName ?? [{ String: { sval: '=' } }];
  const wanted = 'RowExpr' in test ? (test.RowExpr.args ?? []) : [test];
  const values: Node[] = [];
  for (const column of wanted.keys()) {
    const value = await valueOf(column);
    if (value === undefined) return undefined;
    values.push(value);
  }
  const [only] = values;
  const rexpr: Node | undefined = 'RowExpr' in test ? { RowExpr: { args: values, row_format: 'COERCE_EXPLICIT_CALL' } } : only;
  return rexpr === undefined ? undefined : { A_Expr: { kind: 'AEXPR_OP', name, lexpr: test, rexpr } };
}

/**
 * A parameter of the type, which can be sent; of a type with a collation a column, if there is one: a column brings its collation,
 * and whatever the sub-select's rows have, that it has none would be no reason of the user's.
 */
async function standIn({ prober, parser, standIn: columnOf }: SubSelects, oid: number, array: boolean): Promise<Node | undefined> {
  const type = await readType(prober, oid);
  if (type === undefined) return undefined;
  const column = type.collatable && !array ? columnOf(oid) : undefined;
  return column ?? parameterOf(parser, `${type.name}${array ? '[]' : ''}`);
}

/**
 * What the planner takes as a parameter of a type: the value of an InitPlan. The cast does nothing, but that `x = ANY (…)` of an array is
 * not taken for a comparison with rows.
 */
export function parameterOf(parser: Parser, type: string): Node | undefined {
  return parser.expression(`CAST((SELECT NULL::${type} OFFSET 0) AS ${type})`);
}

function formOf(link: SubLink | undefined): SubPlanUse['form'] {
  if (link === undefined) return undefined;
  if (link.subLinkType === 'EXISTS_SUBLINK') return 'exists';
  return link.subLinkType === 'ARRAY_SUBLINK' ? 'array' : 'value';
}

/** The sub-selects that the user wrote, if there are as many as in the plan. */
function linksIn({ parser, words, uses }: SubSelects): readonly SubLink[] {
  const root = words === undefined ? undefined : parser.expression(words);
  const links = root === undefined ? [] : everyPart(root).flatMap((part) => ('SubLink' in part ? [part.SubLink] : []));
  return links.length === uses.size ? links : [];
}

/** The parts of an expression that are conditions: a value there would be one of a boolean type. */
function booleanParts(root: Node): readonly Node[] {
  const within = everyPart(root).flatMap((part) => ('BoolExpr' in part ? operands(part).map(({ node }) => node) : []));
  return [root, ...within];
}
