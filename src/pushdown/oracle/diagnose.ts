import type { Node } from '../parser.ts';
import type { Reason } from '../types.ts';
import { readCast, readDomain, readFunctions, readOperators, readType } from './catalog.ts';
import type { ColumnFacts, RoutineFacts, TypeFacts } from './catalog.ts';
import type { Culprit, Question } from './culprits.ts';
import { everyPart, isConstant, nameOf, operands, substitute } from './expression.ts';
import { sessionFunctions, systemColumns, unsupportedNode } from './node-types.ts';

/** What a diagnosis knows beside the expression. */
export interface Ground {
  readonly question: Question;
  readonly versionNum: number;
  /** The server's name and the names in its option `extensions`. */
  readonly server: string;
  readonly extensions: readonly string[];
  /** The column that a reference means. */
  readonly column: (node: Node) => ColumnFacts | undefined;
  /** A text column of the database's default collation, for trying out constants. */
  readonly textColumn: Node | undefined;
  /** What stands for the statement's parameters, with the parameter. */
  readonly parameters: ReadonlyMap<Node, Node>;
}

/**
 * Why the smallest part of an expression stays here. Only what the catalogs, the planner or the kind of the
 * node itself show; empty where nothing of that explains it.
 */
export async function diagnose(ground: Ground, { node, original }: Culprit): Promise<readonly Reason[]> {
  const shown = ground.question.parser.text(original);
  if (isConstant(node)) return resultReasons(ground, node, shown);
  if (ground.parameters.has(node)) return parameterReasons(ground, node, shown);
  const unsupported = unsupportedNode(node, ground.versionNum);
  if (unsupported !== undefined) {
    return unsupported.session
      ? [{ id: 'session-function', subject: unsupported.name, message: `${unsupported.name} is a value of this session; the remote would have another` }]
      : [{ id: 'unsupported-expression', subject: unsupported.name, message: `${unsupported.name} is not sent, whatever it works on` }, ...(await constantReasons(ground, node))];
  }
  if ('ColumnRef' in node) return columnReasons(ground, node, shown);
  if ('CollateClause' in node) {
    const name = nameOf(node.CollateClause.collname).name;
    return [{ id: 'collation', subject: name, message: `COLLATE "${name}" does not come from a column of the foreign table` }];
  }
  const own = await routineReasons(ground, node, shown);
  const type = [...(await resultReasons(ground, node, shown)), ...(await constantReasons(ground, node))];
  if (own.length > 0 || type.length > 0) return [...own, ...(await textReasons(ground, node, own, shown)), ...type];
  return collationReasons(ground, node, shown);
}

/** What a mutable function would stay for even if it were not: text constants, and no column that supplies their collation. */
async function textReasons(ground: Ground, node: Node, own: readonly Reason[], shown: string): Promise<readonly Reason[]> {
  if (!('FuncCall' in node) || !own.some(({ id }) => id === 'mutable-function')) return [];
  if (everyPart(node).some((part) => (ground.column(part)?.collation ?? 0) !== 0)) return [];
  const texts: string[] = [];
  // What is not printed with its type has none, among arguments of any type; but EXTRACT's field has no place for one.
  const isTyped = (part: Node): boolean => 'TypeCast' in part || node.FuncCall.funcformat === 'COERCE_SQL_SYNTAX';
  for (const { node: part } of operands(node)) if (isConstant(part) && isTyped(part) && (await typeOf(ground, part)) === textOid) texts.push(ground.question.parser.text(part));
  return texts.length === 0 ? [] : [collationOf(texts, shown)];
}

function collationOf(texts: readonly string[], shown: string): Reason {
  const names = texts.join(', ');
  return { id: 'collation', subject: names, message: `the text ${names} in ${shown} brings a collation that no column of the foreign table supplies` };
}

/** A column stays for its type, or for being a system column. */
function columnReasons(ground: Ground, node: Node, shown: string): readonly Reason[] {
  const column = ground.column(node);
  if (column !== undefined) return typeReasons(ground, column.type, `column ${shown}`);
  const name = 'ColumnRef' in node ? nameOf(node.ColumnRef.fields).name : '';
  return systemColumns.has(name) ? [{ id: 'system-column', subject: name, message: `the system column ${name} is made here; of these only ctid is sent` }] : [];
}

function typeReasons(ground: Ground, type: TypeFacts, of: string): readonly Reason[] {
  if (type.builtin) return [];
  const { extension } = type;
  if (extension !== undefined && !ground.extensions.includes(extension)) {
    return [{ id: 'extension-not-listed', subject: extension, message: `${of} is of the type ${type.name} of the extension ${extension}, which the option extensions of server ${ground.server} does not list` }];
  }
  if (extension !== undefined && type.array && ground.versionNum < 170000) {
    return [{ id: 'extension-array', subject: type.name, message: `${of} is of the type ${type.name}: arrays of extension types are sent from PostgreSQL 17 on` }];
  }
  if (extension !== undefined) return [];
  const kind = type.kind === 'other' || type.kind === 'base' ? 'type' : type.kind;
  return [{ id: 'type-not-shippable', subject: type.name, message: `${of} is of the ${kind === 'type' ? '' : `${kind} `}type ${type.name}, which is neither built in nor of a listed extension` }];
}

/** What a function, operator or cast is, by the catalogs. */
async function routineReasons(ground: Ground, node: Node, shown: string): Promise<readonly Reason[]> {
  if ('FuncCall' in node) {
    const { schema, name } = nameOf(node.FuncCall.funcname);
    const types: number[] = [];
    for (const arg of node.FuncCall.args ?? []) types.push((await typeOf(ground, arg)) ?? 0);
    const candidates = await readFunctions(ground.question.prober, schema, name, types);
    return candidateReasons(ground, 'function', name, shown, candidates);
  }
  if ('A_Expr' in node) {
    const { lexpr, rexpr, kind } = node.A_Expr;
    const { schema, name } = nameOf(node.A_Expr.name);
    const left = lexpr === undefined ? 0 : await typeOf(ground, lexpr);
    // `= ANY (array)`: the operator works on the elements, which are of the other side's type here.
    const right = kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL' || kind === 'AEXPR_IN' ? left : rexpr === undefined ? undefined : await typeOf(ground, rexpr);
    return candidateReasons(ground, 'operator', name, shown, await readOperators(ground.question.prober, schema, name, left, right));
  }
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) {
    const domain = await domainOf(ground, node);
    if (domain !== undefined) {
      return [{ id: 'unsupported-expression', subject: shown, message: `the cast ${shown} checks a domain, and such casts are not sent` }, ...typeReasons(ground, domain, shown)];
    }
    const [source, target] = [await typeOf(ground, node.TypeCast.arg), await typeOf(ground, node)];
    if (source === undefined || target === undefined) return [];
    const cast = await readCast(ground.question.prober, source, target);
    if (cast.method === 'array') return [{ id: 'unsupported-expression', subject: shown, message: `the array cast ${shown} is not sent` }];
    if (cast.method === 'io') return [{ id: 'unsupported-expression', subject: shown, message: `the cast ${shown} goes through the text form, and such casts are not sent` }];
    if (cast.volatility !== 'i') return [mutable(shown, cast.volatility, 'the cast')];
  }
  return [];
}

/** Exact matches speak for themselves; else all that may be meant must agree. */
function candidateReasons(ground: Ground, what: 'function' | 'operator', name: string, shown: string, candidates: readonly RoutineFacts[]): readonly Reason[] {
  const exact = candidates.filter((each) => each.exact);
  const meant = exact.length > 0 ? exact : candidates;
  const [first] = meant;
  if (first === undefined) return [];
  const reasons: Reason[] = [];
  if (meant.every((each) => each.volatility === first.volatility) && first.volatility !== 'i') {
    const signature = what === 'function' ? first.signature : exact.length > 0 ? first.signature : name;
    if (what === 'function' && sessionFunctions.has(name)) {
      reasons.push({ id: 'session-function', subject: shown, message: `${shown} is a value of this session; the remote would have another` });
    } else {
      reasons.push(mutable(meant.length === 1 ? signature : name, first.volatility, `the ${what}`));
    }
  }
  if (meant.every((each) => !each.builtin && each.extension === first.extension)) {
    const label = meant.length === 1 ? first.signature : name;
    if (first.extension === undefined) {
      reasons.push({ id: `${what}-not-shippable`, subject: label, message: `the ${what} ${label} is neither built in nor of a listed extension: the remote may not have it` });
    } else if (!ground.extensions.includes(first.extension)) {
      reasons.push({ id: 'extension-not-listed', subject: first.extension, message: `the ${what} ${label} is of the extension ${first.extension}, which the option extensions of server ${ground.server} does not list` });
    }
  }
  return reasons;
}

function mutable(subject: string, volatility: string, what: string): Reason {
  const word = volatility === 'v' ? 'VOLATILE' : 'STABLE';
  return { id: 'mutable-function', subject, message: `${what} ${subject} is ${word}: only what is IMMUTABLE is sent` };
}

/** A result of a type that is not sent. */
async function resultReasons(ground: Ground, node: Node, shown: string): Promise<readonly Reason[]> {
  const oid = await typeOf(ground, node);
  const type = oid === undefined || oid < 10000 ? undefined : await readType(ground.question.prober, oid);
  return type === undefined ? [] : typeReasons(ground, type, shown);
}

/** A parameter of a type that is not sent; of a domain, which Describe does not tell, its cast does. */
async function parameterReasons(ground: Ground, node: Node, shown: string): Promise<readonly Reason[]> {
  const domain = await domainOf(ground, node);
  return domain === undefined ? resultReasons(ground, node, shown) : typeReasons(ground, domain, shown);
}

/** Constants of a type that is not sent, or that name an object which is not: they are not asked about by themselves. */
async function constantReasons(ground: Ground, node: Node): Promise<readonly Reason[]> {
  const reasons: Reason[] = [];
  for (const { node: constant } of operands(node).filter((part) => isConstant(part.node))) {
    for (const part of everyPart(constant)) {
      const shown = ground.question.parser.text(part);
      const domain = 'TypeCast' in part ? await domainOf(ground, part) : undefined;
      reasons.push(...(domain === undefined ? await resultReasons(ground, part, shown) : typeReasons(ground, domain, shown)));
      reasons.push(...objectReasons(ground, part, shown));
    }
  }
  return reasons;
}

/** Types whose constants name an object that the remote must have: checked from 16 on (31e5b50292). */
const objectTypes: ReadonlySet<string> = new Set(['regproc', 'regprocedure', 'regoper', 'regoperator', 'regclass', 'regtype', 'regcollation', 'regconfig', 'regdictionary']);

function objectReasons(ground: Ground, node: Node, shown: string): readonly Reason[] {
  if (ground.versionNum < 160000 || !('TypeCast' in node) || !objectTypes.has(nameOf(node.TypeCast.typeName?.names).name)) return [];
  return [{ id: 'object-not-shippable', subject: shown, message: `${shown} names an object that is neither built in nor of a listed extension: the remote may not have it` }];
}

/** The domain that a cast is to; Describe would give its base type (SendRowDescriptionMessage). */
async function domainOf(ground: Ground, node: Node): Promise<TypeFacts | undefined> {
  if (!('TypeCast' in node) || (node.TypeCast.typeName?.arrayBounds ?? []).length > 0) return undefined;
  const { schema, name } = nameOf(node.TypeCast.typeName?.names);
  return readDomain(ground.question.prober, schema, name);
}

/** Columns of different collations: one side is relabelled, and a relabelled column no longer supplies its collation. */
export function columnCollationReasons(ground: Ground, node: Node): readonly Reason[] {
  const columns = everyPart(node).flatMap((part) => ground.column(part) ?? []);
  const collations = new Map(columns.filter((column) => column.collation !== 0).map((column) => [column.collation, column]));
  if (collations.size < 2) return [];
  const names = [...collations.values()].map((column) => `${column.name} (${column.collationName ?? '?'})`);
  return [{ id: 'collation', subject: names.join(', '), message: `its columns have different collations: ${names.join(' and ')}` }];
}

/** Nothing else explains it: then it is the collation, if the planner says so when the constants become a column. */
async function collationReasons(ground: Ground, node: Node, shown: string): Promise<readonly Reason[]> {
  for (const part of everyPart(node)) {
    if ('CollateClause' in part) {
      const name = nameOf(part.CollateClause.collname).name;
      return [{ id: 'collation', subject: name, message: `COLLATE "${name}" does not come from a column of the foreign table` }];
    }
  }
  const columns = columnCollationReasons(ground, node);
  if (columns.length > 0) return columns;
  const name = everyPart(node).find((part) => 'TypeCast' in part && !isConstant(part) && nameOf(part.TypeCast.typeName?.names).name === 'name');
  if (name !== undefined) {
    const cast = ground.question.parser.text(name);
    return [{ id: 'collation', subject: cast, message: `${cast} has the collation "C" of the type name, which no column of the foreign table supplies` }];
  }
  const constants = operands(node).map((part) => part.node).filter((part) => isConstant(part));
  const { textColumn, question } = ground;
  const columnsFor = new Map<Node, Node | undefined>();
  for (const constant of constants) {
    const type = await typeOf(ground, constant);
    if (type === textOid) columnsFor.set(constant, textColumn);
    else if (type === textArrayOid) columnsFor.set(constant, textColumn && { A_ArrayExpr: { elements: [textColumn] } });
  }
  const texts = [...columnsFor.keys()].map((text) => question.parser.text(text));
  if (texts.length === 0) return [];
  if (textColumn === undefined) {
    // Nothing to try it with; but what compares or calls with a text, and has no column to bring its collation, is never sent (foreign_expr_walker).
    return ('FuncCall' in node || 'A_Expr' in node) && everyPart(node).every((part) => (ground.column(part)?.collation ?? 0) === 0) ? [collationOf(texts, shown)] : [];
  }
  const replaced = plainCall(substitute(node, new Map([...columnsFor].flatMap(([constant, column]) => (column === undefined ? [] : [[constant, column]])))));
  if ((await question.prober.ask(question.parser.text(replaced), question.relations, question.open)) !== 'ships') return [];
  return [collationOf(texts, shown)];
}

/**
 * A comparison with the value of a sub-select that runs before: its type is not known from the plan, but a value of
 * the column's type and collation would do. So it is the value's own collation.
 */
export async function valueCollationReasons(ground: Ground, node: Node): Promise<readonly Reason[]> {
  if (!('A_Expr' in node)) return [];
  const sides = [node.A_Expr.lexpr, node.A_Expr.rexpr].filter((side) => side !== undefined);
  const value = sides.find((side) => 'ParamRef' in side);
  const other = sides.find((side) => side !== value);
  if (value === undefined || other === undefined || sides.length < 2) return [];
  const oid = await typeOf(ground, other);
  const type = oid === undefined ? undefined : await readType(ground.question.prober, oid);
  if (type?.collatable !== true) return [];
  const { prober, parser, relations, open } = ground.question;
  const standIn = parser.expression(`(SELECT NULL::${type.name} OFFSET 0)`);
  const asked = standIn === undefined ? undefined : substitute(node, new Map([[value, standIn]]));
  if (asked === undefined || (await prober.ask(parser.text(asked), relations, open)) !== 'ships') return [];
  return [{ id: 'collation', subject: 'the sub-select', message: 'the value of the sub-select has a collation of its own, which no column of the foreign table supplies' }];
}

/** EXTRACT (year FROM x) and x AT TIME ZONE 'UTC' as calls, whose arguments may be anything. */
function plainCall(node: Node): Node {
  return 'FuncCall' in node ? { FuncCall: { ...node.FuncCall, funcformat: 'COERCE_EXPLICIT_CALL' } } : node;
}

/**
 * An aggregate by what the catalogs say of it; its arguments are looked at for themselves.
 *
 * @returns undefined where the call is of no aggregate
 */
export async function aggregateReasons(ground: Ground, node: Node): Promise<readonly Reason[] | undefined> {
  if (!('FuncCall' in node)) return undefined;
  const { schema, name } = nameOf(node.FuncCall.funcname);
  const types: number[] = [];
  // Of an ordered-set aggregate what it is ordered by is among its arguments.
  const keys = node.FuncCall.agg_within_group === true ? orderKeys(node) : [];
  for (const arg of [...(node.FuncCall.args ?? []), ...keys]) types.push((await typeOf(ground, arg)) ?? 0);
  const candidates = await readFunctions(ground.question.prober, schema, name, types);
  if (candidates.length === 0 || !candidates.every((each) => each.aggregate)) return undefined;
  const reasons = candidateReasons(ground, 'function', name, ground.question.parser.text(node), candidates);
  return reasons.map((reason) => (reason.id === 'function-not-shippable' ? { ...reason, id: 'aggregate-not-shippable' } : reason));
}

/** The keys of `agg(x ORDER BY key)` and of `agg(x) WITHIN GROUP (ORDER BY key)`. */
export function orderKeys(node: Node): readonly Node[] {
  const keys = 'FuncCall' in node ? (node.FuncCall.agg_order ?? []) : [];
  return keys.flatMap((key) => ('SortBy' in key && key.SortBy.node !== undefined ? [key.SortBy.node] : []));
}

/** pg_type.dat: the OIDs of text and text[]. */
const textOid = 25;
const textArrayOid = 1009;

function typeOf(ground: Ground, node: Node): Promise<number | undefined> {
  return ground.question.prober.typeOf(ground.question.parser.text(node), ground.question.relations);
}
