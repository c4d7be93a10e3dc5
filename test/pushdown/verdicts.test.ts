import { describe, expect, test } from 'vitest';
import { majors } from '../servers/index.ts';
import { clauseLines, useShop } from './judging.ts';

/** A query, its verdict and its clauses, outermost first; from a major on where that matters. */
interface Case {
  readonly rule: string;
  readonly sql: string;
  readonly verdict: string;
  readonly clauses: readonly string[];
  readonly from?: number;
  readonly to?: number;
}

const cases: readonly Case[] = [
  // Filters
  { rule: 'a condition that ships', sql: 'SELECT id FROM shop.orders WHERE total > 5', verdict: 'full', clauses: ['remote filter'] },
  { rule: 'one of two conditions ships', sql: 'SELECT id FROM shop.orders WHERE total > 5 AND created_at > now()', verdict: 'partial', clauses: ['remote filter', 'local filter blocked mutable-function'] },
  { rule: 'an OR is all or nothing', sql: "SELECT id FROM shop.orders WHERE total > 5 OR status = 'paid'", verdict: 'none', clauses: ['local filter blocked type-not-shippable'] },
  { rule: 'nothing ships', sql: "SELECT id FROM shop.orders WHERE status = 'paid'", verdict: 'none', clauses: ['local filter blocked type-not-shippable'] },
  { rule: 'a filter on a local table is no clause', sql: 'SELECT id FROM accounts WHERE vip', verdict: 'no-foreign', clauses: [] },
  { rule: 'no table at all', sql: 'SELECT 1', verdict: 'no-foreign', clauses: [] },
  { rule: 'everything is pruned', sql: 'SELECT id FROM shop.orders WHERE false', verdict: 'full', clauses: [] },
  { rule: 'quoted and non-ASCII names', sql: 'SELECT "Id" FROM shop."Größe ""x""" WHERE "Wert" = \'x\' AND "Id"::text = \'5\'', verdict: 'partial', clauses: ['remote filter', 'local filter blocked unsupported-expression'] },
  { rule: 'an InitPlan is a parameter', sql: 'SELECT id FROM shop.orders WHERE id = (SELECT max(id) FROM accounts)', verdict: 'full', clauses: ['remote filter'] },
  { rule: 'through two views', sql: 'SELECT id FROM over_recent WHERE id < 5', verdict: 'partial', clauses: ['remote filter', 'remote filter', 'local filter blocked mutable-function mutable-function'] },
  { rule: 'a security barrier', sql: "SELECT id FROM guarded_orders WHERE lower(note) = 'x' AND id = 3", verdict: 'partial', clauses: ['local filter blocked security-barrier', 'remote filter'] },
  // Sorts and limits
  { rule: 'sort and limit ship', sql: 'SELECT id FROM shop.orders ORDER BY id LIMIT 5', verdict: 'full', clauses: ['remote sort', 'remote limit'] },
  { rule: 'a local filter keeps the limit', sql: "SELECT id FROM shop.orders WHERE status = 'paid' ORDER BY id LIMIT 5", verdict: 'partial', clauses: ['local limit blocked local-filter-below', 'remote sort', 'local filter blocked type-not-shippable'] },
  { rule: 'a key that does not ship keeps both', sql: 'SELECT id FROM shop.orders ORDER BY status LIMIT 5', verdict: 'none', clauses: ['local limit blocked local-operation-below', 'local sort blocked type-not-shippable'] },
  { rule: 'WITH TIES', sql: 'SELECT id FROM shop.orders ORDER BY id FETCH FIRST 3 ROWS WITH TIES', verdict: 'partial', clauses: ['local limit blocked with-ties', 'remote sort'] },
  { rule: 'a limit by parameter', sql: 'SELECT id FROM shop.orders ORDER BY id LIMIT $1', verdict: 'partial', clauses: ['local limit blocked limit-parameter', 'remote sort'] },
  { rule: 'an order by what is constant', sql: 'SELECT id FROM shop.orders WHERE id = 5 ORDER BY id LIMIT 3', verdict: 'partial', clauses: ['local limit blocked redundant-sort', 'remote filter'] },
  { rule: 'a set-returning select list', sql: 'SELECT generate_series(1, 3), id FROM shop.orders LIMIT 3', verdict: 'none', clauses: ['local limit blocked limit-over-srf'] },
  { rule: 'max is an ordered scan', sql: 'SELECT max(id), min(total) FROM shop.orders', verdict: 'full', clauses: [] },
  { rule: 'max over a local filter', sql: "SELECT max(total) FROM shop.orders WHERE status = 'paid'", verdict: 'none', clauses: ['local filter blocked type-not-shippable'] },
  // Grouping
  { rule: 'GROUP BY and HAVING ship', sql: 'SELECT region, count(*) FROM shop.customers GROUP BY region HAVING count(*) > 3', verdict: 'full', clauses: ['remote aggregate', 'remote filter'] },
  { rule: 'a HAVING that does not', sql: 'SELECT region, count(*) FROM shop.customers GROUP BY region HAVING shop.plus1(count(*)) > 3', verdict: 'partial', clauses: ['remote aggregate', 'local filter blocked function-not-shippable'] },
  { rule: 'a local filter keeps the aggregate', sql: "SELECT count(*) FROM shop.orders WHERE status = 'paid'", verdict: 'none', clauses: ['local aggregate blocked local-filter-below', 'local filter blocked type-not-shippable'] },
  { rule: 'grouping sets', sql: 'SELECT region, count(*) FROM shop.customers GROUP BY ROLLUP (region)', verdict: 'none', clauses: ['local aggregate blocked grouping-sets'] },
  { rule: 'an aggregate over a limit', sql: 'SELECT array_agg(id) FROM (SELECT id FROM shop.orders LIMIT 10) x', verdict: 'partial', clauses: ['local aggregate blocked subquery-below', 'remote limit'] },
  { rule: 'a group key that does not ship', sql: "SELECT meta ->> 'k', count(*) FROM shop.orders GROUP BY 1", verdict: 'none', clauses: ['local aggregate blocked collation'] },
  { rule: 'a STABLE aggregate', sql: 'SELECT json_agg(id) FROM shop.orders', verdict: 'none', clauses: ['local aggregate blocked mutable-function'] },
  { rule: 'what an aggregate works on', sql: "SELECT string_agg(id::text, ',') FROM shop.orders", verdict: 'none', clauses: ['local aggregate blocked unsupported-expression'] },
  { rule: 'DISTINCT', sql: 'SELECT DISTINCT region FROM shop.customers', verdict: 'none', clauses: ['local distinct blocked distinct'] },
  { rule: 'DISTINCT ON, its order ships', sql: 'SELECT DISTINCT ON (region) region, id FROM shop.customers ORDER BY region, id', verdict: 'partial', clauses: ['local distinct blocked distinct', 'remote sort'] },
  { rule: 'a window', sql: 'SELECT rank() OVER (ORDER BY id) FROM shop.orders', verdict: 'none', clauses: ['local window blocked window'] },
  // Set operations
  { rule: 'UNION ALL', sql: 'SELECT id FROM shop.orders UNION ALL SELECT id FROM shop.customers', verdict: 'none', clauses: ['local set-operation blocked set-operation'] },
  { rule: 'UNION', sql: 'SELECT id FROM shop.orders UNION SELECT id FROM shop.customers', verdict: 'none', clauses: ['local set-operation blocked set-operation'] },
  { rule: 'INTERSECT', sql: 'SELECT id FROM shop.orders INTERSECT SELECT id FROM shop.customers', verdict: 'none', clauses: ['local set-operation blocked set-operation'] },
  { rule: 'EXCEPT', sql: 'SELECT id FROM shop.orders EXCEPT SELECT id FROM shop.customers', verdict: 'none', clauses: ['local set-operation blocked set-operation'] },
  // Joins
  { rule: 'a join, a sort and a limit ship', sql: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id ORDER BY c.region LIMIT 10', verdict: 'full', clauses: ['remote join', 'remote sort', 'remote limit'] },
  { rule: 'a join by cost', sql: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id WHERE o.id < 10', verdict: 'partial', clauses: ['local join not-chosen not-chosen-cost', 'remote filter'] },
  { rule: 'statistics are missing', sql: 'SELECT o.id FROM shop.orders o JOIN shop.fresh f ON f.customer_id = o.customer_id', verdict: 'none', clauses: ['local join not-chosen not-chosen-cost never-analyzed'] },
  { rule: 'a local table', sql: 'SELECT o.id FROM shop.orders o JOIN accounts a ON a.customer_id = o.customer_id', verdict: 'none', clauses: ['local join blocked join-to-local'] },
  { rule: 'another server', sql: 'SELECT o.id FROM shop.orders o JOIN shop.invoices i ON i.order_id = o.id', verdict: 'none', clauses: ['local join blocked cross-server-join'] },
  { rule: 'another role, through a view', sql: 'SELECT o.id FROM owned_orders o JOIN shop.customers c ON c.id = o.customer_id', verdict: 'none', clauses: ['local join blocked different-user'] },
  { rule: 'an anti join', sql: 'SELECT o.id FROM shop.orders o WHERE NOT EXISTS (SELECT 1 FROM shop.items i WHERE i.order_id = o.id)', verdict: 'none', clauses: ['local join blocked join-type'] },
  { rule: 'a semi join', sql: 'SELECT o.id FROM shop.orders o WHERE EXISTS (SELECT 1 FROM shop.items i WHERE i.order_id = o.id AND i.qty > 3)', verdict: 'partial', clauses: ['local join blocked join-type', 'remote filter'], to: 16 },
  { rule: 'a semi join', sql: 'SELECT o.id FROM shop.orders o WHERE EXISTS (SELECT 1 FROM shop.items i WHERE i.order_id = o.id AND i.qty > 3)', verdict: 'partial', clauses: ['local join not-chosen not-chosen-cost', 'remote filter'], from: 17 },
  { rule: 'a local filter on a side', sql: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id AND shop.plus1(c.id) = 3', verdict: 'none', clauses: ['local join blocked local-filter-below', 'local filter blocked function-not-shippable'] },
  { rule: 'an ON clause of an outer join', sql: 'SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id AND shop.plus1(c.id + o.id) = 3', verdict: 'none', clauses: ['local join blocked outer-join-clause function-not-shippable'] },
  { rule: 'its only clause does not ship', sql: 'SELECT 1 FROM shop.orders a JOIN shop.orders b ON a.status = b.status WHERE a.id < 5 AND b.id < 5', verdict: 'partial', clauses: ['local join blocked type-not-shippable', 'remote filter', 'remote filter'] },
  { rule: 'columns of different collation', sql: 'SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.name = o.note_c', verdict: 'none', clauses: ['local join blocked collation'] },
  { rule: 'a computed column below an outer join', sql: 'SELECT o.id, x.k FROM shop.orders o LEFT JOIN (SELECT id, 1 AS k FROM shop.customers) x ON x.id = o.customer_id', verdict: 'none', clauses: ['local join blocked placeholder'] },
  { rule: 'a condition on no column', sql: "SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id AND now() > '2000-01-01'", verdict: 'none', clauses: ['local join blocked one-time-filter'], to: 16 },
  { rule: 'a condition on no column', sql: "SELECT o.id FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id AND now() > '2000-01-01'", verdict: 'none', clauses: ['local join not-chosen not-chosen-cost'], from: 17 },
  { rule: 'a self-join', sql: 'SELECT a.id FROM shop.orders a JOIN shop.orders b ON a.id = b.customer_id ORDER BY b.n LIMIT 5', verdict: 'full', clauses: ['remote join', 'remote sort', 'remote limit'] },
  { rule: 'two servers for one database', sql: 'SELECT o.id FROM shop.orders o JOIN shop.orders_ext e ON e.id = o.id', verdict: 'none', clauses: ['local join blocked cross-server-join'] },
  { rule: 'a sub-select that groups', sql: 'SELECT o.id FROM shop.orders o JOIN (SELECT customer_id FROM shop.fresh LIMIT 3) f USING (customer_id)', verdict: 'partial', clauses: ['local join blocked join-to-subquery', 'remote limit'] },
  { rule: 'LATERAL', sql: 'SELECT o.id FROM shop.orders o, LATERAL (SELECT 1 FROM shop.items i WHERE i.order_id = o.id LIMIT 2) l', verdict: 'partial', clauses: ['local join blocked join-to-subquery lateral', 'remote filter parameterised-loop', 'remote limit'] },
  { rule: 'a correlated sub-select in the select list', sql: 'SELECT (SELECT name FROM shop.customers c WHERE c.id = o.customer_id) FROM shop.orders o', verdict: 'full', clauses: ['remote filter parameterised-loop'] },
  { rule: 'a recursive CTE', sql: 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT o.id FROM r JOIN shop.orders o ON o.id = r.n', verdict: 'none', clauses: ['local join blocked join-to-local'] },
  { rule: 'a CTE kept apart', sql: 'WITH x AS MATERIALIZED (SELECT * FROM shop.orders) SELECT id FROM x WHERE total > 5', verdict: 'none', clauses: ['local filter blocked cte-materialized'] },
  { rule: 'a CTE taken in', sql: 'WITH x AS (SELECT * FROM shop.orders) SELECT id FROM x WHERE total > 5', verdict: 'full', clauses: ['remote filter'] },
  // Locks
  { rule: 'a lock ships', sql: 'SELECT * FROM shop.orders WHERE id = 5 FOR UPDATE', verdict: 'full', clauses: ['remote filter', 'remote lock'] },
  { rule: 'a lock with a local filter', sql: "SELECT * FROM shop.orders WHERE status = 'paid' FOR UPDATE", verdict: 'danger', clauses: ['remote lock locks-unfiltered', 'local filter blocked type-not-shippable'] },
  { rule: 'a lock below a local join', sql: 'SELECT o.* FROM shop.orders o JOIN accounts a ON a.id = o.id FOR UPDATE OF o', verdict: 'danger', clauses: ['local lock blocked local-operation-below', 'local join blocked join-to-local', 'remote lock locks-unfiltered'] },
  { rule: 'a lock on the local table only', sql: 'SELECT o.* FROM shop.orders o JOIN accounts a ON a.id = o.id FOR UPDATE OF a', verdict: 'none', clauses: ['local join blocked join-to-local'] },
  { rule: 'a lock that changes its strength', sql: 'SELECT * FROM shop.orders WHERE id = 5 FOR NO KEY UPDATE SKIP LOCKED', verdict: 'full', clauses: ['remote filter', 'remote lock lock-strength lock-strength'] },
  { rule: 'a lock below a local sort', sql: 'SELECT * FROM shop.orders WHERE total > 5 ORDER BY status FOR UPDATE', verdict: 'partial', clauses: ['local lock blocked local-operation-below', 'local sort blocked type-not-shippable', 'remote filter', 'remote lock'] },
  // Writes
  { rule: 'a direct UPDATE', sql: 'UPDATE shop.orders SET total = total + 1 WHERE id = 5', verdict: 'full', clauses: ['remote update', 'remote filter'] },
  { rule: 'a direct DELETE', sql: 'DELETE FROM shop.orders WHERE id = 5', verdict: 'full', clauses: ['remote delete', 'remote filter'] },
  { rule: 'row by row for what is assigned', sql: 'UPDATE shop.orders SET created_at = now() WHERE id = 5', verdict: 'partial', clauses: ['local update blocked row-by-row-write mutable-function', 'remote filter'] },
  { rule: 'row by row for an enum', sql: "UPDATE shop.orders SET status = 'paid' WHERE id = 5", verdict: 'partial', clauses: ['local update blocked row-by-row-write type-not-shippable', 'remote filter'] },
  { rule: 'a write that locks all', sql: "UPDATE shop.orders SET total = 1 WHERE status = 'paid'", verdict: 'danger', clauses: ['local update blocked row-by-row-write locks-unfiltered local-filter-below', 'local filter blocked type-not-shippable'] },
  { rule: 'a DELETE that locks all', sql: "DELETE FROM shop.orders WHERE created_at < now() - interval '1 year'", verdict: 'danger', clauses: ['local delete blocked row-by-row-write locks-unfiltered local-filter-below', 'local filter blocked mutable-function mutable-function'] },
  { rule: 'a write below a local join', sql: 'UPDATE shop.orders o SET total = 1 FROM accounts a WHERE a.id = o.id', verdict: 'danger', clauses: ['local update blocked row-by-row-write locks-unfiltered local-operation-below', 'local join blocked join-to-local'] },
  { rule: 'a write by a semi join', sql: 'UPDATE shop.orders SET total = 1 WHERE id IN (SELECT order_id FROM shop.items WHERE qty > 3)', verdict: 'danger', clauses: ['local update blocked row-by-row-write locks-unfiltered local-operation-below', 'local join blocked row-marks', 'remote filter'], from: 17 },
  { rule: 'a join that is not chosen for a write', sql: 'DELETE FROM shop.items i USING shop.orders o WHERE o.id = i.order_id AND o.total > 5', verdict: 'danger', clauses: ['local delete not-chosen row-by-row-write locks-unfiltered not-chosen-cost', 'local join not-chosen not-chosen-cost', 'remote filter'] },
  { rule: 'a row trigger', sql: 'UPDATE shop.triggered SET a = 1 WHERE id = 3', verdict: 'partial', clauses: ['local update blocked row-by-row-write row-trigger', 'remote filter'] },
  { rule: 'a generated column', sql: 'UPDATE shop.generated SET a = 1 WHERE id = 3', verdict: 'partial', clauses: ['local update blocked row-by-row-write generated-column', 'remote filter'] },
  { rule: 'a CHECK OPTION', sql: 'UPDATE checked_orders SET total = 3 WHERE id = 9', verdict: 'partial', clauses: ['local update blocked row-by-row-write check-option', 'remote filter', 'remote filter'] },
  { rule: 'an INSERT', sql: "INSERT INTO shop.items VALUES (1, 'a', 2)", verdict: 'full', clauses: ['remote insert'] },
  { rule: 'an INSERT of many rows', sql: "INSERT INTO shop.items VALUES (1, 'a', 2), (2, 'b', 3)", verdict: 'full', clauses: ['remote insert unbatched-insert'] },
  { rule: 'an INSERT in batches', sql: 'INSERT INTO shop.batched SELECT id, id FROM accounts', verdict: 'full', clauses: ['remote insert'] },
  { rule: 'the rows of an INSERT', sql: "INSERT INTO shop.items SELECT id, note, n FROM shop.orders WHERE status = 'paid'", verdict: 'partial', clauses: ['remote insert unbatched-insert', 'local filter blocked type-not-shippable'] },
  // Partitions
  { rule: 'an INSERT into partitions', sql: "INSERT INTO events VALUES (0, now(), 'x')", verdict: 'full', clauses: ['remote insert routed-insert'] },
  { rule: 'the Append of partitions is no clause', sql: "SELECT * FROM events WHERE kind = 'x'", verdict: 'full', clauses: ['remote filter'] },
  { rule: 'one clause for all partitions', sql: 'SELECT * FROM events WHERE at > now()', verdict: 'none', clauses: ['local filter blocked mutable-function'] },
  { rule: 'a pruned partition', sql: 'SELECT * FROM events WHERE tenant_id = 1', verdict: 'full', clauses: ['remote filter'] },
  { rule: 'a count over partitions', sql: 'SELECT count(*) FROM events', verdict: 'none', clauses: ['local aggregate blocked partial-aggregate'] },
  { rule: 'a count over the one partition left', sql: 'SELECT count(*) FROM events WHERE tenant_id = 1', verdict: 'partial', clauses: ['local aggregate blocked partial-aggregate', 'remote filter'] },
  { rule: 'a limit over the one partition left', sql: 'SELECT * FROM events WHERE tenant_id = 1 LIMIT 3', verdict: 'partial', clauses: ['local limit blocked limit-over-append', 'remote filter'] },
  { rule: 'a partition by its own name', sql: 'SELECT count(*) FROM events_1', verdict: 'full', clauses: ['remote aggregate'] },
  { rule: 'groups by the partition key', sql: 'SELECT tenant_id, count(*) FROM events GROUP BY tenant_id', verdict: 'none', clauses: ['local aggregate blocked partitionwise-off'] },
  { rule: 'a join by the partition key', sql: 'SELECT * FROM events e JOIN tenants t USING (tenant_id)', verdict: 'none', clauses: ['local join blocked partitionwise-off'] },
  { rule: 'a limit over partitions', sql: 'SELECT * FROM events ORDER BY at LIMIT 3', verdict: 'partial', clauses: ['local limit blocked limit-over-append', 'remote sort'] },
  { rule: 'a UNION ALL of partitioned tables', sql: 'SELECT tenant_id FROM events UNION ALL SELECT tenant_id FROM tenants', verdict: 'none', clauses: ['local set-operation blocked set-operation'] },
  { rule: 'a direct UPDATE of partitions', sql: "UPDATE events SET kind = 'y' WHERE kind = 'x'", verdict: 'full', clauses: ['remote update', 'remote filter'] },
  { rule: 'row by row in partitions', sql: "UPDATE events SET at = now() WHERE kind = 'x'", verdict: 'partial', clauses: ['local update blocked row-by-row-write mutable-function', 'remote filter'] },
];

describe.each(majors())('verdicts on PostgreSQL %i', (major) => {
  const shop = useShop(major);

  test.each(cases.filter(({ from = 0, to = 99 }) => from <= major && major <= to))('$rule: $sql', async ({ sql, verdict, clauses }) => {
    const judged = await shop().one(sql);
    expect(judged.error).toBeUndefined();
    expect({ verdict: judged.verdict, clauses: clauseLines(judged) }).toEqual({ verdict, clauses });
  });
});
