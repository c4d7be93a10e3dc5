import type { Rule } from './rule.ts';

/** FOR UPDATE and its like (deparseLockingClause). */
export const locking: readonly Rule[] = [
  {
    rule: 'FOR UPDATE',
    sql: 'SELECT * FROM shop.orders WHERE id = 5 FOR UPDATE',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote lock',
    ],
  },
  {
    rule: 'FOR SHARE',
    sql: 'SELECT * FROM shop.orders WHERE id = 5 FOR SHARE',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote lock',
    ],
  },
  {
    rule: 'of a whole table',
    sql: 'SELECT * FROM shop.orders FOR UPDATE',
    verdict: 'full',
    clauses: ['remote lock'],
  },
  {
    rule: 'with a limit',
    sql: 'SELECT * FROM shop.orders ORDER BY id LIMIT 3 FOR UPDATE',
    verdict: 'full',
    clauses: [
      'remote sort',
      'remote limit',
      'remote lock',
    ],
  },
  {
    rule: 'FOR KEY SHARE becomes FOR SHARE',
    sql: 'SELECT * FROM shop.orders WHERE id = 5 FOR KEY SHARE',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote lock: lock-strength FOR KEY SHARE',
    ],
  },
  {
    rule: 'NOWAIT is dropped',
    sql: 'SELECT * FROM shop.orders WHERE id = 5 FOR UPDATE NOWAIT',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote lock: lock-strength NOWAIT',
    ],
  },
  {
    rule: 'FOR NO KEY UPDATE SKIP LOCKED',
    sql: 'SELECT * FROM shop.orders WHERE id = 5 FOR NO KEY UPDATE SKIP LOCKED',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote lock: lock-strength FOR NO KEY UPDATE; lock-strength SKIP LOCKED',
    ],
  },
  {
    rule: 'with a local filter all rows are locked',
    sql: "SELECT * FROM shop.orders WHERE status = 'paid' FOR UPDATE",
    verdict: 'danger',
    clauses: [
      'remote lock: locks-unfiltered shop.orders',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'with a local filter above another',
    sql: "SELECT * FROM (SELECT * FROM shop.orders WHERE id < 9 FOR UPDATE) x WHERE x.status = 'paid'",
    verdict: 'danger',
    clauses: [
      'remote filter',
      'remote lock',
      'local filter blocked: type-not-shippable shop.order_status',
    ],
  },
  {
    rule: 'below a local join',
    sql: 'SELECT o.* FROM shop.orders o JOIN accounts a ON a.id = o.id FOR UPDATE OF o',
    verdict: 'danger',
    clauses: [
      'local lock blocked: local-operation-below',
      'local join blocked: join-to-local public.accounts',
      'remote lock: locks-unfiltered shop.orders',
    ],
  },
  {
    rule: 'of the local table only',
    sql: 'SELECT o.* FROM shop.orders o JOIN accounts a ON a.id = o.id FOR UPDATE OF a',
    verdict: 'none',
    clauses: ['local join blocked: join-to-local public.accounts'],
  },
  {
    rule: 'of a join that may be sent',
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id FOR UPDATE',
    verdict: 'danger, full for any data',
    clauses: [
      'local lock not-chosen: not-chosen-cost',
      'local join not-chosen: not-chosen-cost',
      'remote lock: locks-unfiltered shop.orders',
      'remote lock: locks-unfiltered shop.customers',
    ],
  },
  {
    rule: 'below a local sort',
    sql: 'SELECT * FROM shop.orders WHERE total > 5 ORDER BY status FOR UPDATE',
    verdict: 'partial',
    clauses: [
      'local lock blocked: local-operation-below',
      'local sort blocked: type-not-shippable shop.order_status',
      'remote filter',
      'remote lock',
    ],
  },
];
