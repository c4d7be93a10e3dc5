import type { Node } from '../parser.ts';
import type { Token } from '../queries/lexer.ts';

/** The part of an expression that stands last in its text. */
export interface Leaf {
  readonly location: number;
  readonly is: 'name' | 'parameter' | 'string' | 'number';
  /** How many tokens it takes at least; what it has opened is then to be closed. */
  readonly tokens: number;
  /** Of a number, as it must be written for one token to be all of it. */
  readonly text?: string;
}

/** Whether a token is the first of a leaf. */
export function isStartOf(leaf: Leaf, { kind, start, end }: Token, text: string): boolean {
  switch (leaf.is) {
    case 'name':
      return kind === 'word' || kind === 'quoted-name';
    case 'number':
      return text.slice(start, end) === leaf.text;
    default:
      return kind === leaf.is;
  }
}

/** LIKE with ESCAPE is a call of like_escape, whose last argument stands last too; IN and BETWEEN have a list on their right. */
const plainKinds: ReadonlySet<string> = new Set(['AEXPR_OP', 'AEXPR_LIKE', 'AEXPR_ILIKE', 'AEXPR_IN', 'AEXPR_BETWEEN', 'AEXPR_NOT_BETWEEN']);

/**
 * The last leaf of an expression that is plain: operators, function calls, columns, constants, whose trees say where each
 * part is and leave nothing of the text unsaid. undefined: it is not.
 */
export function lastLeaf(node: Node | undefined): Leaf | undefined {
  if (node === undefined) return undefined;
  if ('ColumnRef' in node) return leaf(node.ColumnRef.location, { is: 'name', tokens: 2 * (node.ColumnRef.fields?.length ?? 0) - 1 });
  if ('ParamRef' in node) return leaf(node.ParamRef.location, { is: 'parameter', tokens: 1 });
  if ('A_Const' in node) {
    const { location, sval, ival } = node.A_Const;
    if (sval !== undefined) return leaf(location, { is: 'string', tokens: 1 });
    return ival === undefined ? undefined : leaf(location, { is: 'number', tokens: 1, text: String(ival.ival ?? 0) });
  }
  if ('A_Expr' in node) {
    const { kind, name, lexpr, rexpr } = node.A_Expr;
    if (kind === undefined || !plainKinds.has(kind) || name?.length !== 1 || (lexpr !== undefined && lastLeaf(lexpr) === undefined)) return undefined;
    return rexpr !== undefined && 'List' in rexpr ? lastOf(rexpr.List.items ?? []) : lastLeaf(rexpr);
  }
  if ('FuncCall' in node) {
    const { location, funcname, funcformat, args = [], agg_filter: filter, over, agg_within_group: within } = node.FuncCall;
    if (funcformat !== 'COERCE_EXPLICIT_CALL' || filter !== undefined || over !== undefined || within === true) return undefined;
    // The name, and the parenthesis.
    return args.length > 0 ? lastOf(args) : leaf(location, { is: 'name', tokens: 2 * (funcname?.length ?? 0) });
  }
  return undefined;
}

/** The last leaf of expressions that stand one after the other. */
function lastOf(nodes: readonly Node[]): Leaf | undefined {
  return nodes.every((node) => lastLeaf(node) !== undefined) ? lastLeaf(nodes.at(-1)) : undefined;
}

function leaf(location: number | undefined, rest: Omit<Leaf, 'location'>): Leaf | undefined {
  return location === undefined ? undefined : { location, ...rest };
}
