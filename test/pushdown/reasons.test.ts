import { describe, expect, test } from 'vitest';
import { majors } from '../servers/index.ts';
import { useShop } from './judging.ts';

/** A condition on `shop.orders` (or another table) and why it stays; nothing: it ships. */
interface Case {
  readonly condition: string;
  readonly reasons: readonly string[];
  readonly table?: string;
  readonly from?: number;
  readonly to?: number;
}

const enumType = 'type-not-shippable shop.order_status';

const cases: readonly Case[] = [
  // Mutability (postgres_fdw: only IMMUTABLE ships)
  { condition: "created_at > now() - interval '1 day'", reasons: ['mutable-function now()', 'mutable-function timestamp with time zone - interval'] },
  { condition: "created_at > '2024-01-01'::timestamp", reasons: ['mutable-function timestamp with time zone > timestamp without time zone'] },
  { condition: "created_at::date = '2024-01-01'", reasons: ['mutable-function orders.created_at::date'] },
  { condition: "concat(note, id) = 'x'", reasons: ['mutable-function concat("any")'] },
  { condition: 'random() < 0.5', reasons: ['mutable-function random()'] },
  { condition: "to_char(created_at, 'YYYY') = '2024'", reasons: ['mutable-function to_char(timestamp with time zone,text)'] },
  { condition: 'extract(epoch FROM created_at) > 5', reasons: ['mutable-function "extract"(text,timestamp with time zone)'] },
  { condition: "array_to_string(tags, ',') = 'a'", reasons: ['mutable-function array_to_string(anyarray,text)'] },
  { condition: "CASE WHEN note = 'a' THEN now() ELSE created_at END > '2024-01-01'", reasons: ['mutable-function now()'], from: 15 },
  { condition: "CASE WHEN note = 'a' THEN now() ELSE created_at END > '2024-01-01'", reasons: ['mutable-function now()', 'unsupported-expression CASE (sent from PostgreSQL 15 on)'], to: 14 },
  { condition: 'note = current_user', reasons: ['session-function CURRENT_USER'] },
  { condition: 'd = current_date', reasons: ['session-function CURRENT_DATE'] },
  { condition: "note = current_setting('search_path')", reasons: ["session-function current_setting('search_path'::text)"] },
  { condition: "created_at > (SELECT now() - interval '1 day')", reasons: [] },
  { condition: "created_at > '2024-01-01'", reasons: [] },
  // Kinds of expression
  { condition: 'coalesce(total, 0) > 5', reasons: ['unsupported-expression COALESCE'] },
  { condition: 'nullif(id, 3) = 4', reasons: ['unsupported-expression NULLIF'] },
  { condition: 'greatest(id, n) = 4', reasons: ['unsupported-expression GREATEST'] },
  { condition: 'flag IS TRUE', reasons: ['unsupported-expression IS TRUE, IS FALSE or IS UNKNOWN'] },
  { condition: 'flag', reasons: [] },
  { condition: '(id, customer_id) < (5, 6)', reasons: ['unsupported-expression a row comparison'] },
  { condition: '(id, customer_id) = (5, 6)', reasons: [] },
  { condition: "id::text = '5'", reasons: ['unsupported-expression orders.id::text'] },
  { condition: 'total::int = 5', reasons: [] },
  { condition: "tags::varchar[] = '{a}'", reasons: ['unsupported-expression CAST(orders.tags AS varchar[])'] },
  { condition: 'orders IS NOT NULL', reasons: ['unsupported-expression a whole row'] },
  { condition: 'tableoid = 5', reasons: ['system-column tableoid'] },
  { condition: "ctid = '(0,1)'", reasons: [] },
  { condition: 'id NOT IN (SELECT id FROM accounts)', reasons: ['unsupported-expression a sub-select'] },
  // Types
  { condition: "status = 'paid'", reasons: [enumType] },
  { condition: "status IN ('paid', 'shipped')", reasons: [enumType] },
  { condition: 'status IS NULL OR n IS NULL', reasons: [enumType], to: 16 },
  { condition: "coalesce(status, 'paid') = 'paid'", reasons: [enumType, 'unsupported-expression COALESCE'] },
  { condition: 'qty = 5', reasons: ['type-not-shippable shop.quantity'] },
  { condition: 'addr IS NULL', reasons: ['type-not-shippable shop.address'] },
  { condition: "(addr).zip = 'z'", reasons: ['type-not-shippable shop.address', 'unsupported-expression a field of a row'] },
  { condition: "handle = 'h1'", reasons: ['extension-not-listed citext'] },
  { condition: "handle = 'h1'", reasons: [], table: 'orders_ext' },
  { condition: "handle IN ('h1', 'h2')", reasons: ['extension-array citext[]'], table: 'orders_ext', to: 16 },
  { condition: "handle IN ('h1', 'h2')", reasons: [], table: 'orders_ext', from: 17 },
  { condition: "attrs @> 'a=>1'", reasons: ['extension-not-listed hstore'] },
  { condition: "attrs @> 'a=>1'", reasons: [], table: 'orders_ext' },
  // Functions and operators
  { condition: 'shop.plus1(id) = 5', reasons: ['function-not-shippable shop.plus1(bigint)'] },
  { condition: 'shop.plus1s(id) = 5', reasons: [] },
  { condition: "note % 'abc'", reasons: ['mutable-function text % text', 'extension-not-listed pg_trgm'] },
  // Collation
  { condition: "date_trunc('day', ts) = '2024-01-01'", reasons: ["collation 'day'::text"] },
  { condition: 'extract(year FROM d) = 2024', reasons: ["collation 'year'"] },
  { condition: "meta ->> 'k' = '5'", reasons: ["collation 'k'::text"] },
  { condition: "jsonb_typeof(meta) = 'object'", reasons: ["collation 'object'::text"] },
  { condition: "attrs -> 'a' = '1'", reasons: ["collation 'a'::text"], table: 'orders_ext' },
  { condition: "lower(note) = 'x' COLLATE \"C\"", reasons: ['collation C'] },
  { condition: 'note = note_c', reasons: ['collation note (default), note_c (C)'] },
  { condition: "lower(note) = 'x'", reasons: [] },
  { condition: "meta @> '{\"k\": 5}'", reasons: [] },
  // Several in one statement
  // The planner puts the cheaper condition first.
  { condition: 'created_at > now() AND coalesce(total, 0) > 5 AND id = (SELECT max(id) FROM accounts)', reasons: ['unsupported-expression COALESCE', 'mutable-function now()'] },
  { condition: 'total > $1 AND created_at > now()', reasons: ['mutable-function now()'] },
];

describe.each(majors())('why a condition stays, on PostgreSQL %i', (major) => {
  const shop = useShop(major);

  test.each(cases.filter(({ from = 0, to = 99 }) => from <= major && major <= to))('$condition', async ({ condition, reasons, table = 'orders' }) => {
    const judged = await shop().one(`SELECT id FROM shop.${table} WHERE ${condition}`);
    expect(judged.error).toBeUndefined();
    const local = judged.clauses.filter((clause) => clause.runs === 'local');
    expect(local.every((clause) => clause.cause === 'blocked')).toBe(true);
    expect(local.flatMap((clause) => clause.reasons.map(({ id, subject }) => `${id} ${subject}`))).toEqual(reasons);
    expect(local.length > 0).toBe(reasons.length > 0);
  });
});
