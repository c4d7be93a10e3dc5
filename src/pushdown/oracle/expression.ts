import type { Node } from '../parser.ts';

/** A part of an expression, with a way to put another one in its place. */
export interface Operand {
  readonly node: Node;
  /** A copy of the whole with this part replaced. */
  readonly replace: (by: Node) => Node;
}

/**
 * The operands of an expression node: what it computes from. Type names, function names and the like are no
 * operands; a row's members count as the operands of what holds the row, because a row by itself cannot be
 * asked about.
 */
export function operands(node: Node): readonly Operand[] {
  return [...partsOf(node, operandKeys)].flatMap(({ value, replace }): readonly Operand[] => {
    const inner: Operand = { node: value, replace };
    if (!('RowExpr' in value) && !('List' in value) && !('A_Indices' in value) && !('CaseWhen' in value)) return [inner];
    return operands(value).map((part) => ({ node: part.node, replace: (by) => replace(part.replace(by)) }));
  });
}

/** Where the operands of each node type stand (src/include/nodes/parsenodes.h, primnodes.h). */
const operandKeys: Readonly<Record<string, readonly string[]>> = {
  A_Expr: ['lexpr', 'rexpr'],
  BoolExpr: ['args'],
  FuncCall: ['args', 'agg_filter'],
  TypeCast: ['arg'],
  CoalesceExpr: ['args'],
  MinMaxExpr: ['args'],
  NullTest: ['arg'],
  BooleanTest: ['arg'],
  CaseExpr: ['arg', 'args', 'defresult'],
  CaseWhen: ['expr', 'result'],
  A_ArrayExpr: ['elements'],
  RowExpr: ['args'],
  List: ['items'],
  CollateClause: ['arg'],
  A_Indirection: ['arg', 'indirection'],
  A_Indices: ['lidx', 'uidx'],
  NamedArgExpr: ['arg'],
  XmlExpr: ['args'],
  XmlSerialize: ['expr'],
  JsonIsPredicate: ['expr'],
  JsonScalarExpr: ['expr'],
  JsonArrayConstructor: ['exprs'],
  JsonValueExpr: ['raw_expr'],
};

interface Part {
  readonly value: Node;
  readonly replace: (by: Node) => Node;
}

function* partsOf(node: Node, keys: Readonly<Record<string, readonly string[]>>): Generator<Part> {
  for (const [type, body] of Object.entries(node)) {
    if (!isObject(body)) continue;
    for (const key of keys[type] ?? []) {
      const value: unknown = body[key];
      if (Array.isArray(value)) {
        const list: readonly unknown[] = value;
        for (const [index, each] of list.entries()) {
          if (isNode(each)) yield { value: each, replace: (by) => rebuilt(type, { ...body, [key]: list.with(index, by) }) };
        }
      } else if (isNode(value)) {
        yield { value, replace: (by) => rebuilt(type, { ...body, [key]: by }) };
      }
    }
  }
}

/** A node made of its type's name and its fields, whose types the parser has checked before. */
function rebuilt(type: string, body: object): Node {
  const made: unknown = { [type]: body };
  if (!isNode(made)) throw new TypeError(`no node: ${type}`);
  return made;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is a node: an object with one key, its type. */
function isNode(value: unknown): value is Node {
  return isObject(value) && Object.keys(value).length === 1;
}

/** A copy of an expression with parts replaced, by identity. */
export function substitute(node: Node, by: ReadonlyMap<Node, Node>): Node {
  const direct = by.get(node);
  if (direct !== undefined) return direct;
  let result = node;
  for (const [index, part] of operands(node).entries()) {
    const replaced = substitute(part.node, by);
    if (replaced !== part.node) result = operands(result)[index]?.replace(replaced) ?? result;
  }
  return result;
}

/** Whether any part of an expression fits. */
export function contains(node: Node, fits: (part: Node) => boolean): boolean {
  return fits(node) || operands(node).some((part) => contains(part.node, fits));
}

/** All parts of an expression, itself first. */
export function everyPart(node: Node): readonly Node[] {
  const all: Node[] = [];
  collectParts(node, all);
  return all;
}

function collectParts(node: Node, all: Node[]): void {
  all.push(node);
  for (const part of operands(node)) collectParts(part.node, all);
}

/** A constant, or a constant with a type: `5`, `'x'::text`. */
export function isConstant(node: Node): boolean {
  if ('A_Const' in node) return true;
  return 'TypeCast' in node && node.TypeCast.arg !== undefined && isConstant(node.TypeCast.arg);
}

/** The last part of a list of name parts, and what stands before it. */
export function nameOf(parts: readonly Node[] | undefined): { readonly schema: string | undefined; readonly name: string } {
  const names = (parts ?? []).flatMap((part) => ('String' in part && part.String.sval !== undefined ? [part.String.sval] : []));
  return { schema: names.at(-2), name: names.at(-1) ?? '' };
}
