import { ident, literal } from '../../src/sql/quote.ts';
import type { Pair } from '../servers/index.ts';
import { uniqueName } from '../servers/index.ts';

/** The remote role that reads the shop; its password is known to the test alone. */
export interface ShopReader {
  readonly role: string;
  readonly password: string;
}

/** The operational database of needs.md: an enum, three extensions, two tables with some rows. */
export async function makeShop(pair: Pair): Promise<ShopReader> {
  const reader = { role: uniqueName('shop_ro'), password: uniqueName('secret') };
  await pair.remote.query(`
    CREATE EXTENSION citext; CREATE EXTENSION hstore;
    CREATE TYPE order_status AS ENUM ('pending', 'paid', 'shipped', 'cancelled');
    CREATE TABLE customers (
      id bigserial PRIMARY KEY, email text NOT NULL, name text, region text, created_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE orders (
      id bigserial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, status order_status NOT NULL DEFAULT 'pending',
      total numeric(12,2), note text, tags text[], meta jsonb, attrs hstore, handle citext, history order_status[],
      created_at timestamptz NOT NULL DEFAULT now(), d date);
    INSERT INTO customers (email, name, region) SELECT 'c' || i || '@example.org', 'Customer ' || i, 'north' FROM generate_series(1, 20) i;
    INSERT INTO orders (customer_id, status, total, handle) SELECT 1 + i % 20, 'paid', i, 'H' || i FROM generate_series(1, 100) i;
    CREATE ROLE ${ident(reader.role)} LOGIN PASSWORD ${literal(reader.password)};
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${ident(reader.role)}`);
  return reader;
}

/** The `servers` part of a spec for the shop, with the password from SHOP_PASSWORD. */
export function shopServer(pair: Pair, reader: ShopReader, options: Readonly<Record<string, string>> = {}): string {
  const all = Object.entries({ ...pair.serverOptions, ...options });
  return `servers:
  shop:
    options: {${all.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')}}
    user_mappings:
      public: {user: ${reader.role}, password: {env: SHOP_PASSWORD}}
`;
}
