import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { remoteDrift, type DriftResult } from '../../src/flows/drift.ts';
import type { DriftFinding } from '../../src/model/drift.ts';
import { ident, literal } from '../../src/sql/quote.ts';
import { administer, pair, pairs, uniqueName, type Pair } from '../servers/index.ts';
import { request } from './drift.ts';

interface Case {
  readonly rule: string;
  /** Statements for the remote; `@` is the table's name. */
  readonly remote: string;
  /** Statements for the local side, in schema `here`; `SHOP` is the server with options that lead to `@`. */
  readonly local: string;
  /** `id subject` each, of what was not found without looking at rows. */
  readonly found: readonly string[];
  readonly says?: RegExp;
  readonly mend?: readonly string[];
}

const cases: readonly Case[] = [
  // NOT NULL and CHECK
  {
    rule: 'NULL where NOT NULL is promised', remote: `CREATE TABLE @ (id int, note text); INSERT INTO @ SELECT g, nullif(g % 10, 0)::text FROM generate_series(1, 100) g`,
    local: 'CREATE FOREIGN TABLE @ (id int, note text NOT NULL) SHOP', found: ['null-found note'], says: /10 of 100 rows .* break NOT NULL, the first at ctid \(0,10\) of public\.t00: /,
    mend: ['ALTER FOREIGN TABLE here.@\n  ALTER COLUMN note DROP NOT NULL'],
  },
  { rule: 'no NULL is there: only that it may be', remote: `CREATE TABLE @ AS SELECT 1 AS id`, local: 'CREATE FOREIGN TABLE @ (id int NOT NULL) SHOP', found: ['not-null-broken id'] },
  { rule: 'the remote keeps it', remote: `CREATE TABLE @ (id int NOT NULL)`, local: 'CREATE FOREIGN TABLE @ (id int NOT NULL) SHOP', found: [] },
  { rule: 'NULL in a view', remote: `CREATE VIEW @ AS SELECT nullif(g, 3) AS id FROM generate_series(1, 5) g`, local: 'CREATE FOREIGN TABLE @ (id int NOT NULL) SHOP', found: ['null-found id'], says: /1 of 5 rows that were looked at break NOT NULL: / },
  {
    rule: 'a CHECK that rows break', remote: `CREATE TABLE @ (n int); INSERT INTO @ VALUES (1), (NULL), (-1), (-2)`, local: 'CREATE FOREIGN TABLE @ (n int, CONSTRAINT positive CHECK (n > 0)) SHOP',
    found: ['check-broken positive'], says: /2 of 4 rows that were looked at break CHECK \(n > 0\), the first at ctid \(0,3\)/, mend: ['ALTER FOREIGN TABLE here.@\n  DROP CONSTRAINT positive'],
  },
  { rule: 'a CHECK that says more than that of the remote', remote: `CREATE TABLE @ (n int CHECK (n > 0)); INSERT INTO @ VALUES (1), (20)`, local: 'CREATE FOREIGN TABLE @ (n int CHECK (n > 10)) SHOP', found: ['check-broken @_n_check'] },
  { rule: 'a CHECK that all rows keep', remote: `CREATE TABLE @ (n int CHECK (n > 0)); INSERT INTO @ VALUES (1)`, local: 'CREATE FOREIGN TABLE @ (n int CHECK (n > 0)) SHOP', found: [] },
  { rule: 'a CHECK of the whole row', remote: `CREATE TABLE "@ odd" (n int, "of" text); INSERT INTO "@ odd" VALUES (1, NULL)`, local: `CREATE FOREIGN TABLE @ (a int OPTIONS (column_name 'n'), "b""c" text OPTIONS (column_name 'of'), CONSTRAINT "whole" CHECK (@ IS NOT NULL)) SERVER shop OPTIONS (schema_name 'public', table_name '@ odd')`, found: ['check-broken whole'] },
  { rule: 'functions of a superuser are run', remote: `CREATE TABLE @ (n int CHECK (n > 0)); INSERT INTO @ VALUES (3)`, local: 'CREATE FUNCTION even(int) RETURNS bool IMMUTABLE LANGUAGE sql AS $$ SELECT $1 % 2 = 0 $$; CREATE FOREIGN TABLE @ (n int CHECK (here.even(n))) SHOP', found: ['check-broken @_n_check'] },
  // Bounds
  { rule: 'a range that holds', remote: `CREATE TABLE @ (d date); INSERT INTO @ VALUES ('2026-01-01')`, local: `CREATE TABLE @_all (d date) PARTITION BY RANGE (d); CREATE FOREIGN TABLE @ PARTITION OF @_all FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') SHOP`, found: [] },
  {
    rule: 'rows out of a range, and of none', remote: `CREATE TABLE @ (d date); INSERT INTO @ VALUES ('2026-01-01'), ('2027-01-01'), (NULL)`,
    local: `CREATE TABLE @_all (d date) PARTITION BY RANGE (d); CREATE FOREIGN TABLE @ PARTITION OF @_all FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') SHOP`,
    found: ['partition-bounds-broken'], says: /2 of 3 rows .* break FOR VALUES FROM \('2026-01-01'\) TO \('2027-01-01'\), the first at ctid \(0,2\)/, mend: [],
  },
  { rule: 'a value of another list', remote: `CREATE TABLE @ (region text); INSERT INTO @ VALUES ('eu'), ('us')`, local: `CREATE TABLE @_all (region text) PARTITION BY LIST (region); CREATE FOREIGN TABLE @ PARTITION OF @_all FOR VALUES IN ('eu') SHOP`, found: ['partition-bounds-broken'] },
  { rule: 'the default has what another partition should', remote: `CREATE TABLE @ (region text); INSERT INTO @ VALUES ('eu'), ('us')`, local: `CREATE TABLE @_all (region text) PARTITION BY LIST (region); CREATE TABLE @_eu PARTITION OF @_all FOR VALUES IN ('eu'); CREATE FOREIGN TABLE @ PARTITION OF @_all DEFAULT SHOP`, found: ['partition-bounds-broken'], says: /1 of 2 rows .* break DEFAULT, / },
  {
    rule: 'within its own bounds, outside of those above', remote: `CREATE TABLE @ (y int, r text); INSERT INTO @ VALUES (2025, 'eu')`,
    local: `CREATE TABLE @_all (y int, r text) PARTITION BY LIST (y); CREATE TABLE @_26 PARTITION OF @_all FOR VALUES IN (2026) PARTITION BY LIST (r); CREATE FOREIGN TABLE @ PARTITION OF @_26 FOR VALUES IN ('eu') SHOP`, found: ['partition-bounds-broken'],
  },
  { rule: 'a partitioned table there', remote: `CREATE TABLE @ (n int) PARTITION BY LIST (n); CREATE TABLE @_1 PARTITION OF @ FOR VALUES IN (1, 2); INSERT INTO @ VALUES (1), (2)`, local: `CREATE TABLE @_all (n int) PARTITION BY LIST (n); CREATE FOREIGN TABLE @ PARTITION OF @_all FOR VALUES IN (1) SHOP`, found: ['partition-bounds-broken'], says: /break FOR VALUES IN \(1\): / },
  // What cannot be read
  { rule: 'a label that is none here', remote: `CREATE TYPE @_mood AS ENUM ('good', 'fair'); CREATE TABLE @ (m @_mood); INSERT INTO @ VALUES ('good'), ('fair')`, local: `CREATE TYPE @_mood AS ENUM ('good'); CREATE FOREIGN TABLE @ (m @_mood NOT NULL) SHOP`, found: ['enum-labels here.@_mood', 'not-null-broken m', 'row-unreadable m'], says: /SQLSTATE 22P02/ },
  { rule: 'a column that is gone', remote: `CREATE TABLE @ (id int)`, local: `CREATE FOREIGN TABLE @ (id int, gone int CHECK (gone > 0)) SHOP`, found: ['column-gone gone', 'check-not-kept @_gone_check'] },
];

const nameOf = (index: number): string => `t${String(index).padStart(2, '0')}`;
const line = ({ id, subject }: DriftFinding): string => [id, ...(subject === undefined ? [] : [subject])].join(' ');

async function connectShop({ local, remote, serverOptions }: Pair): Promise<void> {
  const options = Object.entries(serverOptions).map(([key, value]) => `${key} ${literal(value)}`).join(', ');
  await local.query(`CREATE EXTENSION postgres_fdw; CREATE SCHEMA here; CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (${options});
    CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS ("user" ${literal(remote.cluster.user)}, password ${literal(remote.cluster.password)})`);
}

describe.each(pairs())('rows behind foreign tables, $local before $remote', (of) => {
  let two: Pair;
  let result: DriftResult;

  beforeAll(async () => {
    two = await pair(of);
    await connectShop(two);
    await two.remote.query(cases.map(({ remote }, index) => remote.replaceAll('@', nameOf(index))).join(';\n'));
    await two.local.query(`SET search_path = here, public; ${cases.map(({ local }, index) => local.replaceAll('SHOP', "SERVER shop OPTIONS (schema_name 'public')").replaceAll('@', nameOf(index))).join(';\n')}`);
    result = await remoteDrift(request({ database: two.local.url, sample: 1000 }));
  });

  afterAll(async () => two[Symbol.asyncDispose]());

  test.each(cases.map((each, index) => ({ ...each, table: nameOf(index) })))('$rule ($table)', ({ table, found, says, mend }) => {
    const seen = result.report.findings.filter(({ tables }) => tables.some(({ name }) => name === table));
    expect(seen.map(line).sort()).toEqual(found.map((each) => each.replaceAll('@', table)).sort());
    if (says !== undefined) expect(seen.map(({ message }) => message).join('\n')).toMatch(says);
    if (mend !== undefined) expect(seen.flatMap((finding) => finding.mend)).toEqual(mend.map((sql) => sql.replaceAll('@', table)));
  });

  test('nothing is unknown, no value is told, and nothing is left', async () => {
    expect(result.report.unknown).toEqual([]);
    expect(result.report.servers[0]?.sampled?.tables).toBe(cases.length - 3);
    expect(JSON.stringify(result.report)).not.toMatch(/-2|fair"|2027-01-02/);
    expect(await two.local.query("SELECT relname FROM pg_class WHERE relname LIKE 'fdw\\_%'")).toEqual([]);
  });

  test('what mends it is taken, and then nothing is broken but bounds', async () => {
    for (const { id, mend } of result.report.findings) if (id === 'null-found' || id === 'check-broken') for (const sql of mend) await two.local.query(sql);
    const again = await remoteDrift(request({ database: two.local.url, sample: 1000 }));
    expect([...new Set(again.report.findings.map(({ id }) => id))].filter((id) => id.endsWith('-found') || id === 'check-broken')).toEqual([]);
    expect(again.report.findings.filter(({ id }) => id === 'partition-bounds-broken').length).toBe(5);
  });
});

describe.each(pairs())('a sample, $local before $remote', (of) => {
  test('shards that are filled by another rule than their bounds', async () => {
    await using two = await pair(of);
    await connectShop(two);
    await two.local.query('CREATE TABLE here.events (tenant_id int, at date) PARTITION BY HASH (tenant_id)');
    for (const shard of [0, 1, 2, 3]) {
      await two.remote.query(`CREATE TABLE events_${shard} AS SELECT g AS tenant_id, DATE '2026-01-01' AS at FROM generate_series(1, 400) g WHERE g % 4 = ${shard}`);
      await two.local.query(`CREATE FOREIGN TABLE here.events_${shard} PARTITION OF here.events FOR VALUES WITH (MODULUS 4, REMAINDER ${shard}) SERVER shop OPTIONS (schema_name 'public')`);
    }
    // As in the wild: the row is there, and is not found.
    expect(await two.local.query('SELECT count(*)::int AS n FROM here.events WHERE tenant_id + 0 = 1')).toEqual([{ n: 1 }]);
    const { report } = await remoteDrift(request({ database: two.local.url, sample: 1000 }));
    const counts = await two.local.query<{ n: string }>(`
      SELECT (count(*) FILTER (WHERE NOT satisfies_hash_partition('here.events'::regclass, 4, g % 4, g)))::text || ' of 100 rows' AS n FROM generate_series(1, 400) g GROUP BY g % 4 ORDER BY g % 4`);
    expect(report.findings.map(({ id, tables, message }) => [id, tables[0]?.name, /^\d+ of \d+ rows/.exec(message)?.[0]])).toEqual(counts.map(({ n }, shard) => ['partition-bounds-broken', `events_${shard}`, n]));
    expect(report.findings[1]?.message).toContain('break FOR VALUES WITH (modulus 4, remainder 1), the first at ctid (0,');
  });

  test('is spread over a large table, and reads no more than it was told', async () => {
    await using two = await pair(of);
    await connectShop(two);
    // Only the last tenth is wrong.
    await two.remote.query(`CREATE TABLE big AS SELECT CASE WHEN g > 45000 THEN -1 ELSE 1 END AS n, repeat('x', 100) AS pad FROM generate_series(1, 50000) g; ANALYZE big`);
    await two.local.query(`CREATE FOREIGN TABLE here.big (n int, pad text, CONSTRAINT positive CHECK (n > 0)) SERVER shop OPTIONS (schema_name 'public')`);
    const { report } = await remoteDrift(request({ database: two.local.url, sample: 500 }));
    const [broken, rows] = (/^(\d+) of (\d+) rows/.exec(report.findings[0]?.message ?? '')?.slice(1) ?? []).map(Number);
    expect(report.findings.map(({ id }) => id)).toEqual(['check-broken']);
    expect(rows).toBeGreaterThan(450);
    expect(rows).toBeLessThanOrEqual(500);
    expect(broken).toBeGreaterThan(30);
    expect(broken).toBeLessThan(70);
  });

  test('runs no function of others, with the rights of whoever looks', async () => {
    await using two = await pair(of);
    await connectShop(two);
    const author = uniqueName('author');
    await administer(two.local.cluster, `CREATE ROLE ${ident(author)}`);
    try {
      await two.remote.query('CREATE TABLE t (n int CHECK (n > 0)); INSERT INTO t VALUES (1)');
      await two.local.query(`
        CREATE SEQUENCE here.called; CREATE FUNCTION here.peek(int) RETURNS bool LANGUAGE sql AS $$ SELECT nextval('here.called') > 0 $$; ALTER FUNCTION here.peek OWNER TO ${ident(author)};
        CREATE FUNCTION here.same(int, int) RETURNS bool LANGUAGE sql AS $$ SELECT nextval('here.called') > 0 $$; ALTER FUNCTION here.same OWNER TO ${ident(author)};
        CREATE OPERATOR here.=== (FUNCTION = here.same, LEFTARG = int, RIGHTARG = int);
        CREATE FOREIGN TABLE here.t (n int CHECK (here.peek(n)), CONSTRAINT op CHECK (n OPERATOR(here.===) 1)) SERVER shop OPTIONS (schema_name 'public')`);
      const { report } = await remoteDrift(request({ database: two.local.url, sample: 10 }));
      expect(report.unknown.map(({ table, id }) => [table?.name, id])).toEqual([['t', 'sample-untrusted'], ['t', 'sample-untrusted']]);
      expect(await two.local.query('SELECT is_called FROM here.called')).toEqual([{ is_called: false }]);
    } finally {
      await two.local.query(`DROP OWNED BY ${ident(author)} CASCADE`);
      await administer(two.local.cluster, `DROP ROLE ${ident(author)}`);
    }
  });

  test('that does not come in time is unknown, and after three no more are waited for', async () => {
    await using two = await pair(of);
    await connectShop(two);
    await two.remote.query(`CREATE TABLE a (n int); INSERT INTO a VALUES (NULL); CREATE VIEW slow AS SELECT 1 AS n FROM pg_sleep(600)`);
    await two.local.query(['a', 'b', 'c', 'd', 'e'].map((name) => `CREATE FOREIGN TABLE here.${name} (n int NOT NULL) SERVER shop OPTIONS (schema_name 'public', table_name '${name === 'a' ? 'a' : 'slow'}')`).join('; '));
    const { report } = await remoteDrift(request({ database: two.local.url, sample: 10, patience: 1000 }));
    expect(report.findings.map(line)).toEqual(['null-found n']);
    expect(report.unknown.map(({ table, id }) => [table?.name, id])).toEqual([['b', 'sample-timeout'], ['c', 'sample-timeout'], ['d', 'sample-timeout'], [undefined, 'sample-timeout']]);
    // The remote was told to stop.
    const left = await two.remote.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%slow%' AND pid <> pg_backend_pid()");
    expect(left).toEqual([{ n: 0 }]);
  });
});
