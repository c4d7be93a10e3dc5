import { describe, expect, test } from 'vitest';
import { majors } from '../servers/index.ts';
import { useShop } from './judging.ts';
import type { PlanStep } from '../../src/pushdown/types.ts';

const statements = [
  "SELECT o.id FROM shop.orders o LEFT JOIN accounts a ON a.id = o.customer_id AND o.created_at > now()",
  'SELECT a.id FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM shop.orders o WHERE o.customer_id = a.id)',
  'SELECT a.id FROM accounts a WHERE EXISTS (SELECT 1 FROM shop.orders o WHERE o.customer_id > a.id)',
  'SELECT vip, count(*) FROM accounts JOIN shop.orders USING (id) GROUP BY vip',
  'SELECT count(*) FROM clicks',
  'UPDATE shop.orders SET total = 1 WHERE id = 5',
  'DELETE FROM shop.orders WHERE id = 5',
  'UPDATE shop.orders SET created_at = now() WHERE created_at > now()',
  'SELECT id FROM shop.orders EXCEPT SELECT id FROM accounts',
];

describe.each(majors())('nodes of a plan on PostgreSQL %i', (major) => {
  const shop = useShop(major);

  test.each(statements)('have the names that EXPLAIN prints: %s', async (sql) => {
    const { tree } = await shop().one(sql, { tree: true });
    const printed = (await shop().session.query(`EXPLAIN (COSTS OFF) ${sql}`)).map((row) => String(row['QUERY PLAN']));
    const names = (step: PlanStep | undefined): readonly string[] => (step === undefined ? [] : [step.type, ...step.children.flatMap(names)]);
    // A line of a node, that of the root too, which has no arrow; without what it is on.
    const nodes = printed.filter((line, index) => index === 0 || line.includes('->')).map((line) => line.replace(/^ *(-> +)?/, '').replace(/ (on|using) .*/, '').trim());
    expect([...names(tree)].sort()).toEqual([...nodes].sort());
  });
});
