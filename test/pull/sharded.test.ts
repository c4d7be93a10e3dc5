import { describe, expect, it } from 'vitest';
import { literal } from '../../src/sql/quote.ts';
import { regularShards } from '../../src/pull/shards.ts';
import { render } from '../../src/sql/statement.ts';
import { cluster, createDatabase, majors } from '../servers/index.ts';
import { planWith, pull } from './pull.ts';

const byHand = `
  CREATE EXTENSION postgres_fdw;
  CREATE SCHEMA app;
  CREATE SERVER s0 FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER s1 FOREIGN DATA WRAPPER postgres_fdw;
  CREATE TABLE app.events (tenant_id bigint NOT NULL, note text COLLATE "C" DEFAULT 'none') PARTITION BY HASH (tenant_id);
  CREATE FOREIGN TABLE app.events_0 PARTITION OF app.events FOR VALUES WITH (MODULUS 2, REMAINDER 0) SERVER s0 OPTIONS (table_name 'events');
  CREATE FOREIGN TABLE app.events_1 PARTITION OF app.events FOR VALUES WITH (MODULUS 4, REMAINDER 1) SERVER s1;
  COMMENT ON TABLE app.events IS 'All events'; GRANT SELECT ON app.events TO PUBLIC;
  COMMENT ON FOREIGN TABLE app.events_1 IS 'one of them'; CREATE INDEX ON ONLY app.events (tenant_id);
  CREATE TABLE app."by.range" (at date, n numeric, t text) PARTITION BY RANGE (at, lower(t), n);
  CREATE FOREIGN TABLE app."it's {}" PARTITION OF app."by.range" FOR VALUES FROM (MINVALUE, MINVALUE, MINVALUE) TO ('2024-01-01', 'maxvalue', -1.5) SERVER s0;
  CREATE FOREIGN TABLE app.later PARTITION OF app."by.range" FOR VALUES FROM ('2024-01-01', 'maxvalue', -1.5) TO ('2025-01-01', '\${env:HOME}', 'NaN') SERVER s0;
  CREATE TABLE app.list (b boolean, region text) PARTITION BY LIST (region);
  CREATE FOREIGN TABLE app.list_some PARTITION OF app.list FOR VALUES IN ('null', NULL, '007', 'it''s ]', '') SERVER s0;
  CREATE FOREIGN TABLE app.list_rest PARTITION OF app.list DEFAULT SERVER s1;
  CREATE TABLE app.flags (b boolean) PARTITION BY LIST (b);
  CREATE FOREIGN TABLE app.flags_t PARTITION OF app.flags FOR VALUES IN (true) SERVER s0;
  CREATE TABLE app.mixed (id int) PARTITION BY RANGE (id);
  CREATE FOREIGN TABLE app.mixed_far PARTITION OF app.mixed FOR VALUES FROM (0) TO (10) SERVER s0;
  CREATE TABLE app.mixed_here PARTITION OF app.mixed FOR VALUES FROM (10) TO (20);
  CREATE TABLE app.named (id int) PARTITION BY RANGE (id);
  CREATE FOREIGN TABLE app.named_far PARTITION OF app.named FOR VALUES FROM (-5) TO (10) SERVER s0;
  ALTER FOREIGN TABLE app.named_far ALTER id OPTIONS (column_name 'x'), ALTER id SET STATISTICS 7, ADD CHECK (id < 100);
  COMMENT ON FOREIGN TABLE app.named_far IS 'far'; COMMENT ON COLUMN app.named_far.id IS 'x there'; GRANT SELECT ON app.named_far TO PUBLIC;
  CREATE TABLE app.regular (id int) PARTITION BY HASH (id);
  CREATE FOREIGN TABLE app.regular_0 PARTITION OF app.regular FOR VALUES WITH (MODULUS 2, REMAINDER 0) SERVER s0 OPTIONS (schema_name 'public', table_name 'r0 of 2');
  CREATE FOREIGN TABLE app.regular_1 PARTITION OF app.regular FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER s1 OPTIONS (schema_name 'public', table_name 'r1 of 2');
  CREATE TABLE app.turned (id int) PARTITION BY HASH (id);
  CREATE FOREIGN TABLE app.turned_1 PARTITION OF app.turned FOR VALUES WITH (MODULUS 2, REMAINDER 0) SERVER s1;
  CREATE FOREIGN TABLE app.turned_0 PARTITION OF app.turned FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER s0`;

/** Of one shard each: what `shards` can say of them, its server, name and options. */
const patterns: readonly { readonly what: string; readonly shards: readonly (readonly [server: string, name: string, table: string])[]; readonly says: unknown }[] = [
  { what: 'as fdw calls them', shards: [['s0', 't_0', 'e'], ['s1', 't_1', 'e']], says: { server: 's{0..1}', name: undefined, table: 'e' } },
  { what: 'from another number on, with zeros', shards: [['s09x', 'p09', 'e09'], ['s10x', 'p10', 'e10']], says: { server: 's{09..10}x', name: 'p{shard}', table: 'e{shard}' } },
  { what: 'with more digits around', shards: [['eu1-s1', 'p1_1', '1'], ['eu1-s2', 'p1_2', '2']], says: { server: 'eu1-s{1..2}', name: 'p1_{shard}', table: '{shard}' } },
  { what: 'names without a pattern', shards: [['s0', 'a', 'e'], ['s1', 'b', 'e']], says: undefined },
  { what: 'servers without one', shards: [['s0', 't_0', 'e'], ['s2', 't_1', 'e']], says: undefined },
  { what: 'options without one', shards: [['s0', 't_0', 'a'], ['s1', 't_1', 'b']], says: undefined },
  { what: 'braces of their own', shards: [['{s0', 't_0', 'a'], ['{s1', 't_1', 'a']], says: undefined },
  { what: 'one alone', shards: [['s0', 't_0', 'e']], says: undefined },
];

describe('partitions that are alike', () => {
  it.each(patterns)('$what', ({ shards, says }) => {
    const made = regularShards('t', shards.map(([server, name, table], remainder) => ({
      table: { kind: 'foreign-table', schema: 'a', name, server, columns: [], options: [{ name: 'table_name', value: { kind: 'text', text: table } }] },
      bound: { kind: 'hash', modulus: shards.length, remainder },
    })));
    expect(made && { server: made.server, name: made.name, table: made.options[0]?.value.kind === 'text' ? made.options[0].value.text : '' }).toEqual(says);
  });
});

describe.each(majors().map((major) => ({ major })))('sharded tables as fdw pull writes them, major $major', ({ major }) => {
  it('with bounds of every kind; planning finds nothing, and what cannot be said is listed', async () => {
    await using db = await createDatabase(cluster(major));
    await db.query(byHand);
    const pulled = await pull(db.url);
    await expect(pulled.text.slice(pulled.text.indexOf('sharded_tables:'))).toMatchFileSnapshot('__snapshots__/sharded.yaml');
    await expect(pulled.unsaid.join('\n')).toMatchFileSnapshot('__snapshots__/sharded.unsaid.txt');
    const plan = await planWith(pulled, db.url, {});
    expect(plan.changes.map(({ address, details }) => ({ address, details }))).toEqual([]);

    // Where what the spec cannot say is there, it makes the same tables.
    await using other = await createDatabase(cluster(major));
    await other.query('CREATE SCHEMA app; CREATE TABLE app.mixed (id int) PARTITION BY RANGE (id)');
    const made = await planWith(pulled, other.url, {});
    await other.query(made.changes.flatMap(({ statements }) => statements.map((each) => render(each, () => literal('')))).join(';\n'));
    const bounds = "SELECT c.relname, pg_get_partkeydef(c.oid) AS key, pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('p', 'f') ORDER BY 1";
    expect(await other.query(bounds)).toEqual(await db.query(bounds));
    expect((await pull(db.url, { servers: ['s1'] })).text).not.toContain('sharded_tables:');
  });
});
