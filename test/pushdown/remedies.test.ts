import { describe, expect, test } from 'vitest';
import { majors } from '../servers/index.ts';
import { useShop } from './judging.ts';

/** A statement and the remedy that was proved for it; undefined: none is offered. */
const cases: readonly { readonly sql: string; readonly remedy: string | undefined; readonly verdict?: string }[] = [
  {
    sql: "SELECT id FROM shop.orders WHERE created_at > now() - interval '1 day'",
    remedy: "SELECT id FROM shop.orders WHERE created_at > (SELECT now() - interval '1 day')",
    verdict: 'full',
  },
  {
    sql: "SELECT id\nFROM shop.orders -- ü🙂\nWHERE note = 'ü🙂' AND created_at > (now() - interval '1 day')::date AND d < current_date",
    remedy: "SELECT id\nFROM shop.orders -- ü🙂\nWHERE note = 'ü🙂' AND created_at > (SELECT (now() - interval '1 day')::date) AND d < (SELECT current_date)",
    // timestamptz > date is STABLE itself: only the other condition is sent.
    verdict: 'partial',
  },
  { sql: 'UPDATE shop.orders SET created_at = now() WHERE id = 5', remedy: 'UPDATE shop.orders SET created_at = (SELECT now()) WHERE id = 5', verdict: 'full' },
  {
    sql: "DELETE FROM shop.orders WHERE created_at < now() - interval '1 year'",
    remedy: "DELETE FROM shop.orders WHERE created_at < (SELECT now() - interval '1 year')",
    verdict: 'full',
  },
  {
    sql: "SELECT count(*) FROM shop.orders WHERE created_at > date_trunc('day', now()) AND id = $1",
    remedy: "SELECT count(*) FROM shop.orders WHERE created_at > (SELECT date_trunc('day', now())) AND id = $1",
    verdict: 'full',
  },
  {
    sql: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id AND c.created_at > now() ORDER BY c.region LIMIT 3',
    remedy: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id AND c.created_at > (SELECT now()) ORDER BY c.region LIMIT 3',
    verdict: 'full',
  },
  // A VOLATILE function would be called once instead of for each row.
  { sql: 'SELECT id FROM shop.orders WHERE random() < 0.5', remedy: undefined },
  // It would not help: the operator on the column is STABLE.
  { sql: "SELECT id FROM shop.orders WHERE created_at + interval '1 day' > now()", remedy: undefined },
  // It stands in the view, not in the statement.
  { sql: 'SELECT id FROM recent_orders', remedy: undefined },
];

describe.each(majors())('remedies on PostgreSQL %i', (major) => {
  const shop = useShop(major);

  test.each(cases)('$sql', async ({ sql, remedy, verdict }) => {
    const judged = await shop().one(sql);
    const offered = new Set(judged.clauses.flatMap((clause) => clause.remedies.map((each) => `${each.proved ? 'proved' : 'unproved'}: ${each.sql}`)));
    expect([...offered]).toEqual(remedy === undefined ? [] : [`proved: ${remedy}`]);
    if (remedy !== undefined) expect((await shop().one(remedy)).verdict).toBe(verdict);
  });
});
