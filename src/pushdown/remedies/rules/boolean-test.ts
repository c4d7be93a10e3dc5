import type { ExpressionRule } from '../rule.ts';
import { operand } from '../rule.ts';

/** `x IS NOT TRUE` and its like, by NOT and IS NULL: the same for every value and NULL. */
export const booleanTest: ExpressionRule = {
  kind: 'expression',
  cures: ['unsupported-expression', 'outer-join-clause'],
  title: 'write the test with NOT and IS NULL',
  rewrite: ({ node, positive }, { parser, isStable }) => {
    if (!('BooleanTest' in node) || node.BooleanTest.arg === undefined || !isStable(node)) return undefined;
    const x = operand(parser, node.BooleanTest.arg);
    switch (node.BooleanTest.booltesttype) {
      case 'IS_TRUE':
        return { sql: positive ? x : `(${x} AND ${x} IS NOT NULL)` };
      case 'IS_NOT_TRUE':
        return { sql: `(NOT ${x} OR ${x} IS NULL)` };
      case 'IS_FALSE':
        return { sql: positive ? `NOT ${x}` : `(NOT ${x} AND ${x} IS NOT NULL)` };
      case 'IS_NOT_FALSE':
        return { sql: `(${x} OR ${x} IS NULL)` };
      case 'IS_UNKNOWN':
        return { sql: `${x} IS NULL` };
      case 'IS_NOT_UNKNOWN':
        return { sql: `${x} IS NOT NULL` };
      default:
        return undefined;
    }
  },
};
