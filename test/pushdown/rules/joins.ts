import type { Rule } from './rule.ts';

/** foreign_join_ok, postgresGetForeignJoinPaths. */
export const joins: readonly Rule[] = [
  {
    rule: 'inner, with sort and limit',
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id ORDER BY c.region LIMIT 10',
    verdict: 'full',
    clauses: [
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'left',
    sql: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id ORDER BY c.region LIMIT 3',
    verdict: 'full',
    clauses: [
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'right',
    sql: 'SELECT o.id FROM shop.orders o RIGHT JOIN shop.customers c ON c.id = o.customer_id ORDER BY c.region LIMIT 3',
    verdict: 'full',
    clauses: [
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'full',
    sql: "SELECT o.id FROM shop.orders o FULL JOIN shop.customers c ON c.id = o.customer_id WHERE o.total > 5 OR c.region = 'x' ORDER BY c.region LIMIT 3",
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'full, with a condition on a side',
    sql: "SELECT o.id FROM shop.orders o FULL JOIN (SELECT * FROM shop.customers WHERE region = 'x') c ON c.id = o.customer_id ORDER BY o.id LIMIT 3",
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'an anti join, never',
    sql: 'SELECT o.id FROM shop.orders o WHERE NOT EXISTS (SELECT 1 FROM shop.items i WHERE i.order_id = o.id)',
    verdict: 'none',
    clauses: ['local join blocked: join-type anti join'],
  },
  {
    to: 16, rule: 'a semi join, from 17 on',
    sql: 'SELECT o.id FROM shop.orders o WHERE EXISTS (SELECT 1 FROM shop.items i WHERE i.order_id = o.id AND i.qty > 3)',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-type semi join',
      'remote filter',
    ],
  },
  {
    from: 17, rule: 'a semi join, from 17 on',
    sql: 'SELECT o.id FROM shop.orders o WHERE EXISTS (SELECT 1 FROM shop.items i WHERE i.order_id = o.id AND i.qty > 3)',
    verdict: 'partial, full for any data',
    clauses: [
      'local join not-chosen: not-chosen-cost',
      'remote filter',
    ],
  },
  {
    rule: 'by cost',
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id WHERE o.id < 10',
    verdict: 'partial, full for any data',
    clauses: [
      'local join not-chosen: not-chosen-cost',
      'remote filter',
    ],
  },
  {
    rule: 'a cross join by cost',
    sql: 'SELECT 1 FROM shop.orders o CROSS JOIN shop.customers c',
    verdict: 'none, full for any data',
    clauses: ['local join not-chosen: not-chosen-cost'],
  },
  {
    rule: 'NATURAL, without statistics',
    sql: 'SELECT o.id FROM shop.orders o NATURAL JOIN shop.fresh f',
    verdict: 'none, full for any data',
    clauses: ['local join not-chosen: not-chosen-cost; never-analyzed shop.fresh'],
  },
  {
    rule: 'another server',
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.invoices i ON i.order_id = o.id',
    verdict: 'none',
    clauses: ['local join blocked: cross-server-join shop, billing'],
  },
  {
    rule: 'two servers for one database',
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.orders_ext e ON e.id = o.id',
    verdict: 'none',
    clauses: ['local join blocked: cross-server-join shop, shop_ext'],
  },
  {
    rule: 'two tables here and one elsewhere',
    sql: 'SELECT o.id, i.total FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id JOIN shop.invoices i ON i.order_id = o.id',
    verdict: 'none, partial for any data',
    clauses: [
      'local join blocked: cross-server-join billing, shop',
      'local join not-chosen: not-chosen-cost',
    ],
  },
  {
    rule: 'another effective user',
    sql: 'SELECT o.id FROM owned_orders o JOIN shop.customers c ON c.id = o.customer_id',
    verdict: 'none',
    clauses: ['local join blocked: different-user'],
  },
  {
    rule: 'both through views of one owner',
    sql: 'SELECT o.id FROM owned_orders o JOIN owned_customers c ON c.id = o.customer_id ORDER BY o.id LIMIT 3',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'a view over a view: the inner owner counts',
    sql: 'SELECT o.id FROM owned_orders o JOIN over_owned c ON c.id = o.customer_id ORDER BY o.id LIMIT 3',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'one table under two users',
    sql: 'SELECT o.id FROM owned_orders o JOIN shop.orders p ON p.id = o.id',
    verdict: 'none',
    clauses: ['local join blocked: different-user'],
  },
  {
    rule: 'a local filter on a side',
    sql: "SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id WHERE o.status = 'paid'",
    verdict: 'none',
    clauses: [
      'local join blocked: local-filter-below',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'a local condition on the inner side of an outer join',
    sql: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id AND shop.plus1(c.id) = 3',
    verdict: 'none',
    clauses: [
      'local join blocked: local-filter-below',
      'local filter blocked: function-not-shippable shop.plus1(bigint)',
    ],
  },
  {
    rule: 'an ON clause of an outer join',
    sql: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id AND shop.plus1(c.id + o.id) = 3',
    verdict: 'none',
    clauses: ['local join blocked: outer-join-clause; function-not-shippable shop.plus1(bigint)'],
  },
  {
    rule: 'a clause of an inner join becomes a filter',
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id AND shop.plus1(o.id + c.id) = 3 ORDER BY o.id LIMIT 3',
    verdict: 'partial',
    clauses: [
      'local limit blocked: local-filter-below',
      'remote join',
      'remote sort',
      'local filter blocked: function-not-shippable shop.plus1(bigint)',
    ],
  },
  {
    rule: 'its only clause does not ship',
    sql: 'SELECT 1 FROM shop.orders a JOIN shop.orders b ON a.status = b.status WHERE a.id < 5 AND b.id < 5',
    verdict: 'partial',
    clauses: [
      'local join blocked: type-not-shippable shop.order_status',
      'remote filter',
      'remote filter',
    ],
  },
  {
    rule: 'and the remote pairs every row with every row',
    sql: 'SELECT 1 FROM shop.tiny a JOIN shop.tiny b ON a.status = b.status',
    verdict: 'none',
    clauses: ['local join blocked: remote-cross-product; type-not-shippable shop.order_status'],
  },
  {
    rule: 'a condition above an outer join',
    sql: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id WHERE shop.plus1(coalesce(c.id, 0)) = 3',
    verdict: 'none, partial for any data',
    clauses: [
      'local join not-chosen: not-chosen-cost',
      'local filter blocked: unsupported-expression COALESCE; function-not-shippable shop.plus1(bigint)',
    ],
  },
  {
    rule: 'a computed column below an outer join',
    sql: 'SELECT o.id, x.k FROM shop.orders o LEFT JOIN (SELECT id, 1 AS k FROM shop.customers) x ON x.id = o.customer_id',
    verdict: 'none',
    clauses: ['local join blocked: placeholder 1'],
  },
  {
    rule: 'with a condition that is sent',
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id WHERE o.total > 5 ORDER BY c.region LIMIT 10',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'LATERAL with a limit',
    sql: 'SELECT o.id FROM shop.orders o, LATERAL (SELECT 1 FROM shop.items i WHERE i.order_id = o.id LIMIT 2) l',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-to-subquery; lateral',
      'remote filter: parameterised-loop shop.items',
      'remote limit',
    ],
  },
  {
    rule: 'LATERAL that flattens',
    sql: 'SELECT o.id FROM shop.orders o, LATERAL (SELECT c.name FROM shop.customers c WHERE c.id = o.customer_id) l ORDER BY l.name LIMIT 3',
    verdict: 'full',
    clauses: [
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'LATERAL with an aggregate',
    sql: 'SELECT o.id, l.n FROM shop.customers o LEFT JOIN LATERAL (SELECT count(*) n FROM shop.orders x WHERE x.customer_id = o.id) l ON true',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-to-subquery; lateral',
      'remote filter: parameterised-loop shop.orders',
      'remote aggregate',
    ],
  },
  {
    to: 16, rule: 'a constant condition, up to 16',
    sql: "SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id AND now() > '2000-01-01'",
    verdict: 'none',
    clauses: ['local join blocked: one-time-filter'],
  },
  {
    from: 17, rule: 'a constant condition, up to 16',
    sql: "SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id AND now() > '2000-01-01'",
    verdict: 'none, full for any data',
    clauses: ['local join not-chosen: not-chosen-cost'],
  },
  {
    rule: 'a local table',
    sql: 'SELECT o.id FROM shop.orders o JOIN accounts a ON a.customer_id = o.customer_id',
    verdict: 'none',
    clauses: ['local join blocked: join-to-local public.accounts'],
  },
  {
    rule: 'a function',
    sql: 'SELECT o.id FROM shop.orders o JOIN generate_series(1, 3) g ON g = o.id',
    verdict: 'none',
    clauses: ['local join blocked: join-to-local generate_series(1, 3)'],
  },
  {
    rule: 'VALUES',
    sql: 'SELECT o.id FROM shop.orders o JOIN (VALUES (1), (2)) v(k) ON v.k = o.id',
    verdict: 'none',
    clauses: ['local join blocked: join-to-local VALUES'],
  },
  {
    rule: 'a sub-select with GROUP BY',
    sql: 'SELECT o.id FROM shop.orders o JOIN (SELECT customer_id, count(*) FROM shop.fresh GROUP BY 1) f USING (customer_id)',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-to-subquery',
      'remote aggregate',
    ],
  },
  {
    rule: 'a sub-select with DISTINCT',
    sql: 'SELECT o.id FROM shop.orders o JOIN (SELECT DISTINCT customer_id FROM shop.fresh) f USING (customer_id)',
    verdict: 'none',
    clauses: [
      'local join blocked: local-operation-below; join-to-subquery',
      'local distinct blocked: distinct',
    ],
  },
  {
    rule: 'a sub-select with LIMIT',
    sql: 'SELECT o.id FROM shop.orders o JOIN (SELECT customer_id FROM shop.fresh LIMIT 3) f USING (customer_id)',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-to-subquery',
      'remote limit',
    ],
  },
  {
    rule: 'a sub-select with OFFSET',
    sql: 'SELECT o.id FROM shop.orders o JOIN (SELECT customer_id FROM shop.fresh OFFSET 3) f USING (customer_id)',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-to-subquery',
      'remote limit',
    ],
  },
  {
    rule: 'a view that groups what it filters here',
    sql: 'SELECT o.id FROM shop.orders o JOIN busy b USING (customer_id)',
    verdict: 'none',
    clauses: [
      'local join blocked: local-filter-below; local-operation-below; join-to-subquery',
      'local aggregate blocked: local-filter-below',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'a materialized CTE',
    sql: 'WITH c AS MATERIALIZED (SELECT id FROM shop.customers) SELECT o.id FROM shop.orders o JOIN c ON c.id = o.customer_id',
    verdict: 'none',
    clauses: ['local join blocked: cte-materialized c'],
  },
  {
    rule: 'a CTE used twice',
    sql: 'WITH c AS (SELECT id FROM shop.customers) SELECT o.id FROM shop.orders o JOIN c ON c.id = o.customer_id JOIN c d ON d.id = o.id',
    verdict: 'none',
    clauses: [
      'local join blocked: cte-materialized c',
      'local join blocked: cte-materialized c',
    ],
  },
  {
    rule: 'a CTE joined to itself',
    sql: 'WITH c AS (SELECT id, customer_id FROM shop.orders) SELECT a.id FROM c a JOIN c b ON a.id = b.customer_id',
    verdict: 'none',
    clauses: ['local join blocked: cte-materialized c'],
  },
  {
    rule: 'a CTE that joins, joined to itself',
    sql: 'WITH c AS MATERIALIZED (SELECT o.id, o.customer_id FROM shop.orders o JOIN shop.customers k ON k.id = o.customer_id WHERE k.id = 3) SELECT a.id FROM c a JOIN c b ON a.id = b.customer_id',
    verdict: 'partial',
    clauses: ['local join blocked: cte-materialized c', 'local join not-chosen: not-chosen-cost', 'remote filter', 'remote filter'],
  },
  {
    rule: 'a recursive CTE',
    sql: 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT o.id FROM r JOIN shop.orders o ON o.id = r.n',
    verdict: 'none',
    clauses: ['local join blocked: join-to-local the CTE r'],
  },
  {
    rule: 'a self-join',
    sql: 'SELECT a.id FROM shop.orders a JOIN shop.orders b ON a.id = b.customer_id ORDER BY b.n LIMIT 5',
    verdict: 'full',
    clauses: [
      'remote join',
      'remote sort',
      'remote limit',
    ],
  },
];
