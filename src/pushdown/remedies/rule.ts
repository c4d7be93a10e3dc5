import type { QualifiedName } from '../../model/name.ts';
import type { ReasonId } from '../../model/rules.ts';
import type { Node, Parser } from '../parser.ts';
import type { Site } from './tree.ts';

/** What the rules know of the statement beside its tree. */
export interface Surroundings {
  readonly parser: Parser;
  readonly versionNum: number;
  /** The type, as format_type prints it, of a column or of an argument of a choice or aggregate; undefined: not known for sure. */
  readonly typeOf: (node: Node) => string | undefined;
  /** Of a column, with its typmod: `numeric(12,2)`. */
  readonly declaredOf: (node: Node) => string | undefined;
  /** Whether a column is declared NOT NULL and no outer join may make it NULL; false where that is not known. */
  readonly isNotNull: (node: Node) => boolean;
  /** A column declared NOT NULL of the relation that goes by this name in the statement, other than the ones named. */
  readonly sureColumn: (alias: string, others: readonly string[]) => string | undefined;
  /** Whether the relation that a FROM item names is foreign; undefined: not known, or a CTE. */
  readonly isForeign: (schema: string | undefined, name: string) => boolean | undefined;
  /** Whether the relation that goes by this name in the statement has a column. */
  readonly hasColumn: (alias: string, column: string) => boolean;
  /** The tables below a partitioned one that a FROM item names, on every level; empty: it is none. */
  readonly partitionsOf: (schema: string | undefined, name: string) => readonly QualifiedName[];
  /** The columns of the relation that a FROM item names, in their order. */
  readonly columnNames: (schema: string | undefined, name: string) => readonly string[];
  /** Whether an expression calls functions only that give one value for each row: no aggregate, window function or set of rows. */
  readonly isPlain: (node: Node) => boolean;
  /** Whether none of the functions that an expression calls is VOLATILE. */
  readonly isStable: (node: Node) => boolean;
  /** Whether an expression calls a function that gives a set of rows. */
  readonly givesSets: (node: Node) => boolean;
  /** Whether an expression calls an aggregate. */
  readonly aggregates: (node: Node) => boolean;
  /** Days whose midnight comes twice in the session's time zone, `2024-11-03`: summer time ends there. */
  readonly midnightsTwice: ReadonlySet<string>;
  /** The session's default_text_search_config. */
  readonly textSearch: string | undefined;
  /** Whether expressions outside of conditions keep something here: of an aggregate, a sort. */
  readonly outside: boolean;
}

/** What an expression becomes. */
export interface Replacement {
  /** SQL; `text` is the expression as the user wrote it. */
  readonly sql: string | ((text: string) => string);
  /** How the meaning changes; undefined: it does not. */
  readonly changes?: string | undefined;
}

interface Cure {
  /** The reasons that it may do away with. */
  readonly cures: readonly ReasonId[];
  /** What it does, for people. */
  readonly title: string;
  /** Offered even if an earlier rule is enough by itself: which one is better depends on the data. */
  readonly beside?: boolean;
}

/** Rewrites expressions, each in its place, so that the rest of the statement stays as the user wrote it. */
export interface ExpressionRule extends Cure {
  readonly kind: 'expression';
  readonly rewrite: (site: Site, on: Surroundings) => Replacement | undefined;
}

/** Rewrites the statement as a whole, which is then printed anew. */
export interface StatementRule extends Cure {
  readonly kind: 'statement';
  /** @param root a copy, to be changed in place. @returns whether it was changed, and how its meaning does */
  readonly rewrite: (root: Node, on: Surroundings) => { readonly changes?: string | undefined } | undefined;
}

export type RewriteRule = ExpressionRule | StatementRule;

/** An expression as an operand: in parentheses unless it stands for itself. */
export function operand(parser: Parser, node: Node): string {
  const text = parser.text(node);
  return 'A_Expr' in node || 'BoolExpr' in node || 'NullTest' in node || 'BooleanTest' in node || 'SubLink' in node || 'CaseExpr' in node || 'CollateClause' in node ? `(${text})` : text;
}

/** The operator of a plain comparison; undefined for anything else. */
export function comparison(node: Node): { readonly operator: string; readonly left: Node; readonly right: Node } | undefined {
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return undefined;
  const { lexpr, rexpr, name } = node.A_Expr;
  const [only, ...more] = name ?? [];
  const operator = only !== undefined && 'String' in only && more.length === 0 ? only.String.sval : undefined;
  if (operator === undefined || lexpr === undefined || rexpr === undefined || !(operator in mirrored)) return undefined;
  return { operator, left: lexpr, right: rexpr };
}

const mirrored: Readonly<Record<string, string>> = { '=': '=', '<>': '<>', '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** A comparison with the side that fits on the left: `5 < coalesce(a, 0)` as `coalesce(a, 0) > 5`. */
export function comparisonOf(node: Node, fits: (side: Node) => boolean): { readonly operator: string; readonly left: Node; readonly right: Node } | undefined {
  const found = comparison(node);
  if (found === undefined || fits(found.left)) return found;
  return fits(found.right) ? { operator: mirrored[found.operator] ?? found.operator, left: found.right, right: found.left } : undefined;
}
