import { tokens } from '../queries/lexer.ts';
import type { Parser } from '../parser.ts';
import { unquote } from '../plan/relations.ts';
import { isSubPlan, withoutInitPlans, withoutSubPlans } from '../plan/sub-plans.ts';

/**
 * What an expression is made of, however it is written: columns, functions, operators, constants, each with how
 * often. A plan prints the user's expression with casts, other aliases and folded constants; its make-up stays.
 */
export type Features = ReadonlyMap<string, number>;

/** The features of parsed nodes, taken together. */
export function featuresOf(...nodes: readonly unknown[]): Features {
  const found = new Map<string, number>();
  const add = (feature: string): void => {
    const times = found.get(feature) ?? 0;
    if (times > 0 || found.size < most) found.set(feature, times + 1);
  };
  for (const node of nodes) collect(node, add);
  return found;
}

/** So many different features tell any two expressions apart; a list of a million constants has no more. */
const most = 1000;

/** The features of an expression as a plan prints it; of one that no parser takes, its words. */
export function featuresOfText(parser: Parser, text: string): Features {
  const node = parser.expression(parsable(text));
  if (node !== undefined) return featuresOf(node);
  const found = new Map<string, number>();
  for (const token of tokens(text)) {
    const word = text.slice(token.start, token.end);
    const next = text.charAt(token.end);
    // Keywords are printed in capitals; a qualifier is of no help.
    if (next === '.' || word === word.toUpperCase()) continue;
    if (token.kind === 'word' || token.kind === 'quoted-name') found.set(`${next === '(' ? 'function' : 'column'} ${unquote(word)}`, 1);
  }
  return found;
}

/** As a parser takes it: with parameters for what only a plan has. */
export function parsable(text: string): string {
  return withoutInitPlans(withoutSubPlans(text).text);
}

/** The features of several, taken together: parsed at once where they can be. */
export function featuresOfTexts(parser: Parser, texts: readonly string[]): Features {
  if (texts.length < 2) return joined(texts.map((text) => featuresOfText(parser, text)));
  const statement = parser.parse(`SELECT ${texts.map(parsable).join(', ')}`)?.stmts?.[0]?.stmt;
  const targets = statement !== undefined && 'SelectStmt' in statement ? (statement.SelectStmt.targetList ?? []) : [];
  // Another number of them: a text that is no expression by itself.
  return targets.length === texts.length ? featuresOf(targets) : joined(texts.map((text) => featuresOfText(parser, text)));
}

/** Both together. */
export function joined(all: readonly Features[]): Features {
  const [first, ...others] = all;
  if (first !== undefined && others.length === 0) return first;
  const sum = new Map<string, number>();
  for (const each of all) for (const [feature, times] of each) sum.set(feature, (sum.get(feature) ?? 0) + times);
  return sum;
}

/** From 0 (nothing in common) to 1 (the same); what names something counts more than operators and kinds. */
export function likeness(a: Features, b: Features): number {
  let common = 0;
  for (const [feature, times] of a) common += Math.min(times, b.get(feature) ?? 0) * weight(feature);
  const all = total(a) + total(b);
  return all === 0 ? 0 : (2 * common) / all;
}

function total(features: Features): number {
  let sum = 0;
  for (const [feature, times] of features) sum += times * weight(feature);
  return sum;
}

/** A constant may be printed otherwise than it was written, or be folded with others. */
function weight(feature: string): number {
  if (feature.startsWith('operator ') || feature.startsWith('is ')) return 1;
  return feature.startsWith('constant ') ? 2 : feature.startsWith('function ') ? 4 : 3;
}

/** A sub-select in an expression, whatever it is. */
export const subSelect = 'sub-select';

type Json = Readonly<Record<string, unknown>>;

/** Node types that are a feature by themselves; their operands are looked at too. */
const named: ReadonlySet<string> = new Set(['CoalesceExpr', 'MinMaxExpr', 'CaseExpr', 'BooleanTest', 'NullTest', 'RowExpr', 'GroupingFunc', 'JsonFuncExpr', 'JsonIsPredicate', 'XmlExpr']);

function collect(value: unknown, add: (feature: string) => void): void {
  if (Array.isArray(value)) {
    for (const each of value) collect(each, add);
    return;
  }
  if (!isJson(value)) return;
  for (const key of Object.keys(value)) collectNode(key, value[key], add);
}

function collectNode(key: string, each: unknown, add: (feature: string) => void): void {
  if (!isJson(each)) {
    collect(each, add);
    return;
  }
  if (named.has(key)) add(`is ${key}`);
  switch (key) {
    case 'ColumnRef':
      add(`column ${lastName(each['fields']) ?? '*'}`);
      return;
    case 'FuncCall':
      add(`function ${lastName(each['funcname']) ?? ''}`);
      collect([each['args'], each['agg_filter'], each['agg_order']], add);
      return;
    case 'A_Expr':
      for (const operator of operatorsOf(each)) add(`operator ${operator}`);
      collect(each['lexpr'], add);
      collectOperand(each['rexpr'], each['kind'] === 'AEXPR_OP_ANY' || each['kind'] === 'AEXPR_OP_ALL', add);
      return;
    case 'BoolExpr':
      if (each['boolop'] !== 'AND_EXPR') add(`is ${String(each['boolop'])}`);
      collect(each['args'], add);
      return;
    case 'A_Const':
      add(`constant ${constantOf(each)}`);
      return;
    case 'SQLValueFunction':
      add(`function ${String(each['op'])}`);
      return;
    case 'ParamRef':
      // Remote SQL numbers its parameters anew.
      add(isSubPlan(each['number']) ? subSelect : 'is a parameter');
      return;
    case 'TypeCast':
      collect(each['arg'], add);
      return;
    case 'SubLink':
      add(subSelect);
      collect(each['testexpr'], add);
      return;
    case 'CollateClause':
      add(`collation ${lastName(each['collname']) ?? ''}`);
      collect(each['arg'], add);
      return;
    default:
      collect(each, add);
  }
}

/** The members of an array that stands as a constant: `= ANY ('{a,b}')` is what IN becomes. */
function collectOperand(operand: unknown, isArray: boolean, add: (feature: string) => void): void {
  const constant = isArray ? innerConstant(operand) : undefined;
  if (constant === undefined || !constant.startsWith('{')) collect(operand, add);
  else for (const member of constant.slice(1, -1).split(',', most)) add(`constant ${unquote(member)}`);
}

function innerConstant(node: unknown): string | undefined {
  if (!isJson(node)) return undefined;
  const { A_Const: constant, TypeCast: cast } = node;
  if (isJson(constant)) return constantOf(constant);
  return isJson(cast) ? innerConstant(cast['arg']) : undefined;
}

/** Written as the comparisons that they are planned as. */
function operatorsOf(expression: Json): readonly string[] {
  switch (expression['kind']) {
    case 'AEXPR_BETWEEN':
      return ['>=', '<='];
    case 'AEXPR_NOT_BETWEEN':
      return ['<', '>'];
    default:
      return [lastName(expression['name']) ?? ''];
  }
}

function constantOf(constant: Json): string {
  const { sval, ival, fval, boolval } = constant;
  const value = [sval, ival, fval, boolval].find(isJson);
  if (value === undefined) return constant['isnull'] === true ? 'NULL' : '0';
  const [inner] = Object.values(value);
  if (typeof inner === 'string') return inner;
  if (typeof inner === 'number' || typeof inner === 'boolean') return String(inner);
  // Zero, false and the empty string have no field.
  return isJson(boolval) ? 'false' : isJson(sval) ? '' : '0';
}

/** The last of a list of name parts. */
function lastName(parts: unknown): string | undefined {
  const last: unknown = Array.isArray(parts) ? parts.at(-1) : undefined;
  const string = isJson(last) ? last['String'] : undefined;
  return isJson(string) && typeof string['sval'] === 'string' ? string['sval'] : undefined;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
