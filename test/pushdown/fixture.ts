import { ident } from '../../src/sql/quote.ts';

/**
 * The local side of a shop: two servers for one database, one with extensions, shards, views of another owner.
 * No remote is there at all: a plain EXPLAIN needs none.
 *
 * @param roles names for the roles, which belong to the whole cluster
 */
export function fixtureSql(roles: { readonly owner: string; readonly reader: string }): string {
  const columns = `
    id bigint NOT NULL, customer_id bigint NOT NULL, status shop.order_status NOT NULL, total numeric(12,2),
    note text, note_c text COLLATE "C", tags text[], meta jsonb, attrs hstore, handle citext,
    created_at timestamptz NOT NULL, ts timestamp, d date, qty shop.quantity, addr shop.address, flag boolean, n int`;
  return `
    CREATE EXTENSION postgres_fdw; CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION pg_trgm;
    CREATE ROLE ${ident(roles.owner)}; CREATE ROLE ${ident(roles.reader)};
    CREATE SCHEMA shop;
    CREATE TYPE shop.order_status AS ENUM ('pending', 'paid', 'shipped');
    CREATE DOMAIN shop.quantity AS int CHECK (value > 0);
    CREATE TYPE shop.address AS (street text, zip text);
    CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 'shop');
    CREATE SERVER shop_ext FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 'shop', extensions 'citext,hstore');
    CREATE SERVER billing FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 'billing');
    CREATE SERVER shard0 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 's0');
    CREATE SERVER shard1 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 's1');

    CREATE FOREIGN TABLE shop.orders (${columns}) SERVER shop OPTIONS (schema_name 'public', table_name 'orders');
    CREATE FOREIGN TABLE shop.orders_ext (${columns}) SERVER shop_ext OPTIONS (schema_name 'public', table_name 'orders');
    CREATE FOREIGN TABLE shop.customers (id bigint NOT NULL, email text NOT NULL, name text, region text, created_at timestamptz NOT NULL)
      SERVER shop OPTIONS (schema_name 'public', table_name 'customers');
    CREATE FOREIGN TABLE shop.items (order_id bigint NOT NULL, sku text, qty int) SERVER shop OPTIONS (schema_name 'public', table_name 'items');
    CREATE FOREIGN TABLE shop.fresh (id bigint NOT NULL, customer_id bigint) SERVER shop OPTIONS (schema_name 'public', table_name 'fresh');
    CREATE FOREIGN TABLE shop."Größe ""x""" ("Id" bigint NOT NULL, "Wert" text) SERVER shop OPTIONS (schema_name 'public', table_name 'sizes');
    CREATE FOREIGN TABLE shop.invoices (id bigint NOT NULL, order_id bigint NOT NULL, total numeric) SERVER billing OPTIONS (schema_name 'public', table_name 'invoices');
    CREATE FOREIGN TABLE shop.generated (id bigint NOT NULL, a int, b int GENERATED ALWAYS AS (a + 1) STORED) SERVER shop OPTIONS (schema_name 'public', table_name 'generated');
    CREATE FOREIGN TABLE shop.triggered (id bigint NOT NULL, a int) SERVER shop OPTIONS (schema_name 'public', table_name 'triggered');
    CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER touch BEFORE UPDATE ON shop.triggered FOR EACH ROW EXECUTE FUNCTION shop.touch();
    CREATE FOREIGN TABLE shop.batched (id bigint, a int) SERVER shop OPTIONS (schema_name 'public', table_name 'batched', batch_size '50');

    CREATE TABLE accounts (id bigint PRIMARY KEY, customer_id bigint, vip boolean);
    INSERT INTO accounts SELECT g, g, g % 10 = 0 FROM generate_series(1, 1000) g;
    ANALYZE accounts;

    CREATE TABLE events (tenant_id int NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY LIST (tenant_id);
    CREATE FOREIGN TABLE events_0 PARTITION OF events FOR VALUES IN (0) SERVER shard0 OPTIONS (schema_name 'public', table_name 'events');
    CREATE FOREIGN TABLE events_1 PARTITION OF events FOR VALUES IN (1) SERVER shard1 OPTIONS (schema_name 'public', table_name 'events');
    CREATE TABLE tenants (tenant_id int NOT NULL, name text) PARTITION BY LIST (tenant_id);
    CREATE FOREIGN TABLE tenants_0 PARTITION OF tenants FOR VALUES IN (0) SERVER shard0 OPTIONS (schema_name 'public', table_name 'tenants');
    CREATE FOREIGN TABLE tenants_1 PARTITION OF tenants FOR VALUES IN (1) SERVER shard1 OPTIONS (schema_name 'public', table_name 'tenants');

    CREATE FUNCTION shop.plus1(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 + 1; END';
    CREATE FUNCTION shop.plus1s(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';

    CREATE VIEW owned_orders AS SELECT * FROM shop.orders;
    CREATE VIEW recent_orders AS SELECT id, customer_id, total FROM shop.orders WHERE created_at > now() - interval '1 day';
    CREATE VIEW over_recent AS SELECT id, total FROM recent_orders WHERE total > 5;
    CREATE VIEW guarded_orders WITH (security_barrier) AS SELECT * FROM shop.orders;
    CREATE VIEW checked_orders AS SELECT * FROM shop.orders WHERE id > 5 WITH CHECK OPTION;
    GRANT USAGE ON SCHEMA shop, public TO ${ident(roles.owner)}, ${ident(roles.reader)};
    GRANT SELECT ON ALL TABLES IN SCHEMA shop, public TO ${ident(roles.owner)}, ${ident(roles.reader)};
    GRANT CREATE ON SCHEMA public TO ${ident(roles.owner)};
    ALTER VIEW owned_orders OWNER TO ${ident(roles.owner)};

    UPDATE pg_class SET reltuples = 100000, relpages = 2000 WHERE relkind = 'f' AND relname <> 'fresh';`;
}
