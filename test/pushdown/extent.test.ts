import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadParser } from '../../src/pushdown/parser.ts';
import type { Node, Parser } from '../../src/pushdown/parser.ts';
import { StatementText } from '../../src/pushdown/places/extent.ts';
import { shapeKey } from '../../src/pushdown/places/tree.ts';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

/** The text of the first column of `SELECT <expression>, 7 FROM t`, as it is found again. */
function found(expression: string): { readonly text: string | undefined; readonly node: Node | undefined } {
  const sql = `SELECT /* ü */ ${expression} , 7 FROM t`;
  const select = parser.parse(sql)?.stmts?.[0]?.stmt;
  const [target] = select !== undefined && 'SelectStmt' in select ? (select.SelectStmt.targetList ?? []) : [];
  const node = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (node === undefined) return { text: undefined, node };
  const range = new StatementText(parser, sql).expression(node);
  return { text: range === undefined ? undefined : sql.slice(range.start, range.end), node };
}

describe('where an expression ends', () => {
  test.each([
    ['a', 'a'], ['( a )', 'a'], ['s.t . "C x"', 's.t . "C x"'], ['1', '1'], ['1.5', '1.5'], ['- 5', '- 5'], ['1e3', '1e3'], ['0', '0'], ["'a'\n'b'", "'a'\n'b'"],
    ["E'a\\'b'", "E'a\\'b'"], ['$1', '$1'], ['now()', 'now()'], ['pg_catalog.now ( )', 'pg_catalog.now ( )'], ['count(*)', 'count(*)'], ["string_agg(a, ',' ORDER BY b, c)", "string_agg(a, ',' ORDER BY b, c)"],
    ['count(*) FILTER (WHERE a > 1)', 'count(*) FILTER (WHERE a > 1)'], ['f(a) OVER (PARTITION BY b)', 'f(a) OVER (PARTITION BY b)'], ['(a + 1) * (b)', '(a + 1) * (b)'], ['((a) + (f(b)))', '(a) + (f(b))'],
    ['a = (1)', 'a = (1)'], ['a = b IS TRUE', 'a = b IS TRUE'], ["a || 'x' COLLATE \"C\"", "a || 'x' COLLATE \"C\""], ['a + b::int', 'a + b::int'], ['a = ANY (b)', 'a = ANY (b)'], ['(a).b', '(a).b'], ['a[1] + b[2]', 'a[1] + b[2]'],
    ['a /* ) */ + b -- )', 'a /* ) */ + b'], ['extract(year FROM a)', 'extract(year FROM a)'], ["a AT TIME ZONE 'UTC'", "a AT TIME ZONE 'UTC'"], ['a OPERATOR(pg_catalog.+) b', 'a OPERATOR(pg_catalog.+) b'], ['NULL', 'NULL'],
    ["a LIKE 'x%'", "a LIKE 'x%'"], ["a NOT ILIKE ('x%')", "a NOT ILIKE ('x%')"], ["a LIKE 'x%' ESCAPE '!'", "a LIKE 'x%' ESCAPE '!'"], ["a IN (1, (2), f(3) )", "a IN (1, (2), f(3) )"], ["(a) NOT IN ('x')", "(a) NOT IN ('x')"], ['a IN (b, c::int)', 'a IN (b, c::int)'], ['a BETWEEN 1 AND (f(2))', 'a BETWEEN 1 AND (f(2))'], ['a NOT BETWEEN SYMMETRIC 1 AND 2', 'a NOT BETWEEN SYMMETRIC 1 AND 2'],
    ["a SIMILAR TO 'x'", "a SIMILAR TO 'x'"],
  ])('%s', (expression, text) => {
    expect(found(expression).text).toBe(text);
  });

  test('what is found is the expression, and no less than it', () => {
    const expression = fc.letrec<{ any: string; leaf: string; call: string; operation: string; list: string; wrapped: string }>((tie) => ({
      any: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('call'), tie('operation'), tie('list'), tie('wrapped')),
      leaf: fc.constantFrom('a', 'r1.b', '"Ü x"."y"', '42', '0', '1.50', '-3', "'it''s'", "E'\\''", "'ü'", '$2', 'now()', 'count(*)', 'a::int', 'NULL', 'true', "date '2024-01-01'"),
      call: fc.tuple(fc.constantFrom('f', 'pg_catalog.lower'), fc.array(tie('any'), { minLength: 1, maxLength: 3 })).map(([name, args]) => `${name}(${args.join(', ')})`),
      operation: fc.tuple(tie('any'), fc.constantFrom('+', '||', '->>', ' AND ', ' = ', '/* x */ <', ' LIKE ', ' NOT LIKE '), tie('any')).map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
      list: fc.tuple(tie('any'), fc.array(tie('any'), { minLength: 1, maxLength: 3 })).map(([left, items]) => (items.length === 2 ? `(${left}) BETWEEN (${items.join(') AND (')})` : `(${left}) NOT IN (${items.join(', ')})`)),
      wrapped: fc.tuple(fc.constantFrom('( ', '((', '-- (\n('), tie('any')).map(([open, inner]) => `${open}${inner}${open === '((' ? '))' : ' )'}`),
    })).any;
    fc.assert(
      fc.property(expression, (text) => {
        const { text: part, node } = found(text);
        if (node === undefined || part === undefined) return;
        expect(shapeKey(parser.expression(`(${part})`))).toBe(shapeKey(node));
      }),
      { numRuns: 500 },
    );
  });
});
