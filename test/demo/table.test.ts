import { expect, it } from 'vitest';
import { textTable } from '../../src/demo/table.ts';

it('prints rows as psql does', () => {
  expect(`\n${textTable([{ country: 'DE', orders: '6560', note: null }, { country: 'Spain', orders: '7', note: { a: 1 } }])}\n`).toBe(`
 country | orders | note
---------+--------+---------
 DE      |   6560 |
 Spain   |      7 | {"a":1}
(2 rows)
`);
});

it('counts one row', () => {
  expect(textTable([{ x: 1 }])).toBe(' x\n---\n 1\n(1 row)');
});
