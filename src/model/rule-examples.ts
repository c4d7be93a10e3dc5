import type { ReasonId } from './rules.ts';

/** A statement that shows a reason. Tests judge it on real servers, on every major where it holds. */
export interface RuleExample {
  /** What must be known of its objects. */
  readonly given?: string;
  readonly sql: string;
  /** What check-pushdown says of it. */
  readonly says: string;
  /** A remedy that check-pushdown offers for it. */
  readonly remedy?: string;
  /** A statement of the user's own for which the reason is gone: no remedy that fdw could find by itself. */
  readonly instead?: string;
  /** The first and the last major where it holds; undefined: all of 14 to 18. */
  readonly from?: number;
  readonly to?: number;
  /** Found by --remote only. */
  readonly remote?: boolean;
}

/** An example for each reason. The objects are those of test/pushdown/fixture.ts. */
export const ruleExamples: Readonly<Record<ReasonId, RuleExample>> = {
  'mutable-function': {
    sql: "SELECT id FROM shop.orders WHERE created_at > now() - interval '1 day'",
    says: 'the function now() is STABLE: only what is IMMUTABLE is sent',
    remedy: "SELECT id FROM shop.orders WHERE created_at > (SELECT now() - interval '1 day')",
  },
  'session-function': {
    sql: 'SELECT id FROM shop.orders WHERE d < current_date',
    says: 'CURRENT_DATE is a value of this session; the remote would have another',
    remedy: 'SELECT id FROM shop.orders WHERE d < (SELECT current_date)',
  },
  'function-not-shippable': {
    given: 'shop.plus1 is a function in PL/pgSQL that adds 1.',
    sql: 'SELECT id FROM shop.orders WHERE shop.plus1(id) = 5',
    says: 'the function shop.plus1(bigint) is neither built in nor of a listed extension: the remote may not have it',
    instead: 'SELECT id FROM shop.orders WHERE id + 1 = 5',
  },
  'operator-not-shippable': {
    given: 'shop.=== is an operator of the user.',
    sql: 'SELECT id FROM shop.orders WHERE id OPERATOR(shop.===) 5',
    says: 'the operator bigint === bigint is neither built in nor of a listed extension: the remote may not have it',
    instead: 'SELECT id FROM shop.orders WHERE id = 5',
  },
  'aggregate-not-shippable': {
    given: 'shop.total is an aggregate of the user.',
    sql: 'SELECT shop.total(total) FROM shop.orders',
    says: 'the function shop.total(numeric) is neither built in nor of a listed extension: the remote may not have it',
    instead: 'SELECT sum(total) FROM shop.orders',
  },
  'type-not-shippable': {
    given: 'The column qty is of the domain shop.quantity, over integer.',
    sql: 'SELECT id FROM shop.orders WHERE qty = 5',
    says: 'column orders.qty is of the domain type shop.quantity, which is neither built in nor of a listed extension',
    remedy: 'ALTER FOREIGN TABLE shop.orders ALTER COLUMN qty TYPE integer;',
  },
  'extension-not-listed': {
    given: 'The column handle is citext, and the server shop has no option extensions.',
    sql: "SELECT id FROM shop.orders WHERE handle = 'h1'",
    says: 'column orders.handle is of the type citext of the extension citext, which the option extensions of server shop does not list',
    remedy: "ALTER SERVER shop OPTIONS (ADD extensions 'citext');",
  },
  'extension-missing-on-remote': {
    given: 'The extension pg_trgm is installed here, and not on the remote of the server shop.',
    sql: "SELECT id FROM shop.orders WHERE similarity(note, 'x') > 0.5",
    says: 'the function similarity(text,text) is of the extension pg_trgm, which the option extensions of server shop does not list; nor has the remote of shop the extension',
    instead: "SELECT id FROM shop.orders WHERE note LIKE '%x%'",
    remote: true,
  },
  'extension-array': {
    given: "The column handle is citext, and the server of orders_ext has the option extensions 'citext, …'.",
    sql: "SELECT id FROM shop.orders_ext WHERE handle IN ('h1', 'h2')",
    says: "CAST('{h1,h2}' AS citext[]) is of the type citext[]: arrays of extension types are sent from PostgreSQL 17 on",
    remedy: "SELECT id FROM shop.orders_ext WHERE (handle = 'h1' OR handle = 'h2')",
    to: 16,
  },
  'unsupported-expression': {
    sql: 'SELECT id FROM shop.orders WHERE coalesce(total, 7) > 5',
    says: 'COALESCE is not sent, whatever it works on',
    remedy: 'SELECT id FROM shop.orders WHERE (total > 5 OR (total IS NULL AND 7 > 5))',
  },
  collation: {
    sql: "SELECT id FROM shop.orders WHERE date_trunc('day', ts) = '2024-05-01'",
    says: "the text 'day'::text in date_trunc('day'::text, orders.ts) brings a collation that no column of the foreign table supplies",
    remedy: "SELECT id FROM shop.orders WHERE (ts >= '2024-05-01' AND ts < '2024-05-02')",
  },
  'system-column': {
    sql: "SELECT id FROM shop.orders WHERE xmin = '5'::xid AND id = 3",
    says: 'the system column xmin is made here; of these only ctid is sent',
    instead: 'SELECT id FROM shop.orders WHERE id = 3',
  },
  'security-barrier': {
    given: 'guarded_orders is a security_barrier view of shop.orders.',
    sql: "SELECT id FROM guarded_orders WHERE lower(note) = 'x'",
    says: 'public.guarded_orders is a security_barrier view: only leakproof conditions may pass it',
    remedy: 'ALTER VIEW public.guarded_orders RESET (security_barrier);',
  },
  'cte-materialized': {
    sql: 'WITH x AS MATERIALIZED (SELECT * FROM shop.orders) SELECT id FROM x WHERE total > 5',
    says: 'the CTE x is computed once and kept here; nothing outside it is sent into it',
    remedy: 'WITH x AS NOT MATERIALIZED (SELECT * FROM shop.orders) SELECT id FROM x WHERE total > 5',
  },
  'local-filter-below': {
    sql: 'SELECT count(*) FROM shop.orders WHERE coalesce(total, 7) > 5',
    says: "the condition COALESCE(orders.total, '7'::numeric) > '5'::numeric on shop.orders is checked here, so the remote cannot know which rows count",
    remedy: 'SELECT count(*) FROM shop.orders WHERE (total > 5 OR (total IS NULL AND 7 > 5))',
  },
  'local-operation-below': {
    sql: 'SELECT id FROM shop.orders ORDER BY random() LIMIT 5',
    says: 'the sort below it runs here',
    instead: 'SELECT id FROM shop.orders ORDER BY id LIMIT 5',
  },
  'subquery-below': {
    sql: 'SELECT count(*) FROM (SELECT id FROM shop.orders LIMIT 10) x',
    says: 'the sub-select over shop.orders groups or limits its rows first; nothing is sent on top of that',
    instead: 'SELECT count(*) FROM shop.orders WHERE id <= 10',
  },
  'object-not-shippable': {
    given: 'shop.mine is a text search configuration of the user.',
    sql: "SELECT id FROM shop.orders WHERE to_tsvector('shop.mine', note) @@ 'x'::tsquery",
    says: "CAST('shop.mine' AS regconfig) names an object that is neither built in nor of a listed extension: the remote may not have it",
    instead: "SELECT id FROM shop.orders WHERE to_tsvector('pg_catalog.simple', note) @@ 'x'::tsquery",
    from: 16,
  },
  'join-to-local': {
    given: 'accounts is a table of the local database.',
    sql: 'SELECT id FROM shop.orders WHERE customer_id IN (SELECT customer_id FROM accounts WHERE vip)',
    says: 'public.accounts is here, so the rows of the other side come here too',
    remedy: 'SELECT id FROM shop.orders WHERE customer_id = ANY (ARRAY(SELECT customer_id FROM accounts WHERE vip))',
  },
  'cross-server-join': {
    given: 'The servers of the two tables lead to one database.',
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.orders_ext e ON e.id = o.id',
    says: 'its sides are on different servers: shop and shop_ext',
    remedy: '-- shop.orders_ext: a foreign table keeps its server; drop it and create it again with SERVER shop',
  },
  'different-user': {
    given: 'owned_orders is a view of shop.orders with another owner, whose user mapping counts.',
    sql: 'SELECT o.id FROM owned_orders o JOIN shop.customers c ON c.id = o.customer_id',
    says: 'its sides are read as different roles (owner, who owns the view; the role that runs the query), hence over different connections',
    remedy: 'ALTER VIEW public.owned_orders SET (security_invoker = true);',
    from: 15,
  },
  'join-type': {
    sql: 'SELECT o.id FROM shop.orders o WHERE NOT EXISTS (SELECT 1 FROM shop.customers c WHERE c.id = o.n)',
    says: 'NOT EXISTS (an anti join) is not sent by any version',
    remedy: 'SELECT o.id FROM shop.orders o WHERE (o.n <> ALL (ARRAY(SELECT c.id FROM shop.customers AS c WHERE c.id IS NOT NULL)) OR o.n IS NULL)',
  },
  'join-to-subquery': {
    sql: 'SELECT o.id FROM shop.orders o JOIN (SELECT customer_id FROM shop.fresh GROUP BY 1) f USING (customer_id)',
    says: 'a side over shop.fresh groups or limits its rows first; such a sub-select is not joined there',
    remedy: `SELECT o.id
FROM shop.orders AS o
WHERE EXISTS (SELECT 1 FROM shop.fresh WHERE customer_id = o.customer_id)`,
    from: 17,
  },
  'outer-join-clause': {
    sql: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id AND coalesce(c.region, o.note) = o.note',
    says: 'an outer join is only sent when every one of its ON conditions can be',
    instead: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id AND (c.region = o.note OR (c.region IS NULL AND o.note IS NOT NULL))',
  },
  placeholder: {
    sql: 'SELECT o.id, x.k FROM shop.orders o LEFT JOIN (SELECT id, 1 AS k FROM shop.customers) x ON x.id = o.customer_id',
    says: '1 is computed below the outer join, and the remote cannot make it NULL for rows without a partner',
    remedy: `SELECT o.id, CASE WHEN x.id IS NOT NULL THEN 1 END AS k
FROM shop.orders AS o
LEFT JOIN shop.customers AS x ON x.id = o.customer_id`,
  },
  'one-time-filter': {
    sql: "SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id AND now() > '2000-01-01'",
    says: "with the constant condition (now() > '2000-01-01 00:00:00+00'::timestamp with time zone) beside it, a join is sent from PostgreSQL 17 on",
    instead: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id',
    to: 16,
  },
  'row-marks': {
    sql: "DELETE FROM shop.orders WHERE customer_id IN (SELECT id FROM shop.customers WHERE region = 'north')",
    says: 'in an UPDATE or DELETE the rows of EXISTS or IN are wanted here for rechecks, so this semi join is not sent',
    remedy: "DELETE FROM shop.orders WHERE customer_id = ANY (ARRAY(SELECT id FROM shop.customers WHERE region = 'north'))",
    from: 17,
  },
  lateral: {
    sql: 'SELECT c.id, l.n FROM shop.customers c LEFT JOIN LATERAL (SELECT count(*) AS n FROM shop.orders o WHERE o.customer_id = c.id) l ON true',
    says: 'one side is fetched anew for each row of the other (LATERAL)',
    remedy: `SELECT c.id, COALESCE(o.count, 0) AS n
FROM shop.customers AS c
LEFT JOIN (SELECT o.customer_id, count(*) AS count FROM shop.orders AS o GROUP BY 1) AS o ON o.customer_id = c.id`,
  },
  'remote-cross-product': {
    given: 'The column status is an enum, and the planner takes the table to be tiny.',
    sql: 'SELECT 1 FROM shop.tiny a JOIN shop.tiny b ON a.status = b.status',
    says: 'the join is sent without this condition: the remote pairs every row with every row',
    instead: 'SELECT 1 FROM shop.tiny a JOIN shop.tiny b ON a.id = b.id',
  },
  'join-over-append': {
    given: 'visits is partitioned by day; shop.customers and the partitions are on one server.',
    sql: 'SELECT c.name, v.day FROM visits v JOIN shop.customers c ON c.id = v.customer_id',
    says: 'the partitions on one of its sides are put together here first, and the other side is not partitioned like them',
    instead: `SELECT c.name, v.day FROM visits_old v JOIN shop.customers c ON c.id = v.customer_id
UNION ALL
SELECT c.name, v.day FROM visits_new v JOIN shop.customers c ON c.id = v.customer_id`,
  },
  'grouping-sets': {
    sql: 'SELECT region, count(*) FROM shop.customers GROUP BY ROLLUP (region)',
    says: 'GROUPING SETS, ROLLUP and CUBE are never sent',
    remedy: `SELECT region, count(*)
FROM shop.customers
GROUP BY region
UNION ALL
SELECT NULL::text AS region, count(*)
FROM shop.customers`,
  },
  'partial-aggregate': {
    given: 'events is partitioned by tenant_id over two servers.',
    sql: 'SELECT kind, count(*) FROM events GROUP BY kind',
    says: 'each partition could only count its own rows, and such partial aggregates are never sent',
    remedy: `SELECT events.kind, CAST(sum(events.count) AS bigint) AS count
FROM (
  SELECT kind, count(*)
  FROM public.events_0 AS events
  GROUP BY 1
  UNION ALL
  SELECT kind, count(*)
  FROM public.events_1 AS events
  GROUP BY 1
) AS events
GROUP BY events.kind`,
  },
  'partitionwise-off': {
    given: 'events is partitioned by tenant_id over two servers.',
    sql: 'SELECT tenant_id, count(*) FROM events GROUP BY tenant_id',
    says: "it is sent to each partition's server when enable_partitionwise_aggregate is on",
    remedy: 'SET enable_partitionwise_aggregate = on;',
  },
  distinct: {
    sql: 'SELECT DISTINCT region FROM shop.customers',
    says: 'DISTINCT is never sent; GROUP BY is',
    remedy: 'SELECT region FROM shop.customers GROUP BY 1',
  },
  window: {
    sql: 'SELECT id, rank() OVER (ORDER BY total) FROM shop.orders',
    says: 'window functions are never sent',
  },
  'set-operation': {
    sql: "SELECT id FROM shop.orders WHERE total > 5 UNION SELECT id FROM shop.orders WHERE note = 'x'",
    says: 'UNION is never sent: each side is fetched by itself',
    remedy: "SELECT id FROM shop.orders WHERE total > 5 OR note = 'x' GROUP BY 1",
  },
  'with-ties': {
    sql: 'SELECT id FROM shop.orders ORDER BY total FETCH FIRST 3 ROWS WITH TIES',
    says: 'WITH TIES is never sent',
    remedy: 'SELECT id FROM shop.orders ORDER BY total LIMIT 3',
    instead: 'SELECT id FROM shop.orders WHERE total <= (SELECT total FROM shop.orders ORDER BY total OFFSET 2 LIMIT 1) ORDER BY total',
  },
  'limit-parameter': {
    sql: 'SELECT id FROM shop.orders ORDER BY id LIMIT $1',
    says: 'the planner does not know the number of rows, so a limit over there promises it no gain',
    remedy: 'SELECT id FROM shop.orders ORDER BY id LIMIT 100',
  },
  'limit-over-append': {
    given: 'events is partitioned by tenant_id over two servers.',
    sql: 'SELECT kind FROM events ORDER BY at LIMIT 3',
    says: 'a limit is not sent below an Append: each partition sends its rows until enough have come',
    remedy: `SELECT events.kind
FROM (
  (SELECT kind, at AS sort_2 FROM public.events_0 AS events ORDER BY at LIMIT 3)
  UNION ALL
  (SELECT kind, at AS sort_2 FROM public.events_1 AS events ORDER BY at LIMIT 3)
) AS events
ORDER BY events.sort_2
LIMIT 3`,
  },
  'limit-over-srf': {
    sql: 'SELECT id, unnest(tags) FROM shop.orders LIMIT 3',
    says: 'the select list makes several rows of one here, so the remote cannot count them',
    remedy: 'SELECT id, unnest(tags) FROM (SELECT * FROM shop.orders LIMIT 3) AS orders LIMIT 3',
  },
  'redundant-sort': {
    sql: 'SELECT id FROM shop.orders WHERE id = 5 ORDER BY id LIMIT 3',
    says: 'the planner drops ORDER BY, because a condition makes its key constant, and then does not send the limit; leave ORDER BY out',
    remedy: 'SELECT id FROM shop.orders WHERE id = 5 LIMIT 3',
  },
  'row-by-row-write': {
    sql: 'UPDATE shop.orders SET created_at = now() WHERE id = 5',
    says: 'the rows are fetched and locked first, then each is sent an UPDATE of its own',
    remedy: 'UPDATE shop.orders SET created_at = (SELECT now()) WHERE id = 5',
  },
  'locks-unfiltered': {
    sql: "DELETE FROM shop.orders WHERE created_at < now() - interval '1 year'",
    says: 'its Remote SQL has no condition: every row of shop.orders is locked on the remote until the transaction ends',
    remedy: "DELETE FROM shop.orders WHERE created_at < (SELECT now() - interval '1 year')",
  },
  'row-trigger': {
    given: 'touch is a trigger BEFORE UPDATE on the foreign table, FOR EACH ROW.',
    sql: 'UPDATE shop.triggered SET a = 1 WHERE id = 3',
    says: 'the row trigger touch on shop.triggered must see each row here',
    remedy: 'DROP TRIGGER touch ON shop.triggered;',
  },
  'generated-column': {
    given: 'The column b of the foreign table is GENERATED ALWAYS AS (a + 1) STORED.',
    sql: 'UPDATE shop.generated SET a = 1 WHERE id = 3',
    says: 'shop.generated has the generated column b, computed here for each row',
    remedy: 'ALTER FOREIGN TABLE shop.generated ALTER COLUMN b DROP EXPRESSION;',
  },
  'check-option': {
    given: 'checked_orders is a view of shop.orders WITH CHECK OPTION.',
    sql: 'UPDATE checked_orders SET total = 3 WHERE id = 9',
    says: 'public.checked_orders has a CHECK OPTION, which is checked here for each row',
    remedy: 'ALTER VIEW public.checked_orders RESET (check_option);',
  },
  'multi-assignment': {
    sql: 'UPDATE shop.orders SET (total, n) = (SELECT 1, 2) WHERE id = 5',
    says: 'an assignment of several columns from one sub-select is not sent',
    remedy: 'UPDATE shop.orders SET total = (SELECT 1), n = (SELECT 2) WHERE id = 5',
  },
  'returning-old-new': {
    sql: 'UPDATE shop.orders SET total = 1 WHERE id = 5 RETURNING old.total, new.total',
    says: 'what RETURNING takes from old or new is known here only when each row is written by itself',
    remedy: 'UPDATE shop.orders SET total = 1 WHERE id = 5 RETURNING total',
    from: 18,
  },
  'lock-strength': {
    sql: 'SELECT id FROM shop.orders WHERE id = 5 FOR UPDATE SKIP LOCKED',
    says: 'SKIP LOCKED is not sent: the remote waits for locked rows',
    instead: 'SELECT id FROM shop.orders WHERE id = 5 FOR UPDATE',
  },
  'unbatched-insert': {
    sql: "INSERT INTO shop.items VALUES (1, 'a', 2), (2, 'b', 3)",
    says: 'each row is an INSERT of its own, and a round trip: batch_size is 1',
    remedy: "ALTER FOREIGN TABLE shop.items OPTIONS (ADD batch_size '100');",
  },
  'routed-insert': {
    given: 'events is partitioned by tenant_id over two servers.',
    sql: "INSERT INTO events VALUES (0, now(), 'x')",
    says: 'rows are routed to partitions on shard0, shard1; EXPLAIN does not show how',
    instead: "INSERT INTO events_0 VALUES (0, now(), 'x')",
  },
  'other-wrapper': {
    given: 'shop.lines is a foreign table of file_fdw.',
    sql: 'SELECT line FROM shop.lines WHERE n = 5',
    says: 'file_fdw leaves it here; what another wrapper than postgres_fdw can send is its own affair',
  },
  'opaque-function': {
    given: 'shop.report is a function in PL/pgSQL that returns the ids of shop.orders.',
    sql: 'SELECT * FROM shop.report()',
    says: 'shop.report() is written in plpgsql: if it reads foreign tables, that is not in this verdict',
    instead: 'SELECT id FROM shop.orders',
  },
  'generic-plan-only': {
    given: "shop.sku is a domain over text, CHECK (value LIKE 'SKU-%').",
    sql: 'SELECT order_id FROM shop.items WHERE sku = coalesce($1::shop.sku, sku)',
    says: 'only the generic plan was judged; with values that fdw made up for its parameters, there is no custom one: value for domain shop.sku violates check constraint "sku_check"',
    instead: "SELECT order_id FROM shop.items WHERE sku = coalesce('SKU-1'::shop.sku, sku)",
  },
  'async-off': {
    given: 'events is partitioned over two servers.',
    sql: "SELECT * FROM events WHERE kind = 'x'",
    says: 'shard0, shard1 are asked one after the other; with the option async_capable they are asked at once',
    remedy: `ALTER SERVER shard0 OPTIONS (ADD async_capable 'true');
ALTER SERVER shard1 OPTIONS (ADD async_capable 'true');`,
  },
  'remote-sql-invalid': {
    given: 'The foreign table renamed has a column gone, and the table on the remote has not.',
    sql: 'SELECT gone FROM renamed WHERE id = 1',
    says: 'shop refuses what would be sent: column "gone" does not exist',
    instead: 'SELECT id FROM renamed WHERE id = 1',
    remote: true,
  },
  'type-mismatch': {
    given: 'The column status is declared as text; on the remote it is an enum.',
    sql: "SELECT id FROM as_text WHERE status IN ('paid', 'shipped')",
    says: 'shop refuses what would be sent: operator does not exist: shop.order_status = text',
    instead: 'SELECT id FROM as_text WHERE id = 1',
    remote: true,
  },
  'remote-seq-scan': {
    given: 'The extension dblink is installed here. The table on the remote has 20,000 rows and no index.',
    sql: 'SELECT id FROM big WHERE k = 17',
    says: 'shop reads all of public.big, about 20000 rows, for the 4 or so that pass (big.k = 17): it has no index for that',
    instead: 'SELECT id FROM big WHERE k > 17',
    remote: true,
  },
  'remote-not-asked': {
    given: 'The server of the table does not answer.',
    sql: 'SELECT id FROM far WHERE id = 1',
    says: 'down could not be asked: could not establish connection',
    remote: true,
  },
  'not-chosen-cost': {
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id',
    says: 'it may be sent, but the planner takes doing it here for cheaper',
    remedy: `ALTER FOREIGN TABLE shop.orders OPTIONS (ADD use_remote_estimate 'true');
ALTER FOREIGN TABLE shop.customers OPTIONS (ADD use_remote_estimate 'true');`,
  },
  'never-analyzed': {
    given: 'shop.fresh was never analyzed.',
    sql: 'SELECT o.id FROM shop.orders o JOIN shop.fresh f ON f.customer_id = o.customer_id',
    says: 'shop.fresh was never analyzed, so the planner guesses its size: ANALYZE shop.fresh (autovacuum passes over foreign tables)',
    remedy: 'ANALYZE shop.fresh;',
  },
  'parameterised-loop': {
    sql: 'SELECT o.id, (SELECT count(*) FROM shop.items i WHERE i.order_id = o.id) FROM shop.orders o',
    says: 'shop.items is asked once for each row of the outer query, a round trip each',
    remedy: `SELECT o.id, COALESCE(i.count, 0) AS count
FROM shop.orders AS o
LEFT JOIN (SELECT i.order_id, count(*) AS count FROM shop.items AS i GROUP BY 1) AS i ON i.order_id = o.id`,
  },
};
