import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, pairs, type TestDatabase } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

const eventsTable = 'CREATE TABLE events (tenant_id bigint NOT NULL, at date NOT NULL, note text)';

/** The `servers` part of a spec: one for each database, named in the order of the letters. */
function serversOf(shards: Readonly<Record<string, TestDatabase>>): string {
  const lines = Object.entries(shards).map(([name, { name: dbname, cluster: { internalHost, internalPort, user, password } }]) =>
    `  ${name}: {options: {host: ${internalHost}, port: ${internalPort}, dbname: ${dbname}}, user_mappings: {public: {user: ${user}, password: ${JSON.stringify(password)}}}}`,
  );
  return `servers:\n${lines.join('\n')}\n`;
}

const head = (shards: Readonly<Record<string, TestDatabase>>): string => `version: 1\nextensions: [postgres_fdw]\n${serversOf(shards)}`;

describe.each(pairs())('a table over shards, local $local, remotes $remote', (majors) => {
  it('by hash: rows get to their shards, and changes are made in place', async () => {
    await using local = await createDatabase(cluster(majors.local));
    await using shard0 = await createDatabase(cluster(majors.remote));
    await using shard1 = await createDatabase(cluster(majors.remote));
    await using spare = await createDatabase(cluster(majors.remote));
    for (const shard of [shard0, shard1, spare]) await shard.query(eventsTable);
    await using place = await workplace(local.url);
    const spec = `${head({ shard0, shard1, other1: spare })}sharded_tables:
  app.events:
    partition_by: hash (tenant_id)
    columns: {tenant_id: bigint not null, at: date not null, note: "text default 'none'"}
    shards: {server: "shard{0..1}", options: {schema_name: public, table_name: events}}
    comment: All events
`;
    await place.write(spec);
    const first = await place.plan();
    expect(changesOf(first).slice(-3)).toEqual(['create partitioned table app.events', 'create foreign table app.events_0', 'create foreign table app.events_1']);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    await local.query("INSERT INTO app.events SELECT i, '2024-01-01', 'n' FROM generate_series(1, 40) i");
    const count = async (db: TestDatabase): Promise<unknown> => (await db.query('SELECT count(*)::int AS n FROM events'))[0]?.['n'];
    expect([Number(await count(shard0)) + Number(await count(shard1)), Number(await count(shard0)) > 0]).toEqual([40, true]);
    expect(await local.query('SELECT count(*)::int AS n FROM app.events WHERE tenant_id = 7')).toEqual([{ n: 1 }]);

    // What fdw made is what the statements of the manual make.
    const described = `
      SELECT c.relname, c.relkind, pg_get_expr(c.relpartbound, c.oid) AS bound, t.ftoptions, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attfdwoptions, a.attislocal, a.attinhcount,
        pg_get_expr(d.adbin, d.adrelid) AS fallback
      FROM pg_class c LEFT JOIN pg_foreign_table t ON t.ftrelid = c.oid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'app'::regnamespace ORDER BY c.relname, a.attnum`;
    const byFdw = await local.query(described);
    await local.query(`
      DROP TABLE app.events;
      CREATE TABLE app.events (tenant_id bigint NOT NULL, at date NOT NULL, note text DEFAULT 'none') PARTITION BY HASH (tenant_id);
      CREATE FOREIGN TABLE app.events_0 PARTITION OF app.events FOR VALUES WITH (MODULUS 2, REMAINDER 0) SERVER shard0 OPTIONS (schema_name 'public', table_name 'events');
      CREATE FOREIGN TABLE app.events_1 PARTITION OF app.events FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER shard1 OPTIONS (schema_name 'public', table_name 'events');
      COMMENT ON TABLE app.events IS 'All events'`);
    expect(byFdw).toEqual(await local.query(described));
    expect(changesOf(await place.plan())).toEqual([]);

    // A column of the table is one of its partitions too.
    await place.write(spec.replace('at: date not null', 'at: date not null, extra: int'));
    const wider = await place.plan();
    expect([changesOf(wider), sqlOf(wider)]).toEqual([['update partitioned table app.events'], ['ALTER TABLE app.events\n  ADD COLUMN extra integer']]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    // A shard that moves is replaced, the others stay.
    await local.query("CREATE VIEW app.seen AS SELECT tenant_id FROM app.events");
    const moved = spec.replace('at: date not null', 'at: date not null, extra: int').replace('    shards: {server: "shard{0..1}", options: {schema_name: public, table_name: events}}\n', `    partitions:
      events_0: {server: shard0, modulus: 2, remainder: 0, options: {schema_name: public, table_name: events}}
      events_1: {server: other1, modulus: 2, remainder: 1, options: {schema_name: public, table_name: events}}
`);
    await place.write(moved);
    expect(changesOf(await place.plan())).toEqual(['replace foreign table app.events_1']);
    await place.apply({ allow: ['table-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);

    // Another number of shards: every bound is another, and none may meet an old one on the way.
    await place.write(moved.replace('modulus: 2, remainder: 0', 'modulus: 4, remainder: 1').replace('modulus: 2, remainder: 1', 'modulus: 2, remainder: 0').replace('    comment', '      events_2: {server: shard1, modulus: 4, remainder: 3, options: {schema_name: public, table_name: events}}\n    comment'));
    expect(sqlOf(await place.plan())).toEqual([
      'ALTER TABLE app.events DETACH PARTITION app.events_0',
      'ALTER TABLE app.events DETACH PARTITION app.events_1',
      'ALTER TABLE app.events ATTACH PARTITION app.events_0 FOR VALUES WITH (modulus 4, remainder 1)',
      'ALTER TABLE app.events ATTACH PARTITION app.events_1 FOR VALUES WITH (modulus 2, remainder 0)',
      "CREATE FOREIGN TABLE app.events_2 PARTITION OF app.events FOR VALUES WITH (modulus 4, remainder 3) SERVER shard1 OPTIONS (schema_name 'public', table_name 'events')",
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    await place.write(moved.replace('hash (tenant_id)', 'hash (at)'));
    await expect(place.plan()).rejects.toMatchObject({ id: 'plan-impossible', problems: [{ message: expect.stringContaining('it is partitioned by HASH (tenant_id), the spec wants HASH (at), and SQL has no ALTER for that') as string }] });
  });

  it('columns of a shard have options and settings of their own, which stay when a server under shards is replaced', async () => {
    await using local = await createDatabase(cluster(majors.local));
    await using place = await workplace(local.url);
    const spec = (columns: string, type = ''): string => `version: 1
extensions: [postgres_fdw]
servers: {s0: {${type}}, s1: }
sharded_tables:
  app.events:
    partition_by: list (region)
    columns: {id: bigint not null, region: text, note: text}
    partitions:
      eu: {server: s0, values: [de, fr], comment: Europe, grants: {select: [public]}, columns: {${columns}}}
      rest: {server: s1, default: true}
`;
    const own = async (): Promise<unknown> => (await local.query(`
      SELECT a.attname, a.attfdwoptions, nullif(a.attstattarget, -1) AS statistics, a.attoptions, col_description(a.attrelid, a.attnum) AS comment FROM pg_attribute a
      WHERE a.attrelid = 'app.eu'::regclass AND a.attnum > 0 ORDER BY a.attnum`)).map((row) => Object.values(row));
    await place.write(spec('id: {column_name: ID, statistics: 7, n_distinct: 5, comment: a number}'));
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await own()).toEqual([['id', ['column_name=ID'], 7, ['n_distinct=5'], 'a number'], ['region', null, null, null, null], ['note', null, null, null, null]]);

    await place.write(spec('id: {column_name: "No", statistics: 7}, region: {comment: of the world}'));
    expect(sqlOf(await place.plan())).toEqual([`ALTER FOREIGN TABLE app.eu\n  ALTER COLUMN id OPTIONS (SET column_name 'No')`, "COMMENT ON COLUMN app.eu.region IS 'of the world'"]);
    await place.apply();

    // What the spec does not name is left alone, also by a replacement of the table or of its server.
    await local.query("ALTER FOREIGN TABLE app.eu ALTER note OPTIONS (column_name 'remark'), ADD CONSTRAINT ours CHECK (id > 0); GRANT UPDATE (note) ON app.eu TO PUBLIC; CREATE VIEW app.seen AS SELECT id, note FROM app.eu");
    expect(changesOf(await place.plan())).toEqual([]);
    const before = await own();
    const shape = async (): Promise<unknown> => local.query(`
      SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) AS bound, (SELECT s.srvtype FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = t.ftserver WHERE t.ftrelid = c.oid) AS type, obj_description(c.oid) AS comment, c.relacl::text,
        ARRAY(SELECT attname || coalesce(attacl::text, '') || attinhcount || attislocal FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 ORDER BY attnum) AS columns, ARRAY(SELECT conname::text FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c') AS checks
      FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('f', 'p', 'v') ORDER BY 1`);
    const whole = JSON.stringify(await shape());
    await place.write(spec('id: {column_name: "No", statistics: 7}, region: {comment: of the world}', 'type: new'));
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['replace server s0']);
    expect(plan.changes[0]?.details).toEqual(['type: none -> new', 'foreign table app.eu: dropped and created again']);
    await place.apply({ allow: ['server-replaced', 'dependents-recreated'] });
    expect(await own()).toEqual(before);
    expect(JSON.stringify(await shape())).toBe(whole.replace('"type":null,"comment":"Europe"', '"type":"new","comment":"Europe"'));
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('checks, storage and grants on columns of a shard are its own, and changed in place', async () => {
    await using local = await createDatabase(cluster(majors.local));
    await using place = await workplace(local.url);
    const spec = (eu: string): string => `version: 1
extensions: [postgres_fdw]
servers: {s0: , s1: }
sharded_tables:
  app.events:
    partition_by: list (region)
    columns: {id: bigint not null, region: text, note: {type: text, storage: main}}
    partitions:
      eu: {server: s0, values: [de, fr], ${eu}}
      rest: {server: s1, default: true}
`;
    await place.write(spec('checks: {known: id>0, "it\'s": {check: region is not null, no_inherit: true}}, column_grants: {select: {public: [id, note]}}, columns: {note: {storage: default}, region: {storage: external}}'));
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    const own = `SELECT ARRAY(SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = 'app.eu'::regclass AND contype = 'c' ORDER BY 1) AS checks,
      ARRAY(SELECT concat(attname, attstorage, coalesce(array_length(attacl, 1), 0)) FROM pg_attribute WHERE attrelid = 'app.eu'::regclass AND attnum > 0 ORDER BY attnum) AS columns`;
    expect(await local.query(own)).toEqual([{ checks: ["it's CHECK ((region IS NOT NULL)) NO INHERIT", 'known CHECK ((id > 0))'], columns: ['idp1', 'regione0', 'notex1'] }]);
    // A check of the table is its partitions' too, and none of theirs to drop.
    await local.query('ALTER TABLE app.events ADD CONSTRAINT above CHECK (id < 1000)');
    expect(changesOf(await place.plan())).toEqual([]);

    await place.write(spec('checks: {known: id > 1}, column_grants: {select: {public: [id]}}, columns: {note: {storage: main}}'));
    expect(sqlOf(await place.plan())).toEqual([
      `ALTER FOREIGN TABLE app.eu\n  DROP CONSTRAINT "it's",\n  DROP CONSTRAINT known`,
      'ALTER FOREIGN TABLE app.eu\n  ALTER COLUMN note SET STORAGE MAIN,\n  ADD CONSTRAINT known CHECK ((id > 1))',
      'REVOKE SELECT (note) ON TABLE app.eu FROM PUBLIC',
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    await place.write(spec('checks: {known: id > nothing}, columns: {id: {storage: external}}'));
    await expect(place.plan()).rejects.toMatchObject({ problems: [{ message: 'partition eu: column data type bigint can only have storage PLAIN', at: { line: 9 } }] });
    await place.write(spec('checks: {known: id > nothing}'));
    await expect(place.plan()).rejects.toMatchObject({ problems: [{ message: 'partition eu: column "nothing" does not exist', at: { line: 9 } }] });
    await place.write(spec('column_grants: {select: {public: [nothing]}}'));
    await expect(place.plan()).rejects.toMatchObject({ problems: [{ message: 'the table has no column `nothing`', at: { line: 9 } }] });
  });

  it('by range and list: bounds in PostgreSQL\'s own words, overlaps and gaps at their place', async () => {
    await using local = await createDatabase(cluster(majors.local));
    await using shard0 = await createDatabase(cluster(majors.remote));
    await shard0.query(`${eventsTable}; CREATE TABLE regions (region text, n int)`);
    await using place = await workplace(local.url);
    const spec = `${head({ shard0 })}sharded_tables:
  app.events:
    partition_by: range (at, lower(note))
    columns: {tenant_id: bigint not null, at: date not null, note: text}
    partitions:
      old: {server: shard0, from: [MINVALUE, MINVALUE], to: [2024-1-1, "it's ) TO ("], options: {schema_name: public, table_name: events}}
      late: {server: shard0, from: [2024-01-01, "it's ) TO ("], to: [2025-01-01, x], options: {schema_name: public, table_name: events}}
  app.regions:
    partition_by: list (region)
    columns: {region: text, n: int}
    partitions:
      eu: {server: shard0, values: [de, fr, null], options: {schema_name: public, table_name: regions}}
      rest: {server: shard0, default: true, options: {schema_name: public, table_name: regions}}
`;
    await place.write(spec);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    await local.query("INSERT INTO app.regions VALUES ('de', 1), (NULL, 2), ('us', 3); INSERT INTO app.events VALUES (1, '2024-06-01', 'x')");
    expect(await local.query('SELECT count(*)::int AS n FROM app.eu')).toEqual([{ n: 3 }]);
    expect(await local.query("SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relname IN ('eu', 'rest') ORDER BY relname")).toEqual([{ bound: "FOR VALUES IN ('de', 'fr', NULL)" }, { bound: 'DEFAULT' }]);

    await place.write(spec.replace('from: [2024-01-01', 'from: [2024-02-01').replace('values: [de, fr, null]', 'values: [de, de2]').replace('rest: {server: shard0, default: true', 'rest: {server: shard0, values: [us, de]'));
    await expect(place.plan()).rejects.toMatchObject({
      problems: [
        { message: expect.stringContaining(`the ranges leave gaps: of those that end (old at ('2024-01-01', 'it''s ) TO (')`) as string, at: { line: 6 } },
        { message: 'partition rest: partition "rest" would overlap partition "eu"', at: { line: 17 } },
      ],
    });
    await place.write(spec.replace('from: [2024-01-01', 'from: [2024-02-01').replace('    partition_by: range', '    gaps: allow\n    partition_by: range'));
    expect(changesOf(await place.plan())).toEqual(['update partitioned table app.events', 'update foreign table app.late']);
  });

  it('lets go of partitions and tables: what is in the way is named before, and nothing else is dropped', async () => {
    await using local = await createDatabase(cluster(majors.local));
    await using shard0 = await createDatabase(cluster(majors.remote));
    await shard0.query(eventsTable);
    await using place = await workplace(local.url);
    const spec = `${head({ shard0 })}sharded_tables:
  app.events:
    partition_by: range (tenant_id)
    columns: {tenant_id: bigint not null, at: date not null, note: text}
    partitions:
      low: {server: shard0, from: MINVALUE, to: 100, options: {table_name: events}}
      high: {server: shard0, from: 100, to: MAXVALUE, options: {table_name: events}}
`;
    await place.write(spec);
    await place.apply();
    const one = spec.replace(/ {6}low.*\n/, '').replace('high: {server: shard0, from: 100', 'all: {server: shard0, from: MINVALUE');
    await place.write(one);
    await expect(place.plan()).rejects.toMatchObject({
      problems: [
        {
          message: expect.stringMatching(/^partition all: foreign table app\.(low|high) is in the way: it stays attached as FOR VALUES FROM/) as string,
          hint: expect.stringContaining('name it under `partitions` with `absent: true`, or say `prune: true`') as string,
          at: { line: 10 },
        },
      ],
    });

    await place.write(one.replace('    partitions:', '    prune: true\n    partitions:'));
    const pruned = await place.plan();
    expect(sqlOf(pruned)).toEqual([
      'ALTER TABLE app.events DETACH PARTITION app.high',
      'ALTER TABLE app.events DETACH PARTITION app.low',
      "CREATE FOREIGN TABLE app.\"all\" PARTITION OF app.events FOR VALUES FROM (MINVALUE) TO (MAXVALUE) SERVER shard0 OPTIONS (table_name 'events')",
      'DROP FOREIGN TABLE app.low',
      'DROP FOREIGN TABLE app.high',
    ]);
    expect([pruned.leftAlone.foreignTables, pruned.changes.at(-1)?.hazards.map(({ id }) => id)]).toEqual([0, ['object-dropped', 'lock-taken', 'lock-taken']]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    // By name, and by the entry of the table.
    await place.write(one.replace('    partitions:', '    gaps: allow\n    partitions:\n      all: {absent: true}').replace(/ {6}all: \{server.*\n/, ''));
    expect(sqlOf(await place.plan())).toEqual(['ALTER TABLE app.events DETACH PARTITION app."all"', 'DROP FOREIGN TABLE app."all"']);

    await place.write(`${head({ shard0 })}sharded_tables:\n  app.events: {absent: true}\n`);
    expect(sqlOf(await place.plan())).toEqual(['DROP FOREIGN TABLE app."all"', 'DROP TABLE app.events']);
    // What is attached besides would go along, with its rows.
    await local.query("DROP FOREIGN TABLE app.\"all\"; CREATE TABLE app.here PARTITION OF app.events FOR VALUES FROM (0) TO (10); CREATE VIEW public.seen AS TABLE app.events");
    await expect(place.plan()).rejects.toMatchObject({ id: 'plan-impossible', problems: [{ message: 'partitioned table app.events: dropping it would drop table app.here along, which the spec does not ask for' }] });
    await place.write(one);
    await expect(place.plan()).rejects.toMatchObject({ problems: [{ message: 'partition all: table app.here is in the way: it stays attached as FOR VALUES FROM (\'0\') TO (\'10\')', hint: expect.stringContaining('its rows are here') as string }] });
    await local.query('ALTER TABLE app.events DETACH PARTITION app.here');
    await place.write(`${head({ shard0 })}sharded_tables:\n  app.events: {absent: true}\n`);
    expect((await place.plan()).changes[0]?.hazards.map(({ id }) => id)).toContain('dependents-lost');
    await local.query('DROP VIEW public.seen');
    await place.apply();
    expect(await local.query("SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace")).toEqual([{ relname: 'here' }]);
  });
});
