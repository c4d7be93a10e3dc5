import type { Rule } from './rule.ts';

/** Views, functions, CTEs, sub-selects, scans for each row. */
export const surroundings: readonly Rule[] = [
  {
    rule: 'through two views',
    sql: 'SELECT id FROM over_recent WHERE id < 5',
    verdict: 'partial',
    clauses: [
      'remote filter',
      'remote filter',
      'local filter blocked: mutable-function now(); mutable-function timestamp with time zone - interval',
    ],
  },
  {
    rule: 'a renamed column of a view',
    sql: "SELECT o.id FROM shop.orders o JOIN over_owned c ON c.id = o.customer_id WHERE c.loud = 'X'",
    verdict: 'partial',
    clauses: [
      'local join blocked: different-user',
      'remote filter',
      'remote filter',
    ],
  },
  {
    rule: 'a view that groups',
    sql: 'SELECT * FROM busy b LIMIT 3',
    verdict: 'none',
    clauses: [
      'local limit blocked: local-filter-below; local-operation-below',
      'local aggregate blocked: local-filter-below',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'a security barrier',
    sql: "SELECT id FROM guarded_orders WHERE lower(note) = 'x' AND id = 3",
    verdict: 'partial',
    clauses: [
      'local filter blocked: security-barrier public.guarded_orders',
      'remote filter',
    ],
  },
  {
    rule: 'a set-returning SQL function is inlined',
    sql: 'SELECT * FROM shop.dear(5)',
    verdict: 'partial',
    clauses: [
      'remote filter',
      'local filter blocked: mutable-function now()',
    ],
  },
  {
    rule: 'PL/pgSQL in FROM cannot be seen into',
    sql: 'SELECT * FROM shop.report()',
    verdict: 'no-foreign',
    clauses: [],
    notes: ['opaque-function shop.report()'],
  },
  {
    rule: 'PL/pgSQL in a select list',
    sql: 'SELECT id, shop.name_of(id) FROM accounts',
    verdict: 'no-foreign',
    clauses: [],
    notes: ['opaque-function shop.name_of()'],
  },
  {
    rule: 'PL/pgSQL in a condition',
    sql: "SELECT id FROM shop.orders WHERE shop.name_of(customer_id) = 'x'",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function shop.name_of(bigint); function-not-shippable shop.name_of(bigint)'],
    notes: ['opaque-function shop.name_of()'],
  },
  {
    rule: 'another wrapper',
    sql: 'SELECT line FROM shop.lines WHERE n = 5',
    verdict: 'none',
    clauses: ['local filter blocked: other-wrapper file_fdw'],
  },
  {
    rule: 'a CTE that is kept',
    sql: 'WITH x AS MATERIALIZED (SELECT * FROM shop.orders) SELECT id FROM x WHERE total > 5',
    verdict: 'none',
    clauses: ['local filter blocked: cte-materialized x'],
  },
  {
    rule: 'a CTE that is taken in',
    sql: 'WITH x AS (SELECT * FROM shop.orders) SELECT id FROM x WHERE total > 5',
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    rule: 'a SubPlan is run for each row',
    sql: 'SELECT id, (SELECT count(*) FROM shop.items i WHERE i.order_id = o.id) FROM shop.orders o',
    verdict: 'full',
    clauses: [
      'remote filter: parameterised-loop shop.items',
      'remote aggregate',
    ],
  },
  {
    rule: 'an InitPlan is run once',
    sql: 'SELECT (SELECT max(total) FROM shop.orders) FROM accounts',
    verdict: 'full',
    clauses: [],
  },
  {
    rule: 'an InitPlan with clauses of its own',
    sql: "SELECT id FROM accounts WHERE id = (SELECT count(*) FROM shop.orders WHERE status = 'paid')",
    verdict: 'none',
    clauses: [
      'local aggregate blocked: local-filter-below',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    to: 16, rule: 'a semi join with a local table',
    sql: 'SELECT id FROM accounts a WHERE EXISTS (SELECT 1 FROM shop.orders o WHERE o.id = a.id AND o.total > 5)',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-to-local public.accounts; join-type semi join',
      'remote filter',
    ],
  },
  {
    from: 17, rule: 'a semi join with a local table',
    sql: 'SELECT id FROM accounts a WHERE EXISTS (SELECT 1 FROM shop.orders o WHERE o.id = a.id AND o.total > 5)',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-to-local public.accounts',
      'remote filter',
    ],
  },
  {
    rule: 'a parameterised scan',
    sql: 'SELECT s.id FROM accounts a JOIN shop.stock s ON s.id = a.id WHERE a.id < 3',
    verdict: 'partial, none for any data',
    clauses: [
      'local join blocked: join-to-local public.accounts',
      'remote filter: parameterised-loop shop.stock',
    ],
  },
  {
    rule: 'LATERAL over a local table',
    sql: 'SELECT l.s FROM accounts a, LATERAL (SELECT sum(o.total) s FROM shop.orders o WHERE o.customer_id = a.customer_id) l',
    verdict: 'partial',
    clauses: [
      'local join blocked: join-to-local public.accounts; join-to-subquery; lateral',
      'remote filter: parameterised-loop shop.orders',
      'remote aggregate',
    ],
  },
];
