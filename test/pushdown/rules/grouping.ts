import type { Rule } from './rule.ts';

/** Aggregates, DISTINCT, set operations, windows. */
export const grouping: readonly Rule[] = [
  {
    rule: 'GROUP BY and HAVING',
    sql: 'SELECT region, count(*) FROM shop.customers GROUP BY region HAVING count(*) > 3',
    verdict: 'full',
    clauses: [
      'remote aggregate',
      'remote filter',
    ],
  },
  {
    rule: 'FILTER, DISTINCT, ORDER BY inside',
    sql: "SELECT region, count(*) FILTER (WHERE name = 'x'), count(DISTINCT name), array_agg(name ORDER BY id) FROM shop.customers GROUP BY region",
    verdict: 'full',
    clauses: ['remote aggregate'],
  },
  {
    rule: 'ordered-set aggregates',
    sql: 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY n) FROM shop.orders',
    verdict: 'full',
    clauses: ['remote aggregate'],
  },
  {
    rule: 'ROLLUP',
    sql: 'SELECT region, count(*) FROM shop.customers GROUP BY ROLLUP (region)',
    verdict: 'none',
    clauses: ['local aggregate blocked: grouping-sets'],
  },
  {
    rule: 'GROUPING SETS',
    sql: 'SELECT region, count(*) FROM shop.customers GROUP BY GROUPING SETS ((region), ())',
    verdict: 'none',
    clauses: ['local aggregate blocked: grouping-sets'],
  },
  {
    rule: 'a local filter below',
    sql: "SELECT customer_id, count(*) FROM shop.orders WHERE status = 'paid' GROUP BY customer_id",
    verdict: 'none',
    clauses: [
      'local aggregate blocked: local-filter-below',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'computed on top of aggregates',
    sql: 'SELECT shop.plus1(count(*)), now() FROM shop.orders',
    verdict: 'full',
    clauses: ['remote aggregate'],
  },
  {
    rule: 'a HAVING that stays',
    sql: 'SELECT region, count(*) FROM shop.customers GROUP BY region HAVING shop.plus1(count(*)) > 3',
    verdict: 'partial',
    clauses: [
      'remote aggregate',
      'local filter blocked: function-not-shippable shop.plus1(bigint)',
    ],
  },
  {
    rule: 'a STABLE aggregate',
    sql: 'SELECT json_agg(id) FROM shop.orders',
    verdict: 'none',
    clauses: ['local aggregate blocked: mutable-function json_agg(anyelement)'],
  },
  {
    rule: 'an IMMUTABLE one',
    sql: 'SELECT jsonb_object_agg(id, n) FROM shop.orders',
    verdict: 'full',
    clauses: ['remote aggregate'],
  },
  {
    rule: 'a STABLE FILTER',
    sql: 'SELECT count(*) FILTER (WHERE created_at > now()) FROM shop.orders',
    verdict: 'none',
    clauses: ['local aggregate blocked: mutable-function now()'],
  },
  {
    rule: 'what an aggregate works on',
    sql: "SELECT string_agg(id::text, ',') FROM shop.orders",
    verdict: 'none',
    clauses: ['local aggregate blocked: unsupported-expression id::text'],
  },
  {
    rule: 'groups of groups: what is grouped there is not grouped there again',
    sql: 'SELECT count(*) FROM (SELECT customer_id FROM shop.orders GROUP BY 1) x',
    verdict: 'partial',
    clauses: [
      'local aggregate blocked: subquery-below',
      'remote aggregate',
    ],
  },
  {
    rule: 'over a limit',
    sql: 'SELECT array_agg(id) FROM (SELECT id FROM shop.orders LIMIT 10) x',
    verdict: 'partial',
    clauses: [
      'local aggregate blocked: subquery-below',
      'remote limit',
    ],
  },
  {
    rule: 'over a join',
    sql: 'SELECT c.region, sum(o.total) FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id GROUP BY 1',
    verdict: 'none, full for any data',
    clauses: [
      'local aggregate not-chosen: not-chosen-cost',
      'local join not-chosen: not-chosen-cost',
    ],
  },
  {
    rule: 'max and min are ordered scans',
    sql: 'SELECT max(id), min(total) FROM shop.orders',
    verdict: 'full',
    clauses: [],
  },
  {
    rule: 'max with a condition',
    sql: 'SELECT max(n) FROM shop.orders WHERE id < 5',
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    rule: 'max over a local filter',
    sql: 'SELECT max(id) FROM shop.orders WHERE created_at > now()',
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function now()'],
  },
  {
    rule: 'DISTINCT',
    sql: 'SELECT DISTINCT region FROM shop.customers',
    verdict: 'none',
    clauses: ['local distinct blocked: distinct'],
  },
  {
    rule: 'DISTINCT ON, its order is sent',
    sql: 'SELECT DISTINCT ON (region) region, id FROM shop.customers ORDER BY region, id',
    verdict: 'partial',
    clauses: [
      'local distinct blocked: distinct',
      'remote sort',
    ],
  },
  {
    rule: 'count(DISTINCT)',
    sql: 'SELECT count(DISTINCT region) FROM shop.customers',
    verdict: 'full',
    clauses: ['remote aggregate'],
  },
  {
    rule: 'GROUP BY instead of DISTINCT',
    sql: 'SELECT region FROM shop.customers GROUP BY region',
    verdict: 'full',
    clauses: ['remote aggregate'],
  },
  {
    rule: 'UNION',
    sql: 'SELECT id FROM shop.orders UNION SELECT id FROM shop.customers',
    verdict: 'none',
    clauses: ['local set-operation blocked: set-operation'],
  },
  {
    rule: 'UNION ALL',
    sql: 'SELECT id FROM shop.orders UNION ALL SELECT id FROM shop.customers',
    verdict: 'none',
    clauses: ['local set-operation blocked: set-operation'],
  },
  {
    rule: 'INTERSECT',
    sql: 'SELECT id FROM shop.orders INTERSECT SELECT id FROM shop.customers',
    verdict: 'none',
    clauses: ['local set-operation blocked: set-operation'],
  },
  {
    rule: 'EXCEPT',
    sql: 'SELECT id FROM shop.orders EXCEPT SELECT id FROM shop.customers',
    verdict: 'none',
    clauses: ['local set-operation blocked: set-operation'],
  },
  {
    rule: 'EXCEPT ALL',
    sql: 'SELECT id FROM shop.orders EXCEPT ALL SELECT id FROM shop.customers',
    verdict: 'none',
    clauses: ['local set-operation blocked: set-operation'],
  },
  {
    rule: 'UNION ALL with a limit',
    sql: 'SELECT id FROM shop.orders UNION ALL SELECT id FROM shop.customers ORDER BY 1 LIMIT 3',
    verdict: 'partial',
    clauses: [
      'local limit blocked: limit-over-append',
      'local set-operation blocked: set-operation',
      'remote sort',
      'remote sort',
    ],
  },
  {
    rule: 'a window',
    sql: 'SELECT rank() OVER (ORDER BY id) FROM shop.orders',
    verdict: 'none',
    clauses: ['local window blocked: window'],
  },
  {
    rule: 'a window over groups',
    sql: 'SELECT sum(count(*)) OVER () FROM shop.orders GROUP BY n',
    verdict: 'partial',
    clauses: [
      'local window blocked: window',
      'remote aggregate',
    ],
  },
  {
    rule: 'a sub-select beside an aggregation is computed on top of it',
    sql: "SELECT status, count(*), (SELECT max(id) FROM accounts a WHERE a.vip = (orders.status = 'paid')) FROM shop.orders GROUP BY status",
    verdict: 'none',
    clauses: ['local aggregate blocked: type-not-shippable shop.order_status'],
  },
  {
    rule: 'a sub-select in an aggregate, beside another reason',
    sql: 'SELECT region, sum(id) FILTER (WHERE id IN (SELECT id FROM accounts) OR created_at > now()) FROM shop.customers GROUP BY region',
    verdict: 'none',
    clauses: ['local aggregate blocked: unsupported-expression a sub-select; mutable-function now()'],
  },
  {
    rule: 'an ordered-set aggregate over what is not sent',
    sql: 'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY status) FROM shop.orders',
    verdict: 'none',
    clauses: ['local aggregate blocked: type-not-shippable shop.order_status'],
  },
  {
    rule: 'an ordered-set aggregate over an expression that is not sent',
    sql: 'SELECT mode() WITHIN GROUP (ORDER BY coalesce(n, 0)) FROM shop.orders',
    verdict: 'none',
    clauses: ['local aggregate blocked: unsupported-expression COALESCE'],
  },
  {
    rule: 'COLLATE in the order of an aggregate',
    sql: "SELECT customer_id, string_agg(note, ',' ORDER BY note COLLATE \"C\") FROM shop.orders GROUP BY customer_id",
    verdict: 'none',
    clauses: ['local aggregate blocked: collation note::text'],
  },
  {
    rule: 'an aggregate that only HAVING has',
    sql: "SELECT customer_id, sum(total) FROM shop.orders GROUP BY customer_id HAVING bool_or(status = 'paid')",
    verdict: 'none',
    clauses: [
      'local aggregate blocked: type-not-shippable shop.order_status',
      'local filter blocked: local-operation-below',
    ],
  },
  {
    rule: 'an aggregate over a condition on an outer join',
    sql: 'SELECT max(c.name) FROM shop.customers c FULL JOIN shop.items i ON i.order_id = c.id WHERE (c.created_at, i.order_id) >= (now(), 40)',
    verdict: 'none, partial for any data',
    clauses: ['local aggregate blocked: local-filter-below', 'local join not-chosen: not-chosen-cost', 'local filter blocked: mutable-function now(); unsupported-expression a row comparison'],
  },
  {
    rule: 'a condition on a sub-select with LIMIT',
    sql: 'SELECT x.qty FROM (SELECT order_id, qty FROM shop.items ORDER BY order_id LIMIT 5) x WHERE x.qty > 3',
    verdict: 'partial',
    clauses: ['local filter blocked: subquery-below', 'remote sort', 'remote limit'],
  },
];
