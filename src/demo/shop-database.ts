/** The role that the analytics database uses on the shop: it may read, and leave a note on an order. */
export const shopRole = 'analytics';

/**
 * The shop's operational database: schema and some 100,000 rows, the same on every run but for the dates, which
 * end today. One script; its first half is what a shop would have, its second half fills it.
 */
export const shopSql = `
CREATE EXTENSION citext;
CREATE TYPE order_status AS ENUM ('pending', 'paid', 'shipped', 'delivered', 'cancelled');

CREATE TABLE customers (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL,
  email       citext NOT NULL UNIQUE,
  country     text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE products (
  id        integer PRIMARY KEY,
  sku       text NOT NULL UNIQUE,
  name      text NOT NULL,
  category  text NOT NULL,
  price     numeric(10,2) NOT NULL CHECK (price > 0)
);
CREATE TABLE orders (
  id           bigint PRIMARY KEY,
  customer_id  bigint NOT NULL REFERENCES customers,
  status       order_status NOT NULL DEFAULT 'pending',
  total        numeric(12,2) NOT NULL,
  ordered_at   timestamptz NOT NULL DEFAULT now(),
  note         text
);
CREATE TABLE order_items (
  order_id    bigint NOT NULL REFERENCES orders,
  line        integer NOT NULL,
  product_id  integer NOT NULL REFERENCES products,
  quantity    integer NOT NULL,
  unit_price  numeric(10,2) NOT NULL,
  PRIMARY KEY (order_id, line)
);
CREATE TABLE payments (
  order_id  bigint NOT NULL,
  paid_at   timestamptz NOT NULL,
  method    text NOT NULL,
  amount    numeric(12,2) NOT NULL
) PARTITION BY RANGE (paid_at);
CREATE TABLE audit_log (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL,
  actor   text NOT NULL,
  action  text NOT NULL,
  detail  jsonb NOT NULL
);
CREATE VIEW open_orders AS
  SELECT o.id, c.name AS customer, c.country, o.status, o.total, o.ordered_at
  FROM orders o JOIN customers c ON c.id = o.customer_id
  WHERE o.status IN ('pending', 'paid', 'shipped');
CREATE INDEX orders_customer_id ON orders (customer_id);
CREATE INDEX orders_ordered_at ON orders (ordered_at);

DO $$
DECLARE month date;
BEGIN
  FOR month IN SELECT generate_series(date_trunc('month', current_date - 400), current_date + 31, '1 month') LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF payments FOR VALUES FROM (%L) TO (%L)',
      'payments_' || to_char(month, 'YYYY_MM'), month, (month + interval '1 month')::date);
  END LOOP;
END $$;

-- A number from 0 to n - 1 that looks random and is not.
CREATE FUNCTION pg_temp.pick(i bigint, seed int, n int) RETURNS int LANGUAGE sql IMMUTABLE
  AS $$ SELECT ((hashint8extended(i, seed) & 2147483647) % n)::int $$;
-- The rows below fit together; checking each of them would double the time.
SET session_replication_role = replica;

INSERT INTO customers (name, email, country, created_at)
SELECT first || ' ' || last, lower(first || '.' || last || i || '@example.com'),
       ('{DE,DE,DE,FR,FR,GB,GB,NL,ES,IT,PL,SE}'::text[])[1 + pg_temp.pick(i, 1, 12)],
       current_date - pg_temp.pick(i, 2, 1400) * interval '1 day'
FROM generate_series(1, 3000) i,
  LATERAL (SELECT ('{Ada,Anna,Ben,Clara,David,Elena,Emil,Eva,Felix,Hanna,Ines,Jan,Julia,Karl,Lea,Liam,Mara,Max,Nina,Noah,Olga,Paul,Sara,Tom}'::text[])[1 + pg_temp.pick(i, 3, 24)] AS first,
                  ('{Andersson,Bauer,Bianchi,Bos,Costa,Dubois,Fischer,Garcia,Green,Huber,Jansen,Kowalski,Lopez,Martin,Meyer,Moreau,Nowak,Olsson,Ricci,Schmidt,Smith,Taylor,Visser,Weber}'::text[])[1 + pg_temp.pick(i, 4, 24)] AS last) AS n;

INSERT INTO products
SELECT row_number() OVER (), 'SKU-' || lpad((1000 + row_number() OVER ())::text, 5, '0'), name || ' ' || size, category, price * factor
FROM (VALUES ('Espresso cup', 'kitchen', 6.50), ('French press', 'kitchen', 29.90), ('Chopping board', 'kitchen', 24.00), ('Desk lamp', 'office', 49.00),
             ('Notebook', 'office', 4.20), ('Fountain pen', 'office', 35.00), ('Rucksack', 'outdoor', 89.00), ('Water bottle', 'outdoor', 17.50),
             ('Head torch', 'outdoor', 39.90), ('Wool blanket', 'home', 74.00), ('Door mat', 'home', 22.00), ('Candle', 'home', 8.90)) AS p (name, category, price),
     (VALUES ('S', 1.0), ('M', 1.25), ('L', 1.6)) AS s (size, factor);

CREATE TEMP TABLE lines AS
SELECT o AS order_id, line, p.id AS product_id, 1 + pg_temp.pick(o * 8 + line, 5, 3) AS quantity, p.price AS unit_price
FROM generate_series(1, 25000) o, generate_series(1, 3) line
JOIN products p ON true
WHERE line <= 1 + pg_temp.pick(o, 6, 3) AND p.id = 1 + pg_temp.pick(o * 8 + line, 7, 36);

INSERT INTO orders
SELECT o.id, 1 + pg_temp.pick(o.id, 8, 3000),
       (CASE WHEN age > 20 THEN ('{delivered,delivered,delivered,delivered,delivered,delivered,delivered,delivered,cancelled,pending}'::order_status[])[1 + pg_temp.pick(o.id, 9, 10)]
             ELSE ('{pending,paid,paid,shipped,shipped}'::order_status[])[1 + pg_temp.pick(o.id, 9, 5)] END),
       o.total, current_date - age * interval '1 day' + pg_temp.pick(o.id, 10, 86400) * interval '1 second',
       CASE WHEN pg_temp.pick(o.id, 11, 25) = 0 THEN 'Please leave it with the neighbours' END
FROM (SELECT order_id AS id, sum(quantity * unit_price) AS total FROM lines GROUP BY order_id) o,
  LATERAL (SELECT 1 + (25000 - o.id) * 364 / 25000 AS age) AS a
ORDER BY o.id;

INSERT INTO order_items SELECT * FROM lines ORDER BY order_id, line;
DROP TABLE lines;

INSERT INTO payments
SELECT id, ordered_at + pg_temp.pick(id, 12, 7200) * interval '1 second',
       ('{card,card,card,transfer,wallet}'::text[])[1 + pg_temp.pick(id, 13, 5)], total
FROM orders WHERE status NOT IN ('pending', 'cancelled');

INSERT INTO audit_log (at, actor, action, detail)
SELECT ordered_at, 'checkout', 'order.created', jsonb_build_object('order', id, 'ip', '203.0.113.' || pg_temp.pick(id, 14, 250))
FROM orders ORDER BY id DESC LIMIT 1000;

RESET session_replication_role;
ANALYZE;
`;

/**
 * The role and its rights, as the shop's owner would give them: nothing on audit_log.
 *
 * @param password quoted as an SQL literal
 */
export function shopRoleSql(password: string): string {
  return `
CREATE ROLE ${shopRole} LOGIN PASSWORD ${password};
GRANT SELECT ON customers, products, orders, order_items, payments, open_orders TO ${shopRole};
GRANT UPDATE (note) ON orders TO ${shopRole};
`;
}
