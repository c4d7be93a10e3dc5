import { describe, expect, test } from 'vitest';
import { majors } from '../servers/index.ts';
import { useShop } from './judging.ts';

/** A statement, and per clause its kind with the words that it stands for; ` < view: words` where they are a view's. */
const cases: readonly { readonly sql: string; readonly places: readonly string[] }[] = [
  { sql: "SELECT id FROM shop.orders WHERE total > 5 AND created_at > (now() - interval '1 day')::date", places: ['filter: total > 5', "filter: created_at > (now() - interval '1 day')::date"] },
  { sql: 'SELECT id FROM shop.orders WHERE n BETWEEN 1 AND 3', places: ['filter: n BETWEEN 1 AND 3', 'filter: n BETWEEN 1 AND 3'] },
  { sql: 'SELECT id FROM shop.orders WHERE NOT flag AND flag = true', places: ['filter: NOT flag', 'filter: flag = true'] },
  { sql: 'SELECT id FROM shop.orders WHERE (id, customer_id) IN ((5, 6), (7, 8))', places: ['filter: (id, customer_id) IN ((5, 6), (7, 8))'] },
  { sql: "SELECT id FROM shop.orders WHERE status IN ('paid', 'shipped') /* ; */ AND (coalesce(total, 0) > 5)", places: ["filter: status IN ('paid', 'shipped')", 'filter: coalesce(total, 0) > 5'] },
  { sql: "SELECT id FROM shop.orders -- 🙂\nWHERE note = 'ü🙂' AND status\n  = 'paid'", places: ["filter: note = 'ü🙂'", "filter: status\n  = 'paid'"] },
  { sql: 'SELECT "Id" FROM shop."Größe ""x""" WHERE "Id"::text = \'5\'', places: ['filter: "Id"::text = \'5\''] },
  { sql: 'SELECT id FROM shop.orders WHERE id = (SELECT max(id) FROM accounts)', places: ['filter: id = (SELECT max(id) FROM accounts)'] },
  { sql: 'SELECT id FROM shop.orders WHERE id > 5 OR id NOT IN (SELECT id FROM accounts)', places: ['filter: id > 5 OR id NOT IN (SELECT id FROM accounts)'] },
  { sql: 'SELECT status, count(*) FROM shop.orders GROUP BY 1 HAVING count(*) > 5 ORDER BY 2 LIMIT 3', places: ['limit: LIMIT 3', 'sort: 2', 'aggregate: status', 'filter: count(*) > 5'] },
  { sql: 'SELECT count(*), max(n) FROM shop.orders', places: ['aggregate: count(*), max(n)'] },
  { sql: 'SELECT DISTINCT region FROM shop.customers', places: ['distinct: DISTINCT'] },
  { sql: 'SELECT rank() OVER (ORDER BY id) FROM shop.orders', places: ['window: rank() OVER (ORDER BY id)'] },
  { sql: '(SELECT id FROM shop.orders) UNION ALL (SELECT id FROM shop.customers)', places: ['set-operation: UNION ALL'] },
  { sql: 'SELECT o.id FROM shop.orders o JOIN accounts AS a ON a.id = o.id AND a.vip', places: ['join: accounts AS a ON a.id = o.id AND a.vip'] },
  { sql: 'SELECT o.id FROM shop.orders o JOIN accounts USING (id)', places: ['join: accounts USING (id)'] },
  { sql: 'SELECT o.id FROM shop.orders o, accounts a WHERE a.id = o.id', places: ['join: a.id = o.id'] },
  { sql: 'SELECT s.id FROM accounts a JOIN shop.stock s ON s.id = a.id WHERE a.id < 3 AND coalesce(s.shelf, 1) = 2', places: ['join: shop.stock s ON s.id = a.id', 'filter: s.id = a.id', 'filter: coalesce(s.shelf, 1) = 2'] },
  { sql: 'SELECT 1 FROM shop.orders o CROSS JOIN accounts a', places: ['join: accounts'] },
  { sql: 'SELECT a.id FROM shop.orders a JOIN shop.orders b ON a.id = b.n JOIN accounts c ON c.id = b.id', places: ['join: accounts c ON c.id = b.id', 'join: shop.orders b ON a.id = b.n'] },
  { sql: 'SELECT o.id FROM shop.orders o WHERE NOT EXISTS (SELECT 1 FROM shop.items i WHERE i.order_id = o.id)', places: ['join: i.order_id = o.id'] },
  { sql: "DELETE FROM shop.orders WHERE status = 'paid'", places: ['delete: shop.orders', "filter: status = 'paid'"] },
  { sql: 'SELECT * FROM shop.orders WHERE id = 5 ORDER BY status FOR NO KEY UPDATE SKIP LOCKED', places: ['lock: FOR NO KEY UPDATE SKIP LOCKED', 'sort: status', 'filter: id = 5', 'lock: FOR NO KEY UPDATE SKIP LOCKED'] },
  // Through views
  { sql: 'SELECT id FROM over_recent WHERE id < 5', places: ['filter: id < 5', 'filter: over_recent < public.over_recent: total > (5)::numeric', "filter: over_recent < public.recent_orders: created_at > (now() - '1 day'::interval)"] },
  { sql: 'SELECT * FROM busy b LIMIT 3', places: ['limit: LIMIT 3', 'aggregate: busy < public.busy: customer_id', "filter: busy < public.busy: status = 'paid'::shop.order_status"] },
  // Through functions that are inlined
  { sql: 'SELECT d.id FROM shop.dear(5) AS d WHERE d.id < 9', places: ['filter: d.id < 9', 'filter: shop.dear < shop.dear(): o.total > floor', 'filter: shop.dear < shop.dear(): o.created_at > now()'] },
  { sql: 'SELECT id FROM shop.orders WHERE shop.plus1s(id) = 5 AND n > 1', places: ['filter: shop.plus1s(id) = 5', 'filter: n > 1'] },
  // Partitions
  { sql: 'SELECT * FROM events WHERE at > now()', places: ['filter: at > now()'] },
];

describe.each(majors())('where clauses stand in the text, on PostgreSQL %i', (major) => {
  const shop = useShop(major);

  test.each(cases)('$sql', async ({ sql, places }) => {
    const judged = await shop().one(sql);
    const texts = judged.clauses.map(({ kind, place }) => {
      if (place === undefined) return `${kind}: ?`;
      const words = sql.slice(place.range.start, place.range.end);
      // 14 and 15 name the table of each column in a view's definition.
      const view = place.view === undefined ? '' : ` < ${place.view.name}: ${place.view.text.replaceAll(/\b(orders|recent_orders)\./g, '')}`;
      return `${kind}: ${words}${view}`;
    });
    expect([...texts].sort()).toEqual([...places].sort());
  });

  test('as lines and columns of the file', async () => {
    const [, second] = (await shop().judge("SELECT 1;\n\n  SELECT id FROM shop.orders\r\n  WHERE\t'ü🙂' < note AND status =\n 'paid'; SELECT 2")).queries;
    expect(second?.clauses.map((clause) => clause.place?.region)).toEqual([
      { line: 4, column: 9, endLine: 4, endColumn: 21 },
      { line: 4, column: 26, endLine: 5, endColumn: 8 },
    ]);
  });
});
