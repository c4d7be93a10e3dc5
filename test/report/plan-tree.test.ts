import { expect, test } from 'vitest';
import type { PlanStep, Scan } from '../../src/pushdown/types.ts';
import { planTree } from '../../src/report/plan-tree.ts';
import { plainSurface } from '../../src/report/style.ts';

const scan: Scan = {
  server: 'shop',
  relations: ['shop.orders'],
  remoteSql: `SELECT id FROM public.orders WHERE ((note = ANY ('{${Array.from({ length: 12 }, () => 'ein_langes_Wort').join(',')},${'漢字'.repeat(20)}}'::text[])))`,
  filter: null,
  estimatedRows: 1_234_567,
  estimatedBytes: 9_876_536,
  loops: 1,
  roundTrips: 12_346,
  rowsPerTrip: 100,
  operation: 'select',
};
const leaf: PlanStep = { type: 'Async Foreign Scan', name: undefined, relations: ['shop.orders'], runs: 'remote', details: [], rows: 1_234_567, scans: [0], children: [] };
const tree: PlanStep = { type: 'Append', name: undefined, relations: [], runs: 'local', details: [], rows: 2_469_134, scans: [], children: [leaf, leaf] };

test('a long literal is cut at the edge, and the tree is whole beside it', () => {
  const drawn = planTree(tree, [scan], [], plainSurface);
  expect(drawn).toMatchInlineSnapshot(`
    "here    Append  2,469,134 rows
    remote  ├─ Async Foreign Scan on shop.orders  1,234,567 rows
            │      Server: shop
            │      Remote SQL: SELECT id FROM public.orders WHERE ((note = ANY
            │        ('{ein_langes_Wort,ein_langes_Wort,ein_langes_Wort,ein_langes_W
            │        ort,ein_langes_Wort,ein_langes_Wort,ein_langes_Wort,ein_langes_
            │        Wort,ein_langes_Wort,ein_langes_Wort,ein_langes_Wort,ein_langes
            │        _Wort,漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字
            │        漢字漢字漢字漢字漢字漢字}'::text[])))
            │      Fetches: about 1,234,567 rows (9.9 MB), 12,346 round trips of up
            │        to 100 rows
    remote  └─ Async Foreign Scan on shop.orders  1,234,567 rows
                   Server: shop
                   Remote SQL: SELECT id FROM public.orders WHERE ((note = ANY
                     ('{ein_langes_Wort,ein_langes_Wort,ein_langes_Wort,ein_langes_W
                     ort,ein_langes_Wort,ein_langes_Wort,ein_langes_Wort,ein_langes_
                     Wort,ein_langes_Wort,ein_langes_Wort,ein_langes_Wort,ein_langes
                     _Wort,漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字
                     漢字漢字漢字漢字漢字漢字}'::text[])))
                   Fetches: about 1,234,567 rows (9.9 MB), 12,346 round trips of up
                     to 100 rows"
  `);
});
