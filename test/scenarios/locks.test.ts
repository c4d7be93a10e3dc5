import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/types.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { sqlOf, workplace } from './flow.ts';

const database = `
  CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s;
  CREATE FOREIGN TABLE s.plain (id int, note text) SERVER one; CREATE VIEW s.on_plain AS SELECT id FROM s.plain;
  CREATE TABLE s.base (id int); CREATE FOREIGN TABLE s.heir () INHERITS (s.base) SERVER one;
  CREATE FOREIGN TABLE s.tip (id int, note text) SERVER one; CREATE TABLE s.below () INHERITS (s.tip); CREATE FOREIGN TABLE s.beneath () INHERITS (s.tip) SERVER one; CREATE TABLE s.deep () INHERITS (s.beneath);
  CREATE TABLE s.parted (id int NOT NULL, note text) PARTITION BY LIST (id); CREATE TABLE s.here PARTITION OF s.parted FOR VALUES IN (0); CREATE TABLE s.rest PARTITION OF s.parted DEFAULT;
  CREATE FOREIGN TABLE s.p1 PARTITION OF s.parted FOR VALUES IN (1) SERVER one; CREATE FOREIGN TABLE s.p2 PARTITION OF s.parted FOR VALUES IN (2) SERVER one;
  CREATE TABLE s.sharded (id int NOT NULL) PARTITION BY LIST (id); CREATE FOREIGN TABLE s.s1 PARTITION OF s.sharded FOR VALUES IN (1) SERVER one; CREATE FOREIGN TABLE s.s2 PARTITION OF s.sharded FOR VALUES IN (2) SERVER one; CREATE TABLE s.s_rest PARTITION OF s.sharded DEFAULT`;

const plain = 'columns: {id: int, note: text}';
const sharded = (partitions: string, columns = 'id: int not null', more = ''): string => `sharded_tables:\n  s.sharded: {partition_by: list (id), columns: {${columns}}, ${more}partitions: {${partitions}}}\n`;
const both = 's1: {server: one, values: [1]}, s2: {server: one, values: [2]}';

/** What a spec wants, and the relations that its plan locks so that reading waits. */
const cases: readonly (readonly [what: string, spec: string])[] = [
  ['an option', `tables: {s.plain: {server: one, options: {table_name: x}, ${plain}}}`],
  ['another type, under a view', 'tables: {s.plain: {server: one, columns: {id: bigint, note: text}}}'],
  ['statistics and comments', 'tables: {s.plain: {server: one, comment: c, columns: {id: {type: int, statistics: 5}, note: {type: text, comment: c}}}}'],
  ['an owner', `tables: {s.plain: {server: one, owner: postgres, grants: {select: [public]}, ${plain}}}`],
  ['another name', `tables: {s.other: {renamed_from: s.plain, server: one, ${plain}}}`],
  ['another server', `tables: {s.plain: {server: two, ${plain}}}`],
  ['a drop', 'tables: {s.plain: {absent: true}}'],
  ['an heir that gets an option', 'tables: {s.heir: {server: one, options: {table_name: x}, columns: {id: int}}}'],
  ['an heir on another server', 'tables: {s.heir: {server: two, columns: {id: int}}}'],
  ['an heir that goes', 'tables: {s.heir: {absent: true}}'],
  ['an heir that leaves', 'tables: {s.heir: {server: one, inherits: [], columns: {id: int}}}'],
  ['an heir that joins', `tables: {s.plain: {server: one, inherits: [s.base], ${plain}}}`],
  ['a parent that gets a column', 'tables: {s.tip: {server: one, columns: {id: int, note: text, more: date}}}'],
  ['a parent that gets an option', `tables: {s.tip: {server: one, options: {table_name: x}, ${plain}}}`],
  ['a parent with a column of another type', 'tables: {s.tip: {server: one, columns: {id: bigint, note: text}}}'],
  ['a parent with a column of another name', 'tables: {s.tip: {server: one, columns: {id: int, remark: {type: text, renamed_from: note}}}}'],
  ['a parent with a default', 'tables: {s.tip: {server: one, columns: {id: {type: int, default: 1}, note: text}}}'],
  ['a parent with a check', `tables: {s.tip: {server: one, checks: {c: id > 0}, ${plain}}}`],
  ['a partition that gets an option', 'tables: {s.p1: {server: one, options: {table_name: x}, columns: {id: int not null, note: text}}}'],
  ['a partition on another server', 'tables: {s.p1: {server: two, columns: {id: int not null, note: text}}}'],
  ['a partition with other bounds', 'tables: {s.p1: {server: one, partition_of: {table: s.parted, values: [3]}, columns: {id: int not null, note: text}}}'],
  ['a partition that goes', 'tables: {s.p1: {absent: true}}'],
  ['a partition that leaves', 'tables: {s.p1: {server: one, partition_of: none, columns: {id: int not null, note: text}}}'],
  ['a partition that comes', 'tables: {s.p3: {server: one, partition_of: {table: s.parted, values: [3]}, columns: {id: int not null, note: text}}}'],
  ['a server of another type', 'servers: {one: {type: new}, two: }'],
  ['a shard that gets an option', sharded('s1: {server: one, values: [1], options: {table_name: x}}, s2: {server: one, values: [2]}')],
  ['a shard more', sharded(`${both}, s3: {server: one, values: [3]}`)],
  ['a shard with other bounds', sharded('s1: {server: one, values: [1, 3]}, s2: {server: one, values: [2]}')],
  ['a shard on another server', sharded('s1: {server: two, values: [1]}, s2: {server: one, values: [2]}')],
  ['a shard that goes', sharded('s1: {server: one, values: [1]}, s2: {absent: true}')],
  ['a column for all shards', sharded(both, 'id: int not null, more: text')],
  ['a sharded table that is its owner\'s', sharded(both, 'id: int not null', 'owner: postgres, comment: c, ')],
];

/** The relations that a plan says it locks, or takes away and makes again. */
function named({ changes }: Plan): readonly string[] {
  const messages = changes.flatMap(({ hazards }) => hazards.filter(({ id }) => id === 'lock-taken' || id.startsWith('dependents-')).map(({ message }) => message));
  return [...new Set(messages.flatMap((message) => /\bs\.\w+/.exec(message) ?? []))].sort();
}

describe.each(majors().map((major) => ({ major })))('locks that reading waits for, major $major', ({ major }) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createDatabase(cluster(major));
    await db.query(database);
  });
  afterAll(async () => db.drop());

  it.each(cases)('are named by the hazards of a plan: %s', async (_, spec) => {
    await using place = await workplace(db.url);
    await place.write(`version: 1\n${spec.startsWith('servers') ? '' : 'servers: {one: , two: }\n'}${spec}\n`);
    const plan = await place.plan({ drift: false });
    expect(plan.changes.length).toBeGreaterThan(0);
    const client = await db.connect();
    await client.query('CREATE TEMP TABLE before AS SELECT oid FROM pg_class; BEGIN');
    const names = await client.query<{ oid: string; name: string }>("SELECT oid, oid::regclass::text AS name FROM pg_class WHERE relnamespace = 's'::regnamespace");
    for (const sql of sqlOf(plan)) await client.query(sql);
    const { rows } = await client.query<{ relation: string }>("SELECT DISTINCT relation FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND relation IN (SELECT oid FROM pg_temp.before)");
    await client.end();
    const locked = new Set(rows.map(({ relation }) => relation));
    expect(named(plan)).toEqual(names.rows.filter(({ oid }) => locked.has(oid)).map(({ name }) => name).sort());
  });
});
