import { shopRole } from './shop-database.ts';

/** A file of the demo's folder. */
export interface DemoFile {
  readonly path: string;
  readonly text: string;
}

/**
 * What the user would write: the spec and some queries.
 *
 * @param today for a query about the last days
 */
export function demoFiles(shopPort: number, today: Date): readonly DemoFile[] {
  return [{ path: 'fdw.yaml', text: demoSpec(shopPort) }, ...demoQueries(today)];
}

/** The spec's text. */
export function demoSpec(shopPort: number): string {
  return `# What the analytics database should see of the shop. Secrets stay outside.
version: 1
database: \${env:ANALYTICS_URL}

extensions: [postgres_fdw, citext]

servers:
  shop:
    options:
      host: 127.0.0.1
      port: ${shopPort}
      dbname: shop
      fetch_size: 10000
      extensions: [citext]              # citext comparisons may run on the shop, too
      use_remote_estimate: true         # ask the shop what a plan would cost
    user_mappings:
      public: {user: ${shopRole}, password: {env: SHOP_PASSWORD}}

schemas:
  shop:                                 # kept in step with the shop's schema "public"
    server: shop
    remote_schema: public
    tables: {except: [audit_log]}
    types: create                       # the enum order_status is made here as well

tables:
  reporting.order_totals:               # one table spelled out, under other names
    server: shop
    options: {schema_name: public, table_name: orders}
    columns:
      id: bigint not null
      amount: {type: "numeric(12,2)", column_name: total, not_null: true}
      ordered_at: timestamptz not null

pushdown:
  queries: [queries/*.sql]
`;
}

function demoQueries(today: Date): readonly DemoFile[] {
  const weekAgo = new Date(today.getTime() - 7 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  return [
    {
      path: 'queries/1-revenue.sql',
      text: `-- fdw: name=revenue-by-country expect=full
SELECT c.country, count(*) AS orders, sum(o.total) AS revenue
FROM shop.orders o
JOIN shop.customers c ON c.id = o.customer_id
GROUP BY c.country;

-- fdw: name=biggest-order-ever expect=full
SELECT max(amount) FROM reporting.order_totals;
`,
    },
    {
      path: 'queries/2-recent-orders.sql',
      text: `-- now() has one value here and another one there: PostgreSQL will not send it.
-- fdw: name=last-week expect=full
SELECT id, total
FROM shop.orders
WHERE ordered_at > now() - interval '7 days';

-- The same with a value, as an application would work it out, is sent.
-- fdw: name=last-week-by-value expect=full
SELECT id, total
FROM shop.orders
WHERE ordered_at >= timestamptz '${weekAgo} 00:00+00';
`,
    },
    {
      path: 'queries/3-paid-orders.sql',
      text: `-- fdw: name=paid-orders
SELECT count(*), sum(total)
FROM shop.orders
WHERE status = 'paid';
`,
    },
    {
      path: 'queries/4-countries.sql',
      text: `-- fdw: name=countries
SELECT DISTINCT country FROM shop.customers;

-- The same rows, said in a way that is sent.
-- fdw: name=countries-grouped expect=full
SELECT country FROM shop.customers GROUP BY country;
`,
    },
    {
      path: 'queries/5-targets.sql',
      text: `-- country_targets is a table of the analytics database.
-- fdw: name=revenue-by-region
SELECT t.region, sum(o.total) AS revenue
FROM shop.orders o
JOIN shop.customers c ON c.id = o.customer_id
JOIN country_targets t ON t.country = c.country
GROUP BY t.region;
`,
    },
    {
      path: 'queries/6-unpaid.sql',
      text: `-- fdw: name=note-on-unpaid
UPDATE shop.orders
SET note = 'reminder sent'
WHERE status = 'pending' AND ordered_at < now() - interval '30 days';
`,
    },
  ];
}

/** The question that the demo asks through the foreign tables. */
export const demoQuery = `SELECT t.country, count(*) AS orders, sum(o.total) AS revenue, t.revenue_target AS target
FROM shop.orders o
JOIN shop.customers c ON c.id = o.customer_id
JOIN country_targets t ON t.country = c.country
GROUP BY t.country, t.revenue_target
ORDER BY revenue DESC
LIMIT 5`;
