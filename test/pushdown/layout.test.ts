import { expect, test } from 'vitest';
import { laidOut } from '../../src/pushdown/remedies/layout.ts';

test.each([
  ['as it is, where it is short', 'SELECT a FROM ( SELECT 1 AS a ) AS x', 'SELECT a FROM (SELECT 1 AS a) AS x'],
  [
    'a clause per line, a long sub-select indented',
    `SELECT left(a, 3), extract(year FROM b) FROM ( SELECT a, b FROM t WHERE a IS DISTINCT FROM 'FROM WHERE' AND b IN (SELECT 1) GROUP BY a, b ORDER BY a UNION ALL SELECT 'x', '2024-01-01' ) AS x LEFT JOIN y ON y.a = x.a ORDER BY 1`,
    `SELECT left(a, 3), extract(year FROM b)
FROM (
  SELECT a, b
  FROM t
  WHERE a IS DISTINCT FROM 'FROM WHERE' AND b IN (SELECT 1)
  GROUP BY a, b
  ORDER BY a
  UNION ALL
  SELECT 'x', '2024-01-01'
) AS x
LEFT JOIN y ON y.a = x.a
ORDER BY 1`,
  ],
])('a statement %s', (_, sql, text) => {
  expect(laidOut(sql)).toBe(text);
});
