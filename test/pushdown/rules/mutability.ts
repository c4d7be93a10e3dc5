import type { Rule } from './rule.ts';

/** Only what is IMMUTABLE (contain_mutable_functions), and how it gets constant. */
export const mutability: readonly Rule[] = [
  {
    rule: 'now()',
    sql: "SELECT id FROM shop.orders WHERE created_at > now() - interval '1 day'",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function now(); mutable-function timestamp with time zone - interval'],
  },
  {
    rule: 'timestamptz and timestamp',
    sql: "SELECT id FROM shop.orders WHERE created_at > '2024-01-01'::timestamp",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function timestamp with time zone > timestamp without time zone'],
  },
  {
    rule: 'timestamptz and date',
    sql: 'SELECT id FROM shop.orders WHERE created_at > d',
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function timestamp with time zone > date'],
  },
  {
    rule: 'timestamptz::date',
    sql: "SELECT id FROM shop.orders WHERE created_at::date = '2024-01-01'",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function orders.created_at::date'],
  },
  {
    rule: 'timestamptz + interval is not computed first',
    sql: "SELECT id FROM shop.orders WHERE created_at > '2024-01-01'::timestamptz + interval '1 day'",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function timestamp with time zone + interval'],
  },
  {
    rule: 'date_trunc of a timestamptz',
    sql: "SELECT id FROM shop.orders WHERE date_trunc('day', created_at) = '2024-01-01'",
    verdict: 'none',
    clauses: ["local filter blocked: mutable-function date_trunc(text,timestamp with time zone); collation 'day'::text"],
  },
  {
    rule: 'EXTRACT of a timestamptz',
    sql: 'SELECT id FROM shop.orders WHERE extract(epoch FROM created_at) > 5',
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function "extract"(text,timestamp with time zone); collation \'epoch\''],
  },
  {
    rule: 'concat',
    sql: "SELECT id FROM shop.orders WHERE concat(note, id) = 'x'",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function concat("any")'],
  },
  {
    rule: 'format',
    sql: "SELECT id FROM shop.orders WHERE format('%s', note) = 'x'",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function format(text,"any")'],
  },
  {
    rule: 'array_to_string',
    sql: "SELECT id FROM shop.orders WHERE array_to_string(tags, ',') = 'a'",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function array_to_string(anyarray,text)'],
  },
  {
    rule: 'convert_to',
    sql: "SELECT id FROM shop.orders WHERE convert_to(note, 'UTF8') = 'x'",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function convert_to(text,name)'],
  },
  {
    rule: 'random()',
    sql: 'SELECT id FROM shop.orders WHERE random() < 0.5',
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function random()'],
  },
  {
    rule: 'a constant is computed first',
    sql: "SELECT id FROM shop.orders WHERE created_at > '2024-01-01' AND d > '2024-01-01'::date - 7",
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote filter',
    ],
  },
  {
    rule: 'a sub-select makes it a parameter',
    sql: "SELECT id FROM shop.orders WHERE created_at > (SELECT now() - interval '1 day')",
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    rule: 'that frees an aggregate',
    sql: 'SELECT count(*) FROM shop.orders WHERE created_at > (SELECT now())',
    verdict: 'full',
    clauses: [
      'remote filter',
      'remote aggregate',
    ],
  },
  {
    rule: 'and a write',
    sql: 'UPDATE shop.orders SET created_at = (SELECT now()) WHERE id = 5',
    verdict: 'full',
    clauses: [
      'remote update',
      'remote filter',
    ],
  },
  {
    rule: 'keys as one array',
    sql: 'SELECT id FROM shop.orders WHERE id = ANY (ARRAY(SELECT id FROM accounts))',
    verdict: 'full',
    clauses: ['remote filter'],
  },
  {
    rule: 'keys by IN',
    sql: 'SELECT id FROM shop.orders WHERE id IN (SELECT id FROM accounts)',
    verdict: 'none',
    clauses: ['local join blocked: join-to-local public.accounts'],
  },
  {
    rule: 'a constant without a type among arguments of any type brings no collation',
    sql: "SELECT id FROM shop.orders WHERE meta @> jsonb_build_object('a', n)",
    verdict: 'none',
    clauses: ['local filter blocked: mutable-function jsonb_build_object("any")'],
  },
];
