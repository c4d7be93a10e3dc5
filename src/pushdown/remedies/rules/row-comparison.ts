import type { ExpressionRule } from '../rule.ts';
import { comparison, operand } from '../rule.ts';

/**
 * `(a, b) > (x, y)` as `a >= x AND (a > x OR b > y)`: the same for every value and NULL, and the first part may use an
 * index of the remote.
 */
export const rowComparison: ExpressionRule = {
  kind: 'expression',
  cures: ['unsupported-expression'],
  title: 'compare column by column',
  rewrite: ({ node }, { parser, isStable }) => {
    const found = comparison(node);
    if (found === undefined || !('RowExpr' in found.left) || !('RowExpr' in found.right) || !isStable(node)) return undefined;
    const left = (found.left.RowExpr.args ?? []).map((each) => operand(parser, each));
    const right = (found.right.RowExpr.args ?? []).map((each) => operand(parser, each));
    const strict = found.operator.charAt(0);
    if (left.length !== right.length || left.length < 2 || (strict !== '<' && strict !== '>') || found.operator === '<>') return undefined;
    const from = (index: number): string => {
      const [a = '', b = ''] = [left[index], right[index]];
      if (index === left.length - 1) return `${a} ${found.operator} ${b}`;
      return `${a} ${strict}= ${b} AND (${a} ${strict} ${b} OR ${index === left.length - 2 ? from(index + 1) : `(${from(index + 1)})`})`;
    };
    return { sql: `(${from(0)})` };
  },
};
