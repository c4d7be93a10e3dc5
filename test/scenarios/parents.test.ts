import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { inSteps } from '../../src/plan/steps.ts';
import { applyWith, planWith, pull } from '../pull/pull.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

const servers = ['one', 'two'].map((name) => `CREATE SERVER ${name} FOREIGN DATA WRAPPER postgres_fdw`).join('; ');

const spec = (tables: string): string => `version: 1
servers: {one: , two: }
tables:
${tables}`;

/** What the catalogs say of a schema's foreign tables and what they are part of, read without the code under test; no OIDs. */
async function described(db: TestDatabase, schema: string): Promise<unknown> {
  const rows = await db.query(
    `SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) AS bound, (SELECT srvname FROM pg_foreign_server WHERE oid = t.ftserver) AS server,
       ARRAY(SELECT i.inhparent::regclass::text FROM pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parents,
       ARRAY(SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attislocal, a.attinhcount, a.attfdwoptions, a.attidentity, pg_get_expr(d.adbin, d.adrelid))
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname) AS columns,
       ARRAY(SELECT concat_ws(' ', k.conname, pg_get_constraintdef(k.oid), k.conislocal, k.coninhcount) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' ORDER BY 1) AS checks
     FROM pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid WHERE c.relnamespace = $1::regnamespace ORDER BY 1`,
    [schema],
  );
  return JSON.parse(JSON.stringify(rows).replaceAll(`${schema}.`, 's.'));
}

describe.each(majors().map((major) => ({ major })))('what foreign tables are part of, major $major', ({ major }) => {
  it('partitions of a table of the database: made, moved, detached, and replaced', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; ${servers};
      CREATE SCHEMA app; CREATE TABLE app.events (id bigint NOT NULL, at date NOT NULL, note text DEFAULT 'x', CONSTRAINT known CHECK (id > 0)) PARTITION BY RANGE (at);
      CREATE TABLE app.now PARTITION OF app.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE app.rest PARTITION OF app.events DEFAULT`);
    const columns = 'columns: {id: bigint not null, at: date not null, note: {type: text, column_name: remark}}';
    const both = (first: string, second: string): string => spec(`  app.e23: {server: one, partition_of: {table: app.events, ${first}}, ${columns}}\n  app.e24: {server: one, partition_of: {table: app.events, ${second}}, ${columns}, checks: {own: note <> ''}}\n`);
    await place.write(both('from: 2023-1-1, to: 2024-01-01', 'from: 2024-01-01, to: 2025-01-01'));
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['create foreign table app.e23', 'create foreign table app.e24']);
    expect(sqlOf(plan).slice(0, 2)).toEqual([
      "CREATE FOREIGN TABLE app.e23 (\n  id bigint NOT NULL,\n  at date NOT NULL,\n  note text OPTIONS (column_name 'remark'),\n  CONSTRAINT known CHECK ((id > 0))\n) SERVER one",
      "ALTER TABLE app.events ATTACH PARTITION app.e23 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')",
    ]);
    expect(plan.changes[0]?.hazards).toEqual([
      { id: 'parent-rows', message: "Queries on app.events look for these rows in app.e23: FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')." },
      { id: 'lock-taken', message: 'ACCESS EXCLUSIVE on app.rest, the default partition of app.events, whose rows here are read through, until the transaction ends: queries on it wait.' },
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    await db.query(`CREATE SCHEMA hand; CREATE TABLE hand.events (LIKE app.events INCLUDING ALL) PARTITION BY RANGE (at);
      CREATE FOREIGN TABLE hand.e23 PARTITION OF hand.events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') SERVER one; CREATE FOREIGN TABLE hand.e24 PARTITION OF hand.events (CONSTRAINT own CHECK (note <> '')) FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') SERVER one;
      ALTER FOREIGN TABLE hand.e23 ALTER note OPTIONS (ADD column_name 'remark'), ALTER note DROP DEFAULT; ALTER FOREIGN TABLE hand.e24 ALTER note OPTIONS (ADD column_name 'remark'), ALTER note DROP DEFAULT`);
    expect(await described(db, 'app')).toEqual(await described(db, 'hand'));

    // Each takes the place of the other: none is free until both have let go.
    await place.write(both('from: 2024-01-01, to: 2025-01-01', 'from: 2023-01-01, to: 2024-01-01'));
    const swapped = await place.plan();
    expect(sqlOf(swapped)).toEqual([
      'ALTER TABLE app.events DETACH PARTITION app.e23',
      'ALTER TABLE app.events DETACH PARTITION app.e24',
      "ALTER TABLE app.events ATTACH PARTITION app.e23 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
      "ALTER TABLE app.events ATTACH PARTITION app.e24 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')",
    ]);
    // A step of --batch never ends between the two.
    expect(inSteps(swapped.changes, 1)).toHaveLength(1);
    expect(swapped.changes[0]?.details).toEqual(['partition app.e23: detached from app.events, gets other bounds', 'partition app.e24: detached from app.events, gets other bounds', "partition of app.events: FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    // Another server, and with it another OID.
    await place.write(both('from: 2024-01-01, to: 2025-01-01', 'from: 2023-01-01, to: 2024-01-01').replace('e23: {server: one', 'e23: {server: two'));
    expect(sqlOf(await place.plan()).slice(0, 3).map((sql) => sql.split('(')[0])).toEqual(['DROP FOREIGN TABLE app.e23', 'CREATE FOREIGN TABLE app.e23 ', 'ALTER TABLE app.events ATTACH PARTITION app.e23 FOR VALUES FROM ']);
    await place.apply({ allow: ['table-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);

    // Left out, it stays what it is; `none` detaches, and its columns and checks are its own.
    const alone = (of: string): string => spec(`  app.e23: {server: two, ${of}, checks: {}, columns: {id: bigint, at: date not null, note: {type: text, column_name: remark}}}\n`);
    await place.write(alone('comment: x'));
    await expect(place.plan()).rejects.toMatchObject({ id: 'plan-impossible', problems: [{ message: 'foreign table app.e23: its column id is NOT NULL in its parent, and so in the table itself' }] });
    await place.write(alone('partition_of: none'));
    expect(sqlOf(await place.plan())).toEqual(['ALTER TABLE app.events DETACH PARTITION app.e23', 'ALTER FOREIGN TABLE app.e23\n  DROP CONSTRAINT known', 'ALTER FOREIGN TABLE app.e23\n  ALTER COLUMN id DROP NOT NULL']);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('partitions of a table with an identity column, which is theirs too from 17 on', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; ${servers}; CREATE SCHEMA s; CREATE TABLE s.ids (id bigint GENERATED ALWAYS AS IDENTITY, twice int GENERATED ALWAYS AS (n * 2) STORED, n int) PARTITION BY LIST (n)`);
    await place.write(spec("  s.ids_1: {server: one, partition_of: {table: s.ids, values: [1, null]}, columns: {id: bigint not null, n: int, twice: {type: int, generated: n * 2}}}\n"));
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await db.query("SELECT attidentity FROM pg_attribute WHERE attrelid = 's.ids_1'::regclass AND attname = 'id'")).toEqual([{ attidentity: major < 17 ? '' : 'a' }]);
    await place.write(spec("  s.ids_1: {server: two, partition_of: {table: s.ids, values: [1]}, columns: {id: bigint not null, n: int, twice: {type: int, generated: n * 2}}}\n"));
    await place.apply({ allow: ['table-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('heirs of tables of the database and of the spec: made, moved, altered with their parents, and left alone', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; ${servers};
      CREATE SCHEMA s; CREATE TABLE s.base (id bigint NOT NULL, CONSTRAINT known CHECK (id > 0), CONSTRAINT mine CHECK (id < 9) NO INHERIT); CREATE TABLE s.other (id bigint NOT NULL, CONSTRAINT small CHECK (id < 100));`);
    const all = (heir: string, top = 'note: text', child = 'note: text'): string => spec(`  s.child: {server: one, inherits: [s.above], columns: {id: bigint not null, ${child}, more: int}}
  s.above: {server: two, inherits: s.base, columns: {id: bigint not null, ${top}}, checks: {said: note <> ''}}
  s.heir: {server: one, ${heir}columns: {id: bigint not null}}
`);
    await place.write(all('inherits: [s.base, s.other], '));
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['create foreign table s.above', 'create foreign table s.child', 'create foreign table s.heir']);
    expect(plan.changes[1]?.hazards).toEqual([{ id: 'parent-rows', message: 'Queries on s.above see the rows of s.child too.' }]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    await db.query(`CREATE SCHEMA hand; CREATE TABLE hand.base (LIKE s.base INCLUDING ALL); ALTER TABLE hand.base DROP CONSTRAINT mine; CREATE TABLE hand.other (LIKE s.other INCLUDING ALL);
      CREATE FOREIGN TABLE hand.above (id bigint NOT NULL, note text, CONSTRAINT said CHECK (note <> ''), CONSTRAINT known CHECK (id > 0)) SERVER two; ALTER FOREIGN TABLE hand.above INHERIT hand.base;
      CREATE FOREIGN TABLE hand.child (id bigint NOT NULL, note text, more int, CONSTRAINT said CHECK (note <> ''), CONSTRAINT known CHECK (id > 0)) SERVER one; ALTER FOREIGN TABLE hand.child INHERIT hand.above;
      CREATE FOREIGN TABLE hand.heir (id bigint NOT NULL, CONSTRAINT known CHECK (id > 0), CONSTRAINT small CHECK (id < 100)) SERVER one; ALTER FOREIGN TABLE hand.heir INHERIT hand.base; ALTER FOREIGN TABLE hand.heir INHERIT hand.other`);
    expect(await described(db, 's')).toEqual(await described(db, 'hand'));

    // A parent of the spec changes, and its heir in the spec by its own change; what is no change of the heir's leaves it alone.
    await place.write(all('', 'note: varchar, when: date', 'note: varchar, when: date'));
    const changed = await place.plan();
    expect(sqlOf(changed)).toEqual([
      'ALTER FOREIGN TABLE s.child NO INHERIT s.above',
      'ALTER FOREIGN TABLE s.above\n  DROP CONSTRAINT said',
      `ALTER FOREIGN TABLE s.above\n  ALTER COLUMN note TYPE character varying,\n  ADD COLUMN "when" date,\n  ADD CONSTRAINT said CHECK (((note)::text <> ''::text))`,
      'ALTER FOREIGN TABLE s.child\n  DROP CONSTRAINT said',
      `ALTER FOREIGN TABLE s.child\n  ALTER COLUMN note TYPE character varying,\n  ADD COLUMN "when" date,\n  ADD CONSTRAINT said CHECK (((note)::text <> ''::text))`,
      'ALTER FOREIGN TABLE s.child INHERIT s.above',
    ]);
    expect(changed.changes.map(({ details }) => details[0])).toEqual(['s.child: does not inherit from s.above while that changes', 'column note: text -> character varying']);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    // To another parent, to another name, and away.
    await place.write(all('inherits: [s.other], ', 'note: varchar, when: date', 'note: varchar, when: date').replace('s.child: {server: one, inherits: [s.above]', 's.kid: {renamed_from: s.child, server: one, inherits: s.base').replace('s.above: {server: two', 's.over: {renamed_from: s.above, server: two'));
    const moved = await place.plan();
    expect(sqlOf(moved)).toEqual([
      'ALTER FOREIGN TABLE s.heir NO INHERIT s.base',
      'ALTER FOREIGN TABLE s.child NO INHERIT s.above',
      'ALTER FOREIGN TABLE s.child RENAME TO kid',
      'ALTER FOREIGN TABLE s.kid INHERIT s.base',
      'ALTER FOREIGN TABLE s.above RENAME TO over',
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    // A parent keeps its heirs under another name, and a table that is replaced its parents.
    await db.query('ALTER FOREIGN TABLE s.kid NO INHERIT s.base; ALTER FOREIGN TABLE s.kid INHERIT s.over');
    await place.write(spec(`  s.kid: {server: two, columns: {id: bigint not null, note: varchar, when: date, more: int}}
  s.top: {renamed_from: s.over, server: two, inherits: [], columns: {id: bigint not null, note: varchar, when: date}, checks: {}}
  s.heir: {server: two, inherits: s.other, columns: {id: bigint not null}}
`));
    expect(changesOf(await place.plan())).toEqual(['update foreign table s."top"', 'replace foreign table s.kid', 'replace foreign table s.heir']);
    await place.apply({ allow: ['table-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await db.query("SELECT inhrelid::regclass::text AS heir, inhparent::regclass::text AS parent FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE c.relnamespace = 's'::regnamespace ORDER BY 1")).toEqual([
      { heir: 's.heir', parent: 's.other' },
      { heir: 's.kid', parent: 's.top' },
    ]);
  });

  it('what does not fit is said at its place, in the words of the server, and nothing is touched', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; ${servers};
      CREATE SCHEMA s; CREATE TABLE s.base (id bigint NOT NULL, n int); CREATE VIEW s.v AS TABLE s.base; CREATE TABLE s.parted (id bigint) PARTITION BY RANGE (id); CREATE TABLE s.here PARTITION OF s.parted FOR VALUES FROM (0) TO (10);
      CREATE TABLE s.keyed (id bigint PRIMARY KEY, o bigint) PARTITION BY HASH (id); ALTER TABLE s.keyed ADD CONSTRAINT self FOREIGN KEY (o) REFERENCES s.keyed;
      CREATE TABLE s.lists (id text) PARTITION BY LIST (lower(id))`);
    const refused = async (tables: string): Promise<readonly string[]> => {
      await place.write(spec(tables));
      const error = await place.plan().then(() => undefined, (thrown: unknown) => thrown);
      const problems = error !== null && typeof error === 'object' && 'problems' in error && Array.isArray(error.problems) ? error.problems : [];
      return problems.map(({ message, at }: { message: string; at: { line: number; column: number } }) => `${at.line}:${at.column} ${message}`);
    };
    const heir = (name: string, parents: string, columns: string): string => `  s.${name}: {server: one, ${parents}, columns: {${columns}}}\n`;
    expect(await refused(heir('a', 'inherits: s.none', 'id: int') + heir('b', 'inherits: s.v', 'id: int') + heir('c', 'inherits: s.parted', 'id: int') + heir('d', 'partition_of: {table: s.base, default: true}', 'id: int') + heir('e', 'partition_of: {table: s.keyed, modulus: 2, remainder: 0}', 'id: bigint'))).toEqual([
      '4:32 foreign table s.a: there is no table s.none',
      '5:32 foreign table s.b: nothing inherits from the view s.v',
      '6:32 foreign table s.c: nothing inherits from the partitioned table s.parted',
      '7:44 foreign table s.d: the table s.base has no partitions',
      '8:44 foreign table s.e: s.keyed has the foreign key self, the unique index keyed_pkey, and PostgreSQL takes no foreign table as a partition then',
    ]);
    expect(
      await refused(
        [
          heir('a', 'inherits: s.base', 'id: bigint, n: int'),
          heir('b', 'inherits: s.base', 'id: int not null, n: int'),
          heir('c', 'inherits: s.base', 'id: bigint not null'),
          heir('d', 'partition_of: {table: s.parted, from: 5, to: 20}', 'id: bigint'),
          heir('e', 'partition_of: {table: s.parted, from: 20, to: 30}', 'id: bigint'),
          heir('f', 'partition_of: {table: s.parted, from: 25, to: 40}', 'id: bigint'),
          heir('g', 'partition_of: {table: s.parted, from: x, to: 40}', 'id: bigint'),
          heir('h', 'partition_of: {table: s.lists, from: 1, to: 40}', 'id: text'),
          heir('i', 'inherits: s.a', 'id: bigint, n: int'),
        ].join(''),
      ),
    ).toEqual([
      expect.stringMatching(/^4:32 foreign table s\.a: column "id" in child table (?:"a" )?must be marked NOT NULL$/),
      '5:32 foreign table s.b: child table "b" has different type for column "id"',
      '6:32 foreign table s.c: child table is missing column "n"',
      '7:44 foreign table s.d: partition "d" would overlap partition "here"',
      '9:44 foreign table s.f: partition "f" would overlap partition "e"',
      '10:44 foreign table s.g: invalid input syntax for type bigint: "x"',
      '11:44 foreign table s.h: invalid bound specification for a list partition',
    ]);
    expect(await db.query("SELECT count(*)::int AS n FROM pg_class WHERE relkind = 'f'")).toEqual([{ n: 0 }]);
  });

  it('an heir with a secret stays as it is when its parent gets another name', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url, { TOKEN: 'geheim' });
    await db.query('CREATE FOREIGN DATA WRAPPER any_wrapper; CREATE SCHEMA s');
    const named = (parent: string, more = ''): string => `version: 1
servers: {one: {wrapper: any_wrapper}}
tables:
  s.heir: {server: one, inherits: s.${parent}, options: {token: "\${env:TOKEN}"}, columns: {id: bigint}}
  s.${parent}: {server: one, ${more}columns: {id: bigint}}
`;
    await place.write(named('above'));
    await place.apply();
    await place.write(named('over', 'renamed_from: above, '));
    expect(sqlOf(await place.plan())).toEqual(['ALTER FOREIGN TABLE s.above RENAME TO over']);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('are pulled, and made again elsewhere, as they are', async () => {
    await using db = await createDatabase(cluster(major));
    await using other = await createDatabase(cluster(major));
    const base = `CREATE EXTENSION postgres_fdw; ${servers}; CREATE SCHEMA s; CREATE TABLE s.base (id bigint NOT NULL, CONSTRAINT known CHECK (id > 0));
      CREATE TABLE s.parted (id bigint NOT NULL, at timestamptz DEFAULT now(), "In" text COLLATE "C", CONSTRAINT known CHECK (id > 0)) PARTITION BY RANGE (at, "In"); CREATE TABLE s.here PARTITION OF s.parted DEFAULT`;
    await other.query(base);
    await db.query(`${base};
      CREATE FOREIGN TABLE s.made (more text) INHERITS (s.base) SERVER one; CREATE FOREIGN TABLE s.second (id bigint NOT NULL, own int, CONSTRAINT known CHECK (id > 0), CONSTRAINT said CHECK (own > 0)) SERVER two; ALTER FOREIGN TABLE s.second INHERIT s.base;
      CREATE FOREIGN TABLE s.third (id bigint NOT NULL, more text, CONSTRAINT known CHECK (id > 0)) SERVER two; ALTER FOREIGN TABLE s.third INHERIT s.made; ALTER FOREIGN TABLE s.third INHERIT s.base;
      CREATE FOREIGN TABLE s.p1 PARTITION OF s.parted (CONSTRAINT own CHECK (id < 9)) FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2024-01-01 00:00:00+00', 'it''s') SERVER one;
      CREATE FOREIGN TABLE s.p2 PARTITION OF s.parted (at NOT NULL) FOR VALUES FROM ('2024-01-01 00:00:00+00', 'it''s') TO ('2025-01-01 00:00:00+00', MAXVALUE) SERVER two; ALTER FOREIGN TABLE s.p2 ALTER at DROP DEFAULT`);
    const pulled = await pull(db.url);
    expect(pulled.unsaid).toEqual(['table s.base has heirs or partitions here: it must exist before', 'table s.parted has heirs or partitions here: it must exist before', "foreign table s.made: not written: 1 column that is its parents' alone, 1 check that is its parents' alone"]);
    expect((await planWith(pulled, db.url, {})).changes).toEqual([]);
    await applyWith(pulled, other.url, {});
    // Made by INHERITS, columns and checks are their parents' alone; joined later, they are the heir's too.
    const text = (rows: unknown): unknown => JSON.parse(JSON.stringify(rows).replaceAll(/(id bigint t) f |(known CHECK \(\(id > 0\)\)) f /g, '$1$2 t '));
    expect(text(await described(other, 's'))).toEqual(text(await described(db, 's')));
  });
});
