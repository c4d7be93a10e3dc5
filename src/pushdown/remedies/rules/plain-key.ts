import type { Node } from '../../parser.ts';
import { nameOf } from '../../oracle/expression.ts';
import type { ExpressionRule } from '../rule.ts';
import { comparisonOf, operand } from '../rule.ts';

const integers = new Set(['smallint', 'integer', 'bigint']);

/** `id::text = '5'` as `id = 5`: the same, where the text is how the number is written. */
export const numberAsText: ExpressionRule = {
  kind: 'expression',
  cures: ['unsupported-expression'],
  title: 'compare the number, not its text',
  rewrite: ({ node }, { parser, typeOf }) => {
    const found = comparisonOf(node, isTextCast);
    if (found === undefined || found.operator !== '=' || !isTextCast(found.left) || !('TypeCast' in found.left) || found.left.TypeCast.arg === undefined) return undefined;
    const text = stringOf(found.right);
    const type = typeOf(found.left.TypeCast.arg);
    if (text === undefined || type === undefined || !integers.has(type)) return undefined;
    const number = Number(text);
    return Number.isSafeInteger(number) && String(number) === text ? { sql: `${operand(parser, found.left.TypeCast.arg)} = ${text}` } : undefined;
  },
};

/** `x IN (a, b)` as `x = a OR x = b`: without an array, whose type would not be sent before 17. */
export const inAsOr: ExpressionRule = {
  kind: 'expression',
  cures: ['extension-array'],
  title: 'write IN as OR',
  rewrite: ({ node }, { parser, isStable }) => {
    if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_IN' || node.A_Expr.lexpr === undefined || !isStable(node)) return undefined;
    const { lexpr, rexpr } = node.A_Expr;
    const operator = nameOf(node.A_Expr.name).name;
    if (rexpr === undefined || !('List' in rexpr)) return undefined;
    // Of what is no literal, the type would count for all of them.
    if (!(rexpr.List.items ?? []).every((item) => 'A_Const' in item || 'ParamRef' in item)) return undefined;
    const parts = (rexpr.List.items ?? []).map((item) => `${operand(parser, lexpr)} ${operator} ${operand(parser, item)}`);
    return parts.length === 0 ? undefined : { sql: `(${parts.join(operator === '=' ? ' OR ' : ' AND ')})` };
  },
};

/** `to_tsvector(x)` with the configuration that the session has anyway. */
export const namedTextSearch: ExpressionRule = {
  kind: 'expression',
  cures: ['mutable-function'],
  title: 'name the text search configuration',
  rewrite: ({ node, where }, { parser, textSearch, outside }) => {
    if (!('FuncCall' in node) || textSearch === undefined || (where === 'other' && !outside)) return undefined;
    const { schema, name } = nameOf(node.FuncCall.funcname);
    if (schema !== undefined && schema !== 'pg_catalog') return undefined;
    const [document, ...more] = node.FuncCall.args ?? [];
    if (!textSearchFunctions.has(name) || document === undefined || more.length > 0) return undefined;
    return {
      sql: `${name}('${textSearch.replaceAll("'", "''")}', ${parser.text(document)})`,
      changes: `the configuration is fixed to ${textSearch}, which is this session's default_text_search_config; sessions with another one would get another result from the original`,
    };
  },
};

const textSearchFunctions = new Set(['to_tsvector', 'to_tsquery', 'plainto_tsquery', 'phraseto_tsquery', 'websearch_to_tsquery']);

/** An explicit COLLATE dropped, so that the column's own counts. */
export const withoutCollate: ExpressionRule = {
  kind: 'expression',
  cures: ['collation'],
  title: 'leave COLLATE out',
  rewrite: ({ node }, { parser }) => {
    if (!('CollateClause' in node) || node.CollateClause.arg === undefined) return undefined;
    return { sql: operand(parser, node.CollateClause.arg), changes: `the column's own collation counts instead of "${nameOf(node.CollateClause.collname).name}": order and ranges of text, and with a nondeterministic collation equality, may differ` };
  },
};

/** `varchar(1)` cuts the text. */
function isTextCast(node: Node): boolean {
  return 'TypeCast' in node && ['text', 'varchar'].includes(nameOf(node.TypeCast.typeName?.names).name) && node.TypeCast.typeName?.typmods === undefined && node.TypeCast.arg !== undefined && 'ColumnRef' in node.TypeCast.arg;
}

/** The text of a string literal. */
export function stringOf(node: Node): string | undefined {
  return 'A_Const' in node ? node.A_Const.sval?.sval : undefined;
}
