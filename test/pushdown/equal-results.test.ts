import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { literal } from '../../src/sql/quote.ts';
import { majors } from '../servers/index.ts';
import type { TestDatabase } from '../servers/index.ts';
import { fillShop } from './filled.ts';
import { useShop } from './judging.ts';
import { oddRows } from './odd.ts';

/** A statement that something rewritten nearly has the result of. */
interface Case {
  readonly sql: string;
  /** `same`: something is offered that gives the same; `none`: nothing is; else part of the sentence on how the meaning changes. */
  readonly offers: string;
  /** Part of what is offered. */
  readonly as?: string;
  readonly zone?: string;
  readonly from?: number;
  /** What it writes. */
  readonly writes?: string;
}

const cases: readonly Case[] = [
  // Aggregates without a column are computed of the groups, not once.
  { sql: "SELECT n, count(*) FROM odd.odd WHERE tz > now() - interval '100 years' GROUP BY n HAVING count(1) > 9", offers: 'same', as: 'HAVING count(1) > 9' },
  // COALESCE and its like give all their arguments one type.
  { sql: "SELECT id FROM odd.odd WHERE coalesce(d, ts) >= '2024-01-01 12:00'", offers: 'same', as: 'CASE', from: 15 },
  { sql: "SELECT id FROM odd.odd WHERE coalesce(d, '2024-1-1') = '2024-01-01'", offers: 'same', as: "'2024-1-1'::date" },
  { sql: "SELECT id FROM odd.odd WHERE coalesce(d + 1, '2024-1-1') = '2024-01-01'", offers: 'same', as: "'2024-1-1'::date" },
  { sql: "SELECT id FROM odd.odd WHERE coalesce(pad, 'A') = 'A '", offers: 'same', as: "'A'::bpchar" },
  { sql: 'SELECT id FROM odd.odd WHERE coalesce(f4, 0.1) = 0.1', offers: 'same', as: '0.1::real' },
  { sql: 'SELECT id FROM odd.odd WHERE coalesce(big, f8) = 9007199254740992', offers: 'same', as: 'CASE', from: 15 },
  { sql: "SELECT id FROM odd.odd_ext WHERE coalesce(handle, 'NONE') = 'none'", offers: 'same', as: "'NONE'::citext" },
  { sql: 'SELECT id FROM odd.odd WHERE coalesce(f8, 0) > 5 AND coalesce(n, num, 0) > 2', offers: 'same', as: 'n IS NULL AND (num > 2' },
  { sql: "SELECT id FROM odd.odd WHERE coalesce(note, 'a') = 'a'", offers: 'same' },
  { sql: "SELECT id FROM odd.odd WHERE least(d, '2024-10-01') < '2024-9-1'", offers: 'same', as: "'2024-10-01'::date" },
  { sql: "SELECT id FROM odd.odd WHERE greatest(d, ts) <= '2024-01-01 12:00'", offers: 'same', as: 'CASE', from: 15 },
  { sql: 'SELECT id FROM odd.odd WHERE greatest(num, n) > 1 OR least(f8, 5, f8) = 0', offers: 'same' },
  { sql: "SELECT id FROM odd.odd WHERE nullif(f4, 0.5) = '0.1'", offers: 'none' },
  { sql: "SELECT id FROM odd.odd_ext WHERE nullif('X', handle) = 'x'", offers: 'none' },
  { sql: "SELECT id FROM odd.odd WHERE nullif(note, '') = 'a' OR nullif(n, 3) < 2 OR nullif(pad, 'A') = 'a '", offers: 'same' },
  { sql: 'SELECT id FROM odd.odd WHERE flag IS NOT TRUE AND NOT (flag IS FALSE)', offers: 'same' },
  { sql: 'SELECT id FROM odd.odd WHERE (n, f4, id) >= (2, 0.1, 7)', offers: 'same' },
  // What is cut is another text.
  { sql: "SELECT id FROM odd.odd WHERE id::varchar(1) = '5'", offers: 'none' },
  // Of NULL one gives NULL, the other FALSE.
  { sql: "SELECT id FROM odd.odd WHERE NOT (meta ? 'k')", offers: 'none' },
  // NULL by an outer join, in a column declared NOT NULL.
  { sql: 'SELECT o.id, t.id AS t FROM odd.odd o LEFT JOIN odd.other t ON t.id = o.id WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.customer_id = t.id AND a.id < 5)', offers: 'same', as: 't.id IS NULL' },
  { sql: 'SELECT count(*) FROM (SELECT DISTINCT t.id FROM odd.odd o LEFT JOIN odd.other t ON t.id = o.id) x', offers: 'NULL, which is one of the values in the sub-select, is not counted' },
  { sql: 'WITH other AS (SELECT k::bigint AS id FROM odd.other) SELECT id FROM other WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.customer_id = other.id)', offers: 'same', as: 'other.id IS NULL' },
  { sql: 'SELECT id FROM odd.odd WHERE n NOT IN (SELECT k FROM odd.other)', offers: 'same' },
  { sql: 'SELECT o.id FROM odd.odd o WHERE NOT EXISTS (SELECT 1 FROM odd.other t WHERE t.k = o.n)', offers: 'same' },
  // An aggregate without groups has a row always, a set of rows may have none.
  { sql: 'SELECT o.id FROM odd.odd o WHERE EXISTS (SELECT count(*) FROM accounts a WHERE a.customer_id = o.id AND a.id < 5)', offers: 'none' },
  { sql: 'SELECT o.id FROM odd.odd o WHERE NOT EXISTS (SELECT max(t.k) FROM odd.other t WHERE t.id = o.id)', offers: 'none' },
  { sql: 'SELECT o.id FROM odd.odd o WHERE EXISTS (SELECT unnest(t.tags) FROM odd.odd t WHERE t.id = o.k)', offers: 'none' },
  { sql: 'DELETE FROM odd.odd o WHERE EXISTS (SELECT max(t.k) FROM odd.other t WHERE t.id = o.id)', offers: 'none', writes: 'odd.odd' },
  { sql: 'SELECT count(*) FROM (SELECT unnest(tags) FROM odd.odd GROUP BY tags) x', offers: 'none' },
  // A name that a sub-select has as well.
  { sql: 'SELECT odd.id FROM odd.odd JOIN (SELECT DISTINCT k FROM odd.odd WHERE id < 3) x ON x.k = odd.k', offers: 'same', as: 'ARRAY(' },
  { sql: 'SELECT note FROM odd.other JOIN (SELECT DISTINCT big AS cid FROM odd.odd) x ON x.cid = k', offers: 'same', as: 'ARRAY(' },
  { sql: 'SELECT o.id FROM odd.other o JOIN (SELECT DISTINCT id AS cid FROM odd.odd WHERE n > 2) x ON x.cid = o.k', offers: 'same' },
  { sql: 'SELECT o.id FROM odd.odd o LEFT JOIN (SELECT id, num * 2 AS num FROM odd.other) x ON x.id = o.id WHERE EXISTS (SELECT 1 FROM accounts a WHERE a.id = x.num)', offers: 'same', as: 'ARRAY(' },
  // Keys that differ by themselves, and are equal to one of another type.
  { sql: 'SELECT o.id, (SELECT sum(t.k) FROM odd.odd t WHERE t.big = o.f8) AS s FROM odd.odd o', offers: 'none' },
  { sql: 'SELECT o.id FROM odd.odd o JOIN (SELECT DISTINCT big FROM odd.odd) x ON x.big = o.f8', offers: 'none' },
  // A literal of a sub-select is text.
  { sql: "SELECT o.id, x.v FROM odd.odd_ext o LEFT JOIN (SELECT id, 'X' AS v FROM odd.odd_ext) x ON x.id = o.id AND o.handle = x.v", offers: 'same', as: "'X'::text" },
  // Groupings: a key that holds another, a window over all of them, nothing to group.
  { sql: 'SELECT n % 3 AS m, n, count(*) FROM odd.odd GROUP BY GROUPING SETS ((n % 3), (n))', offers: 'same' },
  { sql: 'SELECT k, count(*), rank() OVER (ORDER BY count(*) DESC) FROM odd.odd GROUP BY ROLLUP (k)', offers: 'none' },
  { sql: 'SELECT k, count(*), max(id) FROM odd.nothing GROUP BY ROLLUP (k)', offers: 'same' },
  { sql: 'SELECT total, count(*) FROM shop.orders GROUP BY ROLLUP (total)', offers: 'same', as: 'CAST(NULL AS numeric(12, 2))' },
  { sql: 'SELECT k, n FROM odd.odd GROUP BY CUBE (k, n) HAVING count(*) > 3', offers: 'same' },
  { sql: "SELECT k, note FROM odd.odd WHERE n > 2 UNION SELECT k, note FROM odd.odd WHERE note = 'a' OR n IS NULL", offers: 'same' },
  // Sums of parts, in their types; partitions that are read on another day.
  { sql: 'SELECT avg(r) FROM odd.parts', offers: 'none' },
  { sql: 'SELECT avg(r + r) FROM odd.parts', offers: 'none' },
  { sql: 'SELECT avg(n) AS a, avg(num) AS b, avg(big) AS c, avg(span) AS e, avg(s) AS g FROM odd.parts', offers: 'each partition is named' },
  { sql: 'SELECT avg(f8), sum(r) FROM odd.parts', offers: 'may differ in their last digits' },
  { sql: 'SELECT n % 2 AS m, sum(n + 1), sum(s + n) AS t, avg(n * 2), sum(n), sum(s), sum(big), sum(num), sum(span) FROM odd.parts GROUP BY 1', offers: 'each partition is named' },
  { sql: 'SELECT count(*) FROM odd.parts WHERE day >= current_date', offers: 'each partition is named', as: 'parts_0' },
  // Rows that are limited before they are several, or counted.
  { sql: 'SELECT unnest(array_agg(id ORDER BY id)) AS u FROM odd.odd LIMIT 9', offers: 'none' },
  { sql: 'SELECT unnest(tags) AS note FROM odd.odd ORDER BY note LIMIT 5', offers: 'none' },
  { sql: 'SELECT unnest(tags), count(*) OVER () FROM odd.odd LIMIT 5', offers: 'none' },
  // What the columns of the result are called.
  { sql: 'SELECT coalesce(n, 7), count(*) FROM odd.odd GROUP BY 1', offers: 'same', as: 'AS coalesce', from: 15 },
  { sql: "SELECT date_trunc('day', ts), count(*) FROM odd.odd GROUP BY 1", offers: 'same', as: 'AS date_trunc' },
  { sql: 'SELECT o.id, (SELECT count(*)::int + 1 FROM odd.other t WHERE t.k = o.n) FROM odd.odd o', offers: 'same' },
  { sql: 'SELECT o.id, (SELECT count(*)::int FROM odd.other t WHERE t.k = o.n) FROM odd.odd o', offers: 'same', as: 'AS count' },
  { sql: 'SELECT o.id, l.c, l.s FROM odd.odd o CROSS JOIN LATERAL (SELECT count(*) AS c, sum(t.num) AS s FROM odd.other t WHERE t.k = o.n) l', offers: 'same' },
  // Midnight comes twice in Havana, when summer time ends; an hour does not come at all in New York, when it begins.
  { sql: "SELECT id FROM odd.odd WHERE tz::date = '2024-11-03'", zone: 'America/Havana', offers: 'midnight comes twice' },
  { sql: "SELECT id FROM odd.odd WHERE tz::date BETWEEN '2024-11-01' AND '2024-11-02'", zone: 'America/Havana', offers: 'midnight comes twice' },
  { sql: "SELECT id FROM odd.odd WHERE date_trunc('day', tz) <> '2024-11-03'", zone: 'America/Havana', offers: 'midnight comes twice' },
  { sql: 'SELECT id FROM odd.odd WHERE tz::date < current_date', zone: 'America/Havana', offers: 'midnight comes twice' },
  { sql: "SELECT id FROM odd.odd WHERE tz::date > '2024-05-03'", zone: 'America/Havana', offers: 'same' },
  { sql: "SELECT id FROM odd.odd WHERE tz::date = '2024-11-03'", zone: 'Asia/Beirut', offers: 'same' },
  { sql: "SELECT id FROM odd.odd WHERE tz::date = '2024-11-03'", zone: 'Europe/Madrid', offers: 'same' },
  { sql: "SELECT id FROM odd.odd WHERE date_trunc('hour', ts) = '2024-03-10 02:00'::timestamptz", zone: 'America/New_York', offers: 'none' },
  { sql: "SELECT id FROM odd.odd WHERE date_trunc('hour', ts) = '2024-03-10 02:00'", zone: 'America/New_York', offers: 'same' },
  // Times with a zone beside days and times without one.
  { sql: "SELECT id FROM odd.odd WHERE tz >= DATE '2024-11-03'", zone: 'America/Havana', offers: 'same', as: ">= '2024-11-03'" },
  { sql: "SELECT id FROM odd.odd WHERE TIMESTAMP '2024-11-03 00:30' < tz OR tz = '2024-11-02'::date + 1", zone: 'America/Havana', offers: 'same', as: "> '2024-11-03 00:30'" },
  { sql: "SELECT id FROM odd.odd WHERE tz BETWEEN '2024-11-03' AND timestamp '2024-11-03 02:00+07'", zone: 'America/Havana', offers: 'same', as: 'AND (SELECT' },
  { sql: "SELECT id FROM odd.odd WHERE tz NOT BETWEEN DATE '2024-11-03 05:00' AND current_date", zone: 'America/Havana', offers: 'same', as: 'NOT BETWEEN (SELECT' },
  { sql: "SELECT id FROM odd.odd WHERE NOT tz <= now()::date - 9", offers: 'same', as: '::timestamptz)' },
  { sql: 'SELECT id FROM odd.odd WHERE tz > ts', offers: 'none' },
  { sql: "SELECT id FROM odd.odd WHERE d > timestamptz '2024-01-02' AND d <= timestamptz '2024-01-03 00:00:01'", offers: 'same', as: '::date)' },
  { sql: "SELECT id FROM odd.odd WHERE d <= timestamptz '2024-01-02' OR d IS NULL OR now() - interval '9 days' < d", zone: 'America/New_York', offers: 'same', as: 'd > (SELECT' },
  { sql: "SELECT id FROM odd.odd WHERE d >= date_trunc('day', timestamptz '2024-01-02 13:00') AND d < date_trunc('month', now())", offers: 'same', as: 'd < (SELECT' },
  { sql: "SELECT id FROM odd.odd WHERE d >= timestamptz '2024-01-02'", offers: 'none' },
  { sql: "SELECT id FROM odd.odd WHERE d >= odd.date_trunc('day', timestamp '2024-01-02')", offers: 'none' },
  { sql: "SELECT id FROM odd.odd WHERE d > timestamptz '2024-01-02'", zone: 'America/Havana', offers: 'midnight comes twice' },
  // One row for several columns.
  { sql: 'UPDATE odd.odd SET (n, k) = (SELECT t.k, t.id FROM odd.other t ORDER BY 1 LIMIT 1) WHERE id = 5', offers: 'none', writes: 'odd.odd' },
  { sql: 'UPDATE odd.odd SET (n, k) = (SELECT t.k, t.id FROM odd.other t ORDER BY num LIMIT 1) WHERE id = 5', offers: 'values of different rows may come together', writes: 'odd.odd' },
  { sql: 'UPDATE odd.odd SET n = coalesce(n, 0) + 1 WHERE tz < now()', offers: 'same', writes: 'odd.odd', from: 15 },
  { sql: "UPDATE odd.odd SET note = 'z' WHERE coalesce(d, '2024-1-1') = '2024-01-01'", offers: 'same', writes: 'odd.odd' },
];

describe.each(majors())('what is offered as the same gives the same, on PostgreSQL %i', (major) => {
  const shop = useShop(major);
  let remote: TestDatabase | undefined;
  beforeAll(async () => {
    remote = await fillShop(shop());
    await oddRows(shop(), remote);
  });
  afterAll(async () => {
    await shop().db.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [remote?.name]);
    await remote?.drop();
  });
  test.each(cases.filter(({ from = 0 }) => from <= major))('$sql', async ({ sql, offers, as = '', zone = 'UTC', writes }) => {
    await shop().session.query(`SET TimeZone = ${literal(zone)}`);
    const judged = await shop().one(sql);
    const offered = [...judged.clauses.flatMap(({ remedies }) => remedies), ...judged.remedies].filter(({ kind, proved }) => kind === 'rewrite' && proved);
    const meant = offered.filter((remedy) => remedy.sql.includes(as) && (offers === 'same' ? remedy.changesMeaning === null : remedy.changesMeaning?.includes(offers)));
    if (offers === 'none') expect(offered).toEqual([]);
    else expect({ offered, meant: meant.length > 0 }).toMatchObject({ meant: true });
    const before = await outcome(sql, writes);
    for (const remedy of offered.filter(({ changesMeaning }) => changesMeaning === null)) expect(await outcome(remedy.sql, writes)).toEqual(before);
  });

  /** Names, types and rows of a result, in an order of their own; or what a write leaves in a table. */
  async function outcome(sql: string, writes: string | undefined): Promise<unknown> {
    const { session } = shop();
    const sorted = async (query: string): Promise<readonly string[]> => (await session.query(query)).map((row) => JSON.stringify(Object.values(row))).sort();
    if (writes === undefined) return { columns: await session.describe(sql), rows: await sorted(sql) };
    await session.query('BEGIN');
    try {
      await session.query(sql);
      return await sorted(`SELECT * FROM ${writes}`);
    } finally {
      await session.query('ROLLBACK');
    }
  }
});
