import type { Rule } from './rule.ts';

/** postgresPlanDirectModify, make_modifytable. */
export const writes: readonly Rule[] = [
  {
    rule: 'a direct UPDATE',
    sql: 'UPDATE shop.orders SET total = total + 1 WHERE id = 5',
    verdict: 'full',
    clauses: [
      'remote update',
      'remote filter',
    ],
  },
  {
    rule: 'a direct DELETE',
    sql: 'DELETE FROM shop.orders WHERE id = 5',
    verdict: 'full',
    clauses: [
      'remote delete',
      'remote filter',
    ],
  },
  {
    rule: 'RETURNING',
    sql: 'DELETE FROM shop.orders WHERE id = 5 RETURNING *',
    verdict: 'full',
    clauses: [
      'remote delete',
      'remote filter',
    ],
  },
  {
    from: 18, rule: 'RETURNING old',
    sql: 'UPDATE shop.orders SET total = 1 WHERE id = 5 RETURNING old.total, new.total',
    verdict: 'partial',
    clauses: [
      'local update blocked: row-by-row-write; returning-old-new',
      'remote filter',
    ],
  },
  {
    rule: 'a STABLE value',
    sql: 'UPDATE shop.orders SET created_at = now() WHERE id = 5',
    verdict: 'partial',
    clauses: [
      'local update blocked: row-by-row-write; mutable-function now()',
      'remote filter',
    ],
  },
  {
    rule: 'a VOLATILE value',
    sql: 'UPDATE shop.orders SET total = random() WHERE id = 5',
    verdict: 'partial',
    clauses: [
      'local update blocked: row-by-row-write; mutable-function random()',
      'remote filter',
    ],
  },
  {
    rule: 'a path of text',
    sql: "UPDATE shop.orders SET meta = jsonb_set(meta, '{a}', '1') WHERE id = 5",
    verdict: 'partial',
    clauses: [
      "local update blocked: row-by-row-write; collation CAST('{a}' AS text[])",
      'remote filter',
    ],
  },
  {
    rule: 'a cast through text',
    sql: "UPDATE shop.orders SET note = 'x' || id WHERE id = 5",
    verdict: 'partial',
    clauses: [
      'local update blocked: row-by-row-write; unsupported-expression id::text',
      'remote filter',
    ],
  },
  {
    rule: 'a local filter locks all rows',
    sql: "UPDATE shop.orders SET total = 1 WHERE status = 'paid'",
    verdict: 'danger',
    clauses: [
      'local update blocked: row-by-row-write; locks-unfiltered shop.orders; local-filter-below',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'a DELETE too',
    sql: "DELETE FROM shop.orders WHERE created_at < now() - interval '1 year'",
    verdict: 'danger',
    clauses: [
      'local delete blocked: row-by-row-write; locks-unfiltered shop.orders; local-filter-below',
      'local filter blocked: mutable-function now(); mutable-function timestamp with time zone - interval',
    ],
  },
  {
    rule: 'beside a filter that is sent',
    sql: "DELETE FROM shop.orders WHERE status = 'paid' AND id < 5",
    verdict: 'danger',
    clauses: [
      'local delete blocked: row-by-row-write; local-filter-below',
      'remote filter',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'a join of one server, by cost',
    sql: "UPDATE shop.orders o SET total = 1 FROM shop.customers c WHERE c.id = o.customer_id AND c.region = 'x'",
    verdict: 'danger, full for any data',
    clauses: [
      'local update not-chosen: row-by-row-write; locks-unfiltered shop.orders; not-chosen-cost',
      'local join not-chosen: not-chosen-cost',
      'remote filter',
    ],
  },
  {
    rule: 'a join that shows no relation',
    sql: 'DELETE FROM shop.items i USING shop.orders o WHERE o.id = i.order_id AND o.total > 5',
    verdict: 'danger, full for any data',
    clauses: [
      'local delete not-chosen: row-by-row-write; locks-unfiltered shop.items; not-chosen-cost',
      'local join not-chosen: not-chosen-cost',
      'remote filter',
    ],
  },
  {
    rule: 'a join with a local table',
    sql: 'UPDATE shop.orders o SET total = 1 FROM accounts a WHERE a.id = o.id',
    verdict: 'danger',
    clauses: [
      'local update blocked: row-by-row-write; locks-unfiltered shop.orders; local-operation-below',
      'local join blocked: join-to-local public.accounts',
    ],
  },
  {
    rule: 'a local table by foreign rows',
    sql: 'UPDATE accounts a SET vip = true FROM shop.orders o WHERE o.customer_id = a.id AND o.total > 5',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-to-local public.accounts',
      'remote filter',
    ],
  },
  {
    rule: 'an anti join',
    sql: 'DELETE FROM shop.orders WHERE NOT EXISTS (SELECT 1 FROM shop.customers c WHERE c.id = customer_id)',
    verdict: 'danger',
    clauses: [
      'local delete blocked: row-by-row-write; locks-unfiltered shop.orders; local-operation-below',
      'local join blocked: join-type anti join',
    ],
  },
  {
    to: 16, rule: 'a semi join, for its row marks',
    sql: "DELETE FROM shop.orders WHERE customer_id IN (SELECT id FROM shop.customers WHERE region = 'x')",
    verdict: 'danger',
    clauses: [
      'local delete blocked: row-by-row-write; locks-unfiltered shop.orders; local-operation-below',
      'local join blocked: join-type semi join',
      'remote filter',
    ],
  },
  {
    from: 17, rule: 'a semi join, for its row marks',
    sql: "DELETE FROM shop.orders WHERE customer_id IN (SELECT id FROM shop.customers WHERE region = 'x')",
    verdict: 'danger',
    clauses: [
      'local delete blocked: row-by-row-write; locks-unfiltered shop.orders; local-operation-below',
      'local join blocked: row-marks',
      'remote filter',
    ],
  },
  {
    rule: 'several columns from a sub-select',
    sql: 'UPDATE shop.orders SET (total, n) = (SELECT 1, 2) WHERE id = 5',
    verdict: 'partial',
    clauses: [
      'local update blocked: row-by-row-write; multi-assignment',
      'remote filter',
    ],
  },
  {
    rule: 'several columns from a row',
    sql: 'UPDATE shop.orders SET (total, n) = (1, 2) WHERE id = 5',
    verdict: 'full',
    clauses: [
      'remote update',
      'remote filter',
    ],
  },
  {
    rule: 'a condition by an InitPlan',
    sql: 'UPDATE shop.orders SET total = 1 WHERE id = (SELECT max(id) FROM accounts)',
    verdict: 'full',
    clauses: [
      'remote update',
      'remote filter',
    ],
  },
  {
    rule: 'a row trigger',
    sql: 'UPDATE shop.triggered SET a = 1 WHERE id = 3',
    verdict: 'partial',
    clauses: [
      'local update blocked: row-by-row-write; row-trigger touch on shop.triggered',
      'remote filter',
    ],
  },
  {
    rule: 'of another event',
    sql: 'DELETE FROM shop.triggered WHERE id = 3',
    verdict: 'full',
    clauses: [
      'remote delete',
      'remote filter',
    ],
  },
  {
    rule: 'a statement trigger',
    sql: 'UPDATE shop.batched SET a = 1 WHERE id = 3',
    verdict: 'full',
    clauses: [
      'remote update',
      'remote filter',
    ],
  },
  {
    rule: 'a generated column',
    sql: 'UPDATE shop.generated SET a = 1 WHERE id = 3',
    verdict: 'partial',
    clauses: [
      'local update blocked: row-by-row-write; generated-column shop.generated.b',
      'remote filter',
    ],
  },
  {
    rule: 'a DELETE beside a generated column',
    sql: 'DELETE FROM shop.generated WHERE id = 3',
    verdict: 'partial',
    clauses: [
      'local delete blocked: row-by-row-write; generated-column shop.generated.b',
      'remote filter',
    ],
  },
  {
    rule: 'a CHECK OPTION',
    sql: 'UPDATE checked_orders SET total = 3 WHERE id = 9',
    verdict: 'partial',
    clauses: [
      'local update blocked: row-by-row-write; check-option public.checked_orders',
      'remote filter',
      'remote filter',
    ],
  },
  {
    rule: 'a DELETE needs no CHECK OPTION',
    sql: 'DELETE FROM checked_orders WHERE id = 9',
    verdict: 'full',
    clauses: [
      'remote delete',
      'remote filter',
      'remote filter',
    ],
  },
  {
    rule: 'INSERT',
    sql: "INSERT INTO shop.items VALUES (1, 'a', 2)",
    verdict: 'full',
    clauses: ['remote insert'],
  },
  {
    rule: 'INSERT of many rows',
    sql: "INSERT INTO shop.items VALUES (1, 'a', 2), (2, 'b', 3)",
    verdict: 'full',
    clauses: ['remote insert: unbatched-insert'],
  },
  {
    rule: 'in batches',
    sql: 'INSERT INTO shop.batched SELECT id, id FROM accounts',
    verdict: 'full',
    clauses: ['remote insert'],
  },
  {
    rule: 'batches and RETURNING',
    sql: 'INSERT INTO shop.batched VALUES (1, 2), (3, 4) RETURNING id',
    verdict: 'full',
    clauses: ['remote insert: unbatched-insert'],
  },
  {
    rule: 'batches and a row trigger',
    sql: 'INSERT INTO shop.watched VALUES (1, 2), (3, 4)',
    verdict: 'full',
    clauses: ['remote insert: unbatched-insert'],
  },
  {
    rule: 'batches and a CHECK OPTION',
    sql: "INSERT INTO checked_orders (id, customer_id, status, created_at) VALUES (7, 1, 'paid', now()), (8, 1, 'paid', now())",
    verdict: 'full',
    clauses: ['remote insert: unbatched-insert'],
  },
  {
    rule: 'ON CONFLICT DO NOTHING',
    sql: "INSERT INTO shop.items VALUES (1, 'a', 2) ON CONFLICT DO NOTHING",
    verdict: 'full',
    clauses: ['remote insert'],
  },
  {
    rule: 'the rows of an INSERT',
    sql: "INSERT INTO shop.items SELECT id, note, n FROM shop.orders WHERE status = 'paid'",
    verdict: 'partial',
    clauses: [
      'remote insert: unbatched-insert',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'a local table from foreign rows',
    sql: 'INSERT INTO accounts SELECT id, customer_id, true FROM shop.orders WHERE id < 5',
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    rule: 'a write in a CTE',
    sql: 'WITH gone AS (DELETE FROM shop.orders WHERE id < 5 RETURNING *) INSERT INTO accounts SELECT id FROM gone',
    verdict: 'full',
    clauses: [
      'remote delete',
      'remote filter',
    ],
  },
  {
    rule: 'a write in a CTE that locks all',
    sql: "WITH gone AS (DELETE FROM shop.orders WHERE status = 'paid' RETURNING *) SELECT count(*) FROM gone",
    verdict: 'danger',
    clauses: [
      'local aggregate blocked: cte-materialized gone',
      'local delete blocked: row-by-row-write; locks-unfiltered shop.orders; local-filter-below',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
];
