import type { Node } from '../../parser.ts';
import { nameOf } from '../../oracle/expression.ts';
import { literal } from '../../../sql/quote.ts';
import type { ExpressionRule } from '../rule.ts';
import { comparisonOf, operand } from '../rule.ts';
import { stringOf } from './plain-key.ts';

/** `meta ->> 'k' = 'v'` as `meta @> '{"k": "v"}'`, for jsonb. */
export const jsonContains: ExpressionRule = {
  kind: 'expression',
  cures: ['collation'],
  title: 'ask jsonb by containment',
  rewrite: ({ node, positive }, { parser, typeOf }) => {
    const found = comparisonOf(node, isKeyText);
    if (!positive || found === undefined || found.operator !== '=' || !isKeyText(found.left) || !('A_Expr' in found.left)) return undefined;
    const { lexpr, rexpr } = found.left.A_Expr;
    const [key, value] = [rexpr === undefined ? undefined : stringOf(rexpr), stringOf(found.right)];
    if (lexpr === undefined || key === undefined || value === undefined || typeOf(lexpr) !== 'jsonb') return undefined;
    const wanted = JSON.stringify({ [key]: value });
    return {
      sql: `${operand(parser, lexpr)} @> ${literal(wanted)}`,
      changes: `@> finds the JSON string ${JSON.stringify(value)} only; ->> also finds a number, true, false, an object or array that is written so`,
    };
  },
};

/** `meta -> 'k'` as `meta['k']` (14 and later), for jsonb. */
export const jsonSubscript: ExpressionRule = {
  kind: 'expression',
  cures: ['collation'],
  title: 'take the key of jsonb by a subscript',
  rewrite: ({ node, where }, { parser, typeOf, outside }) => {
    if (!('A_Expr' in node) || nameOf(node.A_Expr.name).name !== '->' || (where === 'other' && !outside)) return undefined;
    const { lexpr, rexpr } = node.A_Expr;
    const key = rexpr === undefined ? undefined : stringOf(rexpr);
    // Of an array, a subscript that reads as a number is a position; -> with a text finds nothing there.
    if (lexpr === undefined || key === undefined || !('ColumnRef' in lexpr) || typeOf(lexpr) !== 'jsonb' || !Number.isNaN(Number(key))) return undefined;
    // Of an array, a subscript that is no number is an error, where -> gives NULL.
    return { sql: `${operand(parser, lexpr)}[${literal(key)}]`, changes: 'where the value is a JSON array, the subscript is an error or NULL' };
  },
};

/** `meta ? 'k'` as `meta['k'] IS NOT NULL`, for jsonb; `?|` and `?&` of a written array alike. */
export const jsonHasKey: ExpressionRule = {
  kind: 'expression',
  cures: ['collation'],
  title: 'ask whether the key of jsonb has a value',
  rewrite: ({ node, positive }, { parser, typeOf, isNotNull }) => {
    if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return undefined;
    const { lexpr, rexpr, name } = node.A_Expr;
    const operator = nameOf(name).name;
    // Of a NULL the operator gives NULL, and the test FALSE.
    if (lexpr === undefined || rexpr === undefined || !('ColumnRef' in lexpr) || typeOf(lexpr) !== 'jsonb' || !(positive || isNotNull(lexpr))) return undefined;
    const keys = operator === '?' ? [stringOf(rexpr)] : (operator === '?|' || operator === '?&') && 'A_ArrayExpr' in rexpr ? (rexpr.A_ArrayExpr.elements ?? []).map((each) => stringOf(each)) : [];
    // Of an array, a subscript that reads as a number is a position.
    if (keys.length === 0 || !keys.every((key) => key !== undefined && Number.isNaN(Number(key)))) return undefined;
    const tests = keys.map((key) => `${operand(parser, lexpr)}[${literal(key ?? '')}] IS NOT NULL`);
    const changes = `${operator} also finds the key as a string of a JSON array, or as the whole value; a subscript finds it in an object only`;
    return { sql: tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(operator === '?|' ? ' OR ' : ' AND ')})`, changes };
  },
};

/** `attrs -> 'k' = 'v'` as `attrs @> hstore('k', 'v')`, for hstore: the same where FALSE and NULL are alike. */
export const hstoreContains: ExpressionRule = {
  kind: 'expression',
  cures: ['collation', 'extension-not-listed'],
  title: 'ask hstore by containment',
  rewrite: ({ node, positive }, { parser, typeOf }) => {
    const found = comparisonOf(node, isKeyOf);
    if (!positive || found === undefined || found.operator !== '=' || !('A_Expr' in found.left) || !isKeyOf(found.left)) return undefined;
    const { lexpr, rexpr } = found.left.A_Expr;
    const type = lexpr === undefined ? undefined : typeOf(lexpr);
    const [key, value] = [rexpr === undefined ? undefined : stringOf(rexpr), stringOf(found.right)];
    // Qualified where its schema is not searched, as the function then is.
    if (lexpr === undefined || key === undefined || value === undefined || type === undefined || !/^(.+\.)?hstore$/.test(type)) return undefined;
    return { sql: `${operand(parser, lexpr)} @> ${type}(${literal(key)}, ${literal(value)})` };
  },
};

function isKeyOf(node: Node): boolean {
  return 'A_Expr' in node && nameOf(node.A_Expr.name).name === '->';
}

function isKeyText(node: Node): boolean {
  return 'A_Expr' in node && nameOf(node.A_Expr.name).name === '->>';
}
