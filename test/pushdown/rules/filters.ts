import type { Rule } from './rule.ts';

/** Conditions one by one. */
export const filters: readonly Rule[] = [
  {
    rule: 'one that is sent',
    sql: 'SELECT id FROM shop.orders WHERE total > 5',
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    rule: 'one of two',
    sql: 'SELECT id FROM shop.orders WHERE total > 5 AND created_at > now()',
    verdict: 'partial',
    clauses: [
      'remote filter',
      'local filter blocked: mutable-function now()',
    ],
  },
  {
    rule: 'OR is all or nothing',
    sql: "SELECT id FROM shop.orders WHERE total > 5 OR status = 'paid'",
    verdict: 'none',
    clauses: ['local filter blocked: type-not-shippable shop.order_status'],
  },
  {
    rule: 'several, each with its reason',
    sql: 'SELECT id FROM shop.orders WHERE created_at > now() AND coalesce(total, 0) > 5 AND id = (SELECT max(id) FROM accounts)',
    verdict: 'partial',
    clauses: [
      'remote filter',
      'local filter blocked: unsupported-expression COALESCE',
      'local filter blocked: mutable-function now()',
    ],
  },
  {
    rule: 'no foreign table',
    sql: 'SELECT id FROM accounts WHERE vip',
    verdict: 'no-foreign',
    clauses: [],
  },
  {
    rule: 'no table',
    sql: 'SELECT 1',
    verdict: 'no-foreign',
    clauses: [],
  },
  {
    rule: 'what is never true',
    sql: 'SELECT id FROM shop.orders WHERE false',
    verdict: 'full',
    clauses: [],
  },
  {
    rule: 'quoted and non-ASCII names',
    sql: 'SELECT "Id" FROM shop."Größe ""x""" AS "Ü" WHERE "Wert" = \'x\' AND "Ü"."Id"::text = \'5\'',
    verdict: 'partial',
    clauses: [
      'remote filter',
      'local filter blocked: unsupported-expression "Ü"."Id"::text',
    ],
  },
  {
    rule: 'an InitPlan is a parameter',
    sql: 'SELECT id FROM shop.orders WHERE id = (SELECT max(id) FROM accounts)',
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    to: 16, rule: 'a column that is declared NOT NULL',
    sql: 'SELECT id FROM shop.orders WHERE id IS NOT NULL',
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    from: 17, rule: 'a column that is declared NOT NULL',
    sql: 'SELECT id FROM shop.orders WHERE id IS NOT NULL',
    verdict: 'full',
    clauses: [],
  },
];
