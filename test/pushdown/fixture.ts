import { ident, literal } from '../../src/sql/quote.ts';

/** What of a fixture belongs to its cluster. */
export interface FixturePlace {
  /** Names for the roles, which belong to the whole cluster. */
  readonly roles: { readonly owner: string; readonly reader: string };
  /** Options of a server that leads back to this database, and of its user mapping. */
  readonly loopback: { readonly host: string; readonly port: string; readonly dbname: string; readonly user: string; readonly password: string };
}

/**
 * The local side of a shop: two servers for one database, one with extensions, shards, views of another owner.
 * Behind them is no remote at all, as a plain EXPLAIN needs none; only the server `live` is real, for
 * `use_remote_estimate`.
 */
export function fixtureSql({ roles, loopback }: FixturePlace): string {
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
    CREATE DOMAIN shop.sku AS text CHECK (value LIKE 'SKU-%');
    CREATE TYPE shop.address AS (street text, zip text);
    CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 'shop');
    CREATE SERVER shop_ext FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 'shop', extensions 'citext, hstore,pg_trgm');
    CREATE SERVER billing FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 'billing');
    CREATE SERVER shard0 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 's0');
    CREATE SERVER shard1 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 's1');

    CREATE FOREIGN TABLE shop.orders (${columns}) SERVER shop OPTIONS (schema_name 'public', table_name 'orders');
    CREATE FOREIGN TABLE shop.orders_ext (${columns}) SERVER shop_ext OPTIONS (schema_name 'public', table_name 'orders');
    CREATE FOREIGN TABLE shop.customers (id bigint NOT NULL, email text NOT NULL, name text, region text, created_at timestamptz NOT NULL)
      SERVER shop OPTIONS (schema_name 'public', table_name 'customers');
    CREATE FOREIGN TABLE shop.items (order_id bigint NOT NULL, sku text, qty int) SERVER shop OPTIONS (schema_name 'public', table_name 'items');
    CREATE FOREIGN TABLE shop.tiny (id bigint, status shop.order_status) SERVER shop OPTIONS (schema_name 'public', table_name 'tiny');
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

    -- Partitions that differ: in the order of columns, in the name of one on the remote, and one that is here.
    CREATE TABLE sales (id bigint NOT NULL, region text NOT NULL, status shop.order_status, handle citext, qty shop.quantity) PARTITION BY LIST (region);
    CREATE FOREIGN TABLE sales_north (handle citext, id bigint OPTIONS (column_name 'no') NOT NULL, region text NOT NULL, status shop.order_status, qty shop.quantity)
      SERVER shard0 OPTIONS (schema_name 'public', table_name 'sales');
    ALTER TABLE sales ATTACH PARTITION sales_north FOR VALUES IN ('north');
    CREATE FOREIGN TABLE sales_south PARTITION OF sales FOR VALUES IN ('south') SERVER shard1 OPTIONS (schema_name 'public', table_name 'sales');
    CREATE TABLE sales_here PARTITION OF sales DEFAULT;

    -- Shards that may be asked at once.
    CREATE SERVER fast0 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', async_capable 'true');
    CREATE SERVER fast1 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', async_capable 'true');
    CREATE TABLE clicks (tenant_id int NOT NULL, at timestamptz NOT NULL, url text) PARTITION BY LIST (tenant_id);
    CREATE FOREIGN TABLE clicks_0 PARTITION OF clicks FOR VALUES IN (0) SERVER fast0;
    CREATE FOREIGN TABLE clicks_1 PARTITION OF clicks FOR VALUES IN (1) SERVER fast1;
    -- A partition here, one there, by range, two levels.
    CREATE TABLE visits (customer_id bigint NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
    CREATE FOREIGN TABLE visits_old PARTITION OF visits FOR VALUES FROM (MINVALUE) TO ('2024-01-01') SERVER shop OPTIONS (schema_name 'public');
    CREATE FOREIGN TABLE visits_new PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO (MAXVALUE) SERVER shop OPTIONS (schema_name 'public');
    CREATE TABLE logs (day date NOT NULL, kind int NOT NULL, line text) PARTITION BY RANGE (day);
    CREATE TABLE logs_new PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
    CREATE TABLE logs_old PARTITION OF logs FOR VALUES FROM (MINVALUE) TO ('2024-01-01') PARTITION BY LIST (kind);
    CREATE FOREIGN TABLE logs_old_1 PARTITION OF logs_old FOR VALUES IN (1) SERVER shard0;
    CREATE FOREIGN TABLE logs_old_2 PARTITION OF logs_old FOR VALUES IN (2) SERVER shard1;

    CREATE FUNCTION shop.equal(bigint, bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 = $2; END';
    CREATE OPERATOR shop.=== (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = shop.equal);
    CREATE AGGREGATE shop.total(numeric) (SFUNC = numeric_add, STYPE = numeric);
    CREATE TEXT SEARCH CONFIGURATION shop.mine (COPY = pg_catalog.simple);
    -- A type of our own that goes with a listed extension.
    CREATE TYPE shop.size AS ENUM ('s', 'm', 'l');
    ALTER EXTENSION hstore ADD TYPE shop.size;
    CREATE FOREIGN TABLE shop.shirts (id bigint NOT NULL, size shop.size, note text, secret money) SERVER shop_ext;
    CREATE FOREIGN TABLE shop.watched (id bigint NOT NULL, a int) SERVER shop OPTIONS (batch_size '50');
    CREATE TRIGGER touch BEFORE INSERT ON shop.watched FOR EACH ROW EXECUTE FUNCTION shop.touch();
    CREATE TRIGGER noticed AFTER UPDATE ON shop.batched FOR EACH STATEMENT EXECUTE FUNCTION shop.touch();

    CREATE EXTENSION file_fdw;
    CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
    CREATE FOREIGN TABLE shop.lines (line text, n int) SERVER files OPTIONS (filename '/dev/null', format 'csv');

    CREATE SCHEMA behind;
    CREATE TABLE behind.stock (id bigint PRIMARY KEY, shelf int);
    INSERT INTO behind.stock SELECT g, g % 10 FROM generate_series(1, 10000) g;
    ANALYZE behind.stock;
    CREATE SERVER live FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ${literal(loopback.host)}, port ${literal(loopback.port)}, dbname ${literal(loopback.dbname)}, use_remote_estimate 'true');
    CREATE USER MAPPING FOR CURRENT_USER SERVER live OPTIONS (user ${literal(loopback.user)}, password ${literal(loopback.password)});
    CREATE FOREIGN TABLE shop.stock (id bigint NOT NULL, shelf int) SERVER live OPTIONS (schema_name 'behind');

    CREATE FUNCTION shop.dear(floor numeric) RETURNS SETOF shop.orders LANGUAGE sql STABLE AS 'SELECT * FROM shop.orders o WHERE o.total > floor AND o.created_at > now()';
    CREATE FUNCTION shop.report() RETURNS TABLE (id bigint) LANGUAGE plpgsql STABLE AS 'BEGIN RETURN QUERY SELECT o.id FROM shop.orders o; END';
    CREATE FUNCTION shop.name_of(bigint) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT name FROM shop.customers WHERE customers.id = $1); END';
    CREATE FUNCTION shop."Größer"(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 + 1; END';
    CREATE FUNCTION shop.plus1(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 + 1; END';
    CREATE FUNCTION shop.plus1s(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';

    CREATE VIEW owned_orders AS SELECT * FROM shop.orders;
    CREATE VIEW recent_orders AS SELECT id, customer_id, total FROM shop.orders WHERE created_at > now() - interval '1 day';
    CREATE VIEW over_recent AS SELECT id, total FROM recent_orders WHERE total > 5;
    CREATE VIEW owned_customers AS SELECT id, name AS label, region FROM shop.customers WHERE region <> 'test';
    CREATE VIEW over_owned AS SELECT id, label, upper(label) AS loud FROM owned_customers;
    CREATE VIEW busy AS SELECT customer_id, count(*) AS orders FROM shop.orders WHERE status = 'paid' GROUP BY customer_id;
    CREATE VIEW guarded_orders WITH (security_barrier) AS SELECT * FROM shop.orders;
    CREATE VIEW owned_recent AS SELECT id, total FROM shop.orders WHERE created_at > now() - interval '2 days';
    CREATE VIEW guarded_recent WITH (security_barrier) AS SELECT id FROM shop.orders WHERE created_at > now() - interval '3 days';
    CREATE VIEW checked_orders AS SELECT * FROM shop.orders WHERE id > 5 WITH CHECK OPTION;
    GRANT USAGE ON SCHEMA shop, public TO ${ident(roles.owner)}, ${ident(roles.reader)};
    GRANT SELECT ON ALL TABLES IN SCHEMA shop, public TO ${ident(roles.owner)}, ${ident(roles.reader)};
    GRANT CREATE ON SCHEMA public TO ${ident(roles.owner)};
    ALTER VIEW owned_orders OWNER TO ${ident(roles.owner)};
    ALTER VIEW owned_recent OWNER TO ${ident(roles.owner)};
    ALTER VIEW owned_customers OWNER TO ${ident(roles.owner)};
    ALTER VIEW over_owned OWNER TO ${ident(roles.reader)};

    UPDATE pg_class SET reltuples = 100000, relpages = 2000 WHERE relkind = 'f' AND relname <> 'fresh' AND relname <> 'stock';
    UPDATE pg_class SET reltuples = 1, relpages = 1 WHERE relname = 'tiny';`;
}
