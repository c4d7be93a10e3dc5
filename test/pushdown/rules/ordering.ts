import type { Rule } from './rule.ts';

/** ORDER BY, LIMIT, OFFSET. */
export const ordering: readonly Rule[] = [
  {
    rule: 'sort and limit',
    sql: 'SELECT id FROM shop.orders ORDER BY id LIMIT 5',
    verdict: 'full',
    clauses: [
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'all keys or none',
    sql: 'SELECT id, note FROM shop.orders ORDER BY note, status',
    verdict: 'none',
    clauses: ['local sort blocked: type-not-shippable shop.order_status'],
  },
  {
    rule: 'an operator class of the catalog',
    sql: 'SELECT id FROM shop.orders ORDER BY note USING ~<~',
    verdict: 'full',
    clauses: ['remote sort'],
  },
  {
    rule: 'DESC, NULLS LAST, OFFSET',
    sql: 'SELECT id FROM shop.orders ORDER BY note DESC NULLS LAST OFFSET 3',
    verdict: 'full',
    clauses: [
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'random()',
    sql: 'SELECT id FROM shop.orders ORDER BY random()',
    verdict: 'none',
    clauses: ['local sort blocked: mutable-function random()'],
  },
  {
    rule: 'date_trunc',
    sql: "SELECT id FROM shop.orders ORDER BY date_trunc('day', ts)",
    verdict: 'none',
    clauses: ["local sort blocked: collation 'day'::text"],
  },
  {
    rule: 'a key that stays keeps the limit',
    sql: 'SELECT id FROM shop.orders ORDER BY status LIMIT 5',
    verdict: 'none',
    clauses: [
      'local limit blocked: local-operation-below',
      'local sort blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'a local filter keeps the limit',
    sql: "SELECT id FROM shop.orders WHERE status = 'paid' ORDER BY id LIMIT 5",
    verdict: 'partial',
    clauses: [
      'local limit blocked: local-filter-below',
      'remote sort',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'WITH TIES',
    sql: 'SELECT id FROM shop.orders ORDER BY id FETCH FIRST 3 ROWS WITH TIES',
    verdict: 'partial',
    clauses: [
      'local limit blocked: with-ties',
      'remote sort',
    ],
  },
  {
    rule: 'a limit by a sub-select',
    sql: 'SELECT id FROM shop.orders LIMIT (SELECT 3)',
    verdict: 'none',
    clauses: ['local limit blocked: limit-parameter'],
  },
  {
    rule: 'a constant expression',
    sql: 'SELECT id FROM shop.orders LIMIT 2 + 3',
    verdict: 'full',
    clauses: ['remote limit'],
  },
  {
    rule: 'a key that a condition makes constant',
    sql: 'SELECT id FROM shop.orders WHERE id = 5 ORDER BY id LIMIT 3',
    verdict: 'partial',
    clauses: [
      'local limit blocked: redundant-sort',
      'remote filter',
    ],
  },
  {
    rule: 'a set-returning select list',
    sql: 'SELECT generate_series(1, 3), id FROM shop.orders LIMIT 3',
    verdict: 'none',
    clauses: ['local limit blocked: limit-over-srf'],
  },
  {
    rule: 'outputs do not matter',
    sql: 'SELECT shop.plus1(id), now() FROM shop.orders ORDER BY id LIMIT 3',
    verdict: 'full',
    clauses: [
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'few rows, sorted here or there',
    sql: "SELECT id FROM shop.orders WHERE note = 'a' ORDER BY created_at DESC LIMIT 1",
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote sort',
      'remote limit',
    ],
  },
];
