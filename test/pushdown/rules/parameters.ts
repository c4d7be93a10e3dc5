import type { Rule } from './rule.ts';

/** The worse of generic and custom plan. */
export const parameters: readonly Rule[] = [
  {
    rule: 'of a type that is not sent',
    sql: 'SELECT id FROM shop.orders WHERE status = $1',
    verdict: 'none',
    clauses: ['local filter blocked: type-not-shippable shop.order_status'],
  },
  {
    rule: 'of an array of it',
    sql: 'SELECT id FROM shop.orders WHERE status = ANY ($1::shop.order_status[])',
    verdict: 'none',
    clauses: ['local filter blocked: type-not-shippable shop.order_status; type-not-shippable shop.order_status[]'],
  },
  {
    rule: 'of many types',
    sql: 'SELECT id FROM shop.orders WHERE tags = $1 AND meta = $2 AND d = $3 AND flag = $4 AND ts = $5 AND total = $6 AND note = $7 AND created_at = $8',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote filter',
      'remote filter',
      'remote filter',
      'remote filter',
      'remote filter',
      'remote filter',
      'remote filter',
    ],
  },
  {
    rule: "of extensions' types",
    sql: 'SELECT id FROM shop.orders WHERE handle = $1 AND attrs @> $2',
    verdict: 'none',
    clauses: [
      'local filter blocked: extension-not-listed hstore',
      'local filter blocked: extension-not-listed citext',
    ],
  },
  {
    rule: 'of a composite and a domain',
    sql: 'SELECT id FROM shop.orders WHERE addr = $1 AND qty = $2::shop.quantity',
    verdict: 'none',
    clauses: [
      'local filter blocked: type-not-shippable shop.address',
      'local filter blocked: type-not-shippable shop.quantity',
    ],
  },
  {
    rule: 'an array',
    sql: 'SELECT id FROM shop.orders WHERE id = ANY ($1)',
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    rule: 'an optional condition',
    sql: 'SELECT id FROM shop.orders WHERE ($1::text IS NULL OR note = $1)',
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    rule: 'COALESCE needs the value',
    sql: 'SELECT id FROM shop.orders WHERE coalesce($1, 5) = n',
    verdict: 'none',
    clauses: ['local filter blocked: unsupported-expression COALESCE'],
    other: 'custom plan: full',
  },
  {
    rule: 'date_trunc needs the value',
    sql: "SELECT id FROM shop.orders WHERE ts > date_trunc('day', $1::timestamp)",
    verdict: 'none',
    clauses: ["local filter blocked: collation 'day'::text"],
    other: 'custom plan: full',
  },
  {
    rule: 'a STABLE operator whatever the value',
    sql: 'SELECT id FROM shop.orders WHERE created_at > now() - $1::interval',
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function now(); mutable-function timestamp with time zone - interval'],
  },
  {
    rule: 'a limit needs the value',
    sql: 'SELECT id FROM shop.orders ORDER BY id LIMIT $1',
    verdict: 'partial',
    clauses: [
      'local limit blocked: limit-parameter',
      'remote sort',
    ],
    other: 'custom plan: full',
  },
  {
    rule: 'an offset does not',
    sql: 'SELECT id FROM shop.orders ORDER BY id LIMIT 5 OFFSET $1',
    verdict: 'full',
    clauses: [
      'remote sort',
      'remote limit',
    ],
  },
  {
    rule: 'beside an InitPlan',
    sql: "SELECT id FROM shop.orders WHERE id = (SELECT max(id) FROM accounts WHERE vip = $1) AND coalesce(note, $2) = 'x'",
    verdict: 'partial',
    clauses: [
      'remote filter',
      'local filter blocked: unsupported-expression COALESCE',
    ],
  },
  {
    rule: 'in a select list',
    sql: 'SELECT $1, id FROM shop.orders',
    verdict: 'full',
    clauses: [],
  },
  {
    rule: 'partitions by it',
    sql: 'SELECT count(*) FROM events WHERE tenant_id = $1',
    verdict: 'partial',
    clauses: [
      'local aggregate blocked: partial-aggregate',
      'remote filter',
    ],
    notes: ['async-off shard0, shard1'],
  },
  {
    rule: 'partitions beside it',
    sql: 'SELECT * FROM events WHERE tenant_id = 1 AND kind = $1',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote filter',
    ],
  },
  {
    rule: 'a direct UPDATE',
    sql: 'UPDATE shop.orders SET total = $1 WHERE id = $2',
    verdict: 'full',
    clauses: [
      'remote update',
      'remote filter',
    ],
  },
  {
    rule: 'an INSERT',
    sql: 'INSERT INTO shop.items VALUES ($1, $2, $3)',
    verdict: 'full',
    clauses: ['remote insert'],
  },
  {
    rule: 'text that must be a number',
    sql: 'SELECT id FROM shop.orders WHERE n = coalesce($1::text::int, 5)',
    verdict: 'none',
    clauses: ['local filter blocked: unsupported-expression CAST($1 AS int); unsupported-expression COALESCE'],
    other: 'custom plan: full',
  },
  {
    rule: 'text that must be a date',
    sql: 'SELECT id FROM shop.orders WHERE d = nullif($1::text, $2)::date',
    verdict: 'none',
    clauses: ['local filter blocked: unsupported-expression NULLIF; unsupported-expression CAST(NULLIF ($1, $2) AS date)'],
    other: 'custom plan: full',
  },
  {
    rule: 'a domain that takes no value that could be made up',
    sql: 'SELECT order_id FROM shop.items WHERE sku = $1::shop.sku',
    verdict: 'none',
    clauses: ['local filter blocked: type-not-shippable shop.sku'],
    notes: ['generic-plan-only custom plan'],
  },
  {
    rule: 'a domain below COALESCE',
    sql: "SELECT order_id FROM shop.items WHERE sku = coalesce($1::shop.sku, 'SKU-1'::shop.sku)",
    verdict: 'none',
    clauses: ['local filter blocked: type-not-shippable shop.sku; unsupported-expression COALESCE'],
    notes: ['generic-plan-only custom plan'],
  },
  {
    rule: 'the same without a foreign table',
    sql: 'SELECT $1::shop.sku',
    verdict: 'no-foreign',
    clauses: [],
  },
];
