import { createDatabase } from '../servers/index.ts';
import type { TestDatabase } from '../servers/index.ts';
import { literal } from '../../src/sql/quote.ts';
import type { Shop } from './judging.ts';

/**
 * Gives a shop the remote that its fixture does without: a database of the same cluster with rows in it, NULLs and ties
 * among them, to which all its servers lead. The caller drops it after the shop.
 */
export async function fillShop({ db }: Shop): Promise<TestDatabase> {
  const remote = await createDatabase(db.cluster);
  await remote.query(remoteSql);
  const { internalHost, internalPort, user, password } = db.cluster;
  await db.query(
    ['shop', 'shop_ext', 'billing', 'shard0', 'shard1']
      .map(
        (server) => `
      ALTER SERVER ${server} OPTIONS (SET host ${literal(internalHost)}, ADD port ${literal(String(internalPort))}, SET dbname ${literal(remote.name)});
      CREATE USER MAPPING FOR PUBLIC SERVER ${server} OPTIONS (user ${literal(user)}, password ${literal(password)});`,
      )
      .join(''),
  );
  return remote;
}

const nullable = (expression: string, every: number): string => `CASE WHEN g % ${every} <> 0 THEN ${expression} END`;

const remoteSql = `
  CREATE EXTENSION citext; CREATE EXTENSION hstore;
  CREATE SCHEMA shop;
  CREATE TYPE shop.order_status AS ENUM ('pending', 'paid', 'shipped');
  CREATE DOMAIN shop.quantity AS int CHECK (value > 0);
  CREATE TYPE shop.address AS (street text, zip text);
  CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint NOT NULL, status shop.order_status NOT NULL, total numeric(12,2),
    note text, note_c text COLLATE "C", tags text[], meta jsonb, attrs hstore, handle citext,
    created_at timestamptz NOT NULL, ts timestamp, d date, qty shop.quantity, addr shop.address, flag boolean, n int);
  INSERT INTO orders SELECT g, g % 17, (ARRAY['pending', 'paid', 'shipped'])[1 + g % 3]::shop.order_status, ${nullable('g % 11', 5)},
    ${nullable("'note ' || g % 7", 6)}, 'C' || g % 4, ARRAY['t' || g % 3], ${nullable("jsonb_build_object('k', (g % 4)::text)", 9)}, hstore('a', (g % 3)::text), 'h' || g % 5,
    current_date + (g % 9 - 4) * interval '7 hours', ${nullable("timestamp '2024-04-29' + g * interval '5 hours'", 8)}, ${nullable("date '2023-06-01' + g * 3", 7)},
    1 + g % 9, ROW('street', 'z' || g % 3)::shop.address, ${nullable('g % 2 = 0', 4)}, ${nullable('g % 6', 3)}
  FROM generate_series(1, 300) g;
  CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, name text, region text, created_at timestamptz NOT NULL);
  INSERT INTO customers SELECT g, g || '@x', 'C' || g, (ARRAY['north', 'south', NULL])[1 + g % 3], now() FROM generate_series(1, 12) g;
  CREATE TABLE items (order_id bigint NOT NULL, sku text, qty int);
  INSERT INTO items SELECT g % 40, 's' || g % 5, g % 8 FROM generate_series(1, 200) g;
  CREATE TABLE fresh (id bigint NOT NULL, customer_id bigint);
  INSERT INTO fresh SELECT g, g FROM generate_series(1, 20) g;
  CREATE TABLE events (tenant_id int NOT NULL, at timestamptz NOT NULL, kind text);
  INSERT INTO events SELECT g % 2, now(), 'k' || g % 3 FROM generate_series(1, 20) g;
  ANALYZE;`;
