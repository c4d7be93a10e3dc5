import { beforeAll, describe, expect, test } from 'vitest';
import type { QueryVerdict } from '../../src/pushdown/types.ts';
import { majors } from '../servers/index.ts';
import { useShop } from './judging.ts';

/** Everyday statements that have nothing foreign in them. */
const local: readonly string[] = [
  'SELECT 1',
  'SELECT now(), current_user, version()',
  'SELECT count(*) FROM accounts',
  'SELECT * FROM accounts WHERE id = 5',
  'SELECT a.vip, count(*) FROM accounts a JOIN accounts b ON b.id = a.customer_id GROUP BY 1 ORDER BY 2 DESC LIMIT 5',
  "SELECT DISTINCT vip FROM accounts WHERE coalesce(vip, false) AND id::text LIKE '1%'",
  'SELECT rank() OVER (PARTITION BY vip ORDER BY id) FROM accounts',
  'WITH x AS MATERIALIZED (SELECT * FROM accounts) SELECT * FROM x UNION SELECT * FROM accounts',
  'SELECT * FROM accounts WHERE id = $1 FOR UPDATE SKIP LOCKED',
  'UPDATE accounts SET vip = true WHERE id = 5',
  'INSERT INTO accounts VALUES (5001, 5, false) ON CONFLICT (id) DO NOTHING',
  'DELETE FROM accounts WHERE id = 5 RETURNING *',
  'SELECT * FROM generate_series(1, 10) g',
  "VALUES (1, 'a'), (2, 'b')",
  // Catalogs, as psql's \d, \det and \dp ask them
  "SELECT relname, relkind FROM pg_catalog.pg_class WHERE relkind IN ('r', 'f') ORDER BY 1",
  "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'FOREIGN'",
  "SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname OPERATOR(pg_catalog.~) '^(orders)$' COLLATE pg_catalog.default AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 2, 3",
  "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'shop.orders'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
  'SELECT s.srvname, f.ftrelid::regclass FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver',
  "SELECT pid, state, query FROM pg_stat_activity WHERE state <> 'idle'",
  "SELECT 'shop.orders'::regclass::oid, pg_total_relation_size('accounts')",
];

/** Everyday statements on foreign tables that nothing is wrong with. */
const foreign: readonly string[] = [
  'SELECT id, total FROM shop.orders WHERE id = 5',
  'SELECT id, total FROM shop.orders WHERE id = $1',
  'SELECT id, total FROM shop.orders WHERE id = ANY ($1)',
  'SELECT id FROM shop.orders WHERE customer_id = $1 AND created_at >= $2 AND created_at < $3 ORDER BY id LIMIT 50',
  'SELECT id FROM shop.orders WHERE id > $1 ORDER BY id LIMIT 50',
  'SELECT * FROM shop.orders LIMIT 0',
  'SELECT * FROM shop.orders WHERE false',
  'SELECT * FROM shop.orders LIMIT 1',
  'SELECT EXISTS (SELECT 1 FROM shop.orders WHERE id = 5)',
  'SELECT count(*) FROM shop.orders WHERE customer_id = 5',
  'SELECT max(id) FROM shop.orders',
  'SELECT min(created_at), max(created_at) FROM shop.orders',
  'SELECT c.region, sum(o.total) FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id GROUP BY 1',
  'SELECT o.id, c.name FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id WHERE o.id = 5',
  'SELECT id, upper(note), now(), coalesce(total, 0), total::text FROM shop.orders WHERE id = 5',
  'SELECT id FROM shop.orders WHERE customer_id = (SELECT customer_id FROM accounts WHERE id = 5)',
  "SELECT id FROM shop.orders WHERE created_at > (SELECT now() - interval '1 day')",
  "SELECT id FROM shop.orders WHERE note ILIKE '%x%' AND total BETWEEN 1 AND 5 AND NOT flag",
  'SELECT id FROM shop.orders WHERE id = 5 FOR UPDATE',
  "SELECT * FROM owned_customers WHERE region = 'north'",
  'SELECT * FROM events WHERE tenant_id = 0',
  'UPDATE shop.orders SET total = total * 1.1 WHERE id = 5',
  'DELETE FROM shop.orders WHERE id = $1',
  "INSERT INTO shop.orders (id, customer_id, status, created_at) VALUES (1, 2, 'paid', now())",
];

describe.each(majors())('no false alarm on PostgreSQL %i', (major) => {
  const shop = useShop(major);
  const all = [...local, ...foreign];
  let verdicts: readonly QueryVerdict[] = [];
  beforeAll(async () => {
    verdicts = (await shop().judge(all.join(';\n'))).queries;
  });

  test.each(all.map((sql, index) => ({ sql, index })))('$sql', ({ sql, index }) => {
    const { error, steady, clauses, notes } = verdicts[index] ?? {};
    expect(error).toBeUndefined();
    // What is only not chosen depends on the data, and is no alarm.
    expect({ steady, blocked: clauses?.filter(({ cause }) => cause === 'blocked'), notes }).toEqual({ steady: local.includes(sql) ? 'no-foreign' : 'full', blocked: [], notes: [] });
  });
});
