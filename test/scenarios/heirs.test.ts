import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, type TestDatabase, uniqueName } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

const servers = ['one', 'two'].map((name) => `CREATE SERVER ${name} FOREIGN DATA WRAPPER postgres_fdw`).join('; ');

/** What the catalogs say of a schema's tables, foreign or not, and of who inherits from whom; no OIDs but those of local tables and views. */
async function described(db: TestDatabase): Promise<unknown> {
  return db.query(
    `SELECT c.relname, c.relkind, CASE WHEN c.relkind <> 'f' AND c.relname <> 'on_tip' THEN c.oid END AS oid, c.relacl::text, obj_description(c.oid) AS comment,
       ARRAY(SELECT i.inhparent::regclass::text FROM pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parents,
       ARRAY(SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attislocal, a.attinhcount, a.attfdwoptions) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
       ARRAY(SELECT concat_ws(' ', k.conname, pg_get_constraintdef(k.oid), k.conislocal, k.coninhcount) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' ORDER BY 1) AS checks
     FROM pg_class c WHERE c.relnamespace = 's'::regnamespace AND c.relkind IN ('r', 'f', 'v') ORDER BY 1`,
  );
}

const spec = (tables: string, servers = 'one: , two: '): string => `version: 1\nservers: {${servers}}\ntables:\n${tables}`;

describe.each(majors().map((major) => ({ major })))('tables that inherit from foreign tables, major $major', ({ major }) => {
  it('step aside while their parent is replaced, and inherit from it again: their rows, views and OIDs stay', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const analyst = uniqueName('analyst');
    await db.query(`CREATE ROLE ${analyst}; CREATE EXTENSION postgres_fdw; ${servers}; CREATE SCHEMA s;
      CREATE FOREIGN TABLE s.tip (id int NOT NULL, note text COLLATE "C", CONSTRAINT known CHECK (id > 0), CONSTRAINT own CHECK (id < 9) NO INHERIT) SERVER one; GRANT SELECT ON s.tip TO ${analyst};
      CREATE TABLE s.below (more date) INHERITS (s.tip); INSERT INTO s.below VALUES (1, 'x', '2025-01-01'); CREATE TABLE s.deep () INHERITS (s.below);
      CREATE FOREIGN TABLE s.beneath (own int) INHERITS (s.tip) SERVER one OPTIONS (table_name 'b'); ALTER FOREIGN TABLE s.beneath ALTER id OPTIONS (column_name 'ID');
      CREATE VIEW s.on_below AS SELECT id, more FROM s.below; CREATE VIEW s.on_tip AS SELECT id FROM s.tip; CREATE FUNCTION s.f(s.below) RETURNS int LANGUAGE sql AS 'SELECT 1'`);
    const before = await described(db);
    await place.write(spec('  s.tip: {server: two, columns: {id: int not null, note: {type: text, collation: C}}}\n'));
    const plan = await place.plan();
    expect(sqlOf(plan)).toEqual([
      'DROP VIEW s.on_tip',
      'ALTER TABLE s.below NO INHERIT s.tip',
      'ALTER FOREIGN TABLE s.beneath NO INHERIT s.tip',
      'DROP FOREIGN TABLE s.tip',
      `CREATE FOREIGN TABLE s.tip (\n  id integer${major >= 18 ? ' CONSTRAINT tip_id_not_null' : ''} NOT NULL,\n  note text COLLATE pg_catalog."C",\n  CONSTRAINT known CHECK ((id > 0)),\n  CONSTRAINT own CHECK ((id < 9)) NO INHERIT\n) SERVER two`,
      'ALTER FOREIGN TABLE s.tip OWNER TO postgres',
      `GRANT SELECT ON TABLE s.tip TO ${analyst}`,
      'ALTER TABLE s.below INHERIT s.tip',
      'ALTER FOREIGN TABLE s.beneath INHERIT s.tip',
      expect.stringMatching(/^CREATE VIEW s.on_tip/) as string,
      'ALTER VIEW s.on_tip OWNER TO postgres',
    ]);
    expect(plan.changes[0]?.details).toEqual(['server: one -> two', 'table s.below: does not inherit from s.tip while that is replaced', 'foreign table s.beneath: does not inherit from s.tip while that is replaced']);
    expect(plan.changes[0]?.hazards.map(({ id, message }) => `${id}: ${message}`)).toEqual([
      'table-replaced: SQL cannot move a foreign table to another server: it is dropped and created again with all that hangs on it, and has another OID then.',
      'columns-its-own: table s.below keeps id, note, should s.tip lose such a column.',
      'columns-its-own: foreign table s.beneath keeps id, note, should s.tip lose such a column.',
      'lock-taken: ACCESS EXCLUSIVE on s.tip until the transaction ends: queries on it wait.',
      'lock-taken: ACCESS EXCLUSIVE on s.below, which inherits from what is replaced, until the transaction ends: queries on it wait.',
      'lock-taken: ACCESS EXCLUSIVE on s.beneath, which inherits from what is replaced, until the transaction ends: queries on it wait.',
      'dependents-recreated: view s.on_tip is dropped and created again.',
    ]);
    await place.apply({ allow: ['table-replaced', 'dependents-recreated'] });
    expect(changesOf(await place.plan())).toEqual([]);
    // PostgreSQL counts what was the parent's alone as the heir's, too; all else is as it was.
    const text = (rows: unknown): unknown => JSON.parse(JSON.stringify(rows).replaceAll(/ [tf] 1(?=[ "])/g, ' ? 1'));
    expect(text(await described(db))).toEqual(text(before));
    expect(await db.query('SELECT count(*)::int AS n FROM s.below')).toEqual([{ n: 1 }]);
    expect(await db.query("SELECT srvname FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = ftserver WHERE ftrelid = 's.tip'::regclass")).toEqual([{ srvname: 'two' }]);
  });

  it('are replaced as they are where the spec does not say what they inherit from, also with the server of all', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; ${servers}; CREATE SCHEMA s;
      CREATE TABLE s.base (id int NOT NULL DEFAULT 7, CONSTRAINT known CHECK (id > 0)); CREATE TABLE s.second (at date);
      CREATE FOREIGN TABLE s.heir (note text, CONSTRAINT said CHECK (note <> '')) INHERITS (s.base, s.second) SERVER one; ALTER FOREIGN TABLE s.heir ALTER id OPTIONS (column_name 'ID'), ALTER at SET STATISTICS 7;
      CREATE FOREIGN TABLE s.a_below (own int) INHERITS (s.heir) SERVER one; CREATE TABLE s.local (id int NOT NULL, at date, note text, CONSTRAINT known CHECK (id > 0), CONSTRAINT said CHECK (note <> '')); ALTER TABLE s.local INHERIT s.heir`);
    const before = await described(db);
    const heir = (server: string, id = 'id: {type: int, not_null: true, default: 7, column_name: ID}'): string => `  s.heir: {server: ${server}, columns: {${id}, at: date, note: text}}\n`;
    await place.write(spec(heir('two')));
    const plan = await place.plan();
    expect(sqlOf(plan).filter((sql) => sql.startsWith('CREATE') || sql.includes('OPTIONS'))).toEqual([
      "CREATE FOREIGN TABLE s.heir (\n  note text,\n  CONSTRAINT said CHECK ((note <> ''::text))\n) INHERITS (s.base, s.second) SERVER two",
      "ALTER FOREIGN TABLE s.heir\n  ALTER COLUMN id OPTIONS (ADD column_name 'ID'),\n  ALTER COLUMN at SET STATISTICS 7",
    ]);
    await place.apply({ allow: ['table-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);
    const ofHeir = (rows: unknown): unknown => (rows as readonly { relname: string }[]).find(({ relname }) => relname === 'heir');
    expect(ofHeir(await described(db))).toEqual(ofHeir(before));

    // An inherited column is its parent's affair, also in a replacement.
    await place.write(spec(heir('one', 'id: {type: bigint, not_null: true, default: 7, column_name: ID}')));
    await expect(place.plan()).rejects.toMatchObject({ id: 'plan-impossible', problems: [{ message: 'foreign table s.heir: its column id is inherited, and can be altered only in its parent' }] });

    await db.query(`ALTER TABLE s.local NO INHERIT s.heir; ALTER FOREIGN TABLE s.a_below NO INHERIT s.heir; DROP FOREIGN TABLE s.heir; DROP FOREIGN TABLE s.a_below; CREATE FOREIGN TABLE s.heir (at date, note text, CONSTRAINT said CHECK (note <> '')) INHERITS (s.base) SERVER one; CREATE FOREIGN TABLE s.a_below (own int) INHERITS (s.heir) SERVER one; ALTER TABLE s.local INHERIT s.heir`);
    const whole = await described(db);
    await place.write(spec('', 'one: {type: new}, two: ').replace('tables:\n', ''));
    await place.apply({ allow: ['server-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await described(db)).toEqual(whole);
  });

  it('follow a parent that changes and moves at once where the spec says so; what could not come back is said before', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; ${servers}; CREATE SCHEMA s; CREATE FOREIGN TABLE s.tip (id int) SERVER one; CREATE FOREIGN TABLE s.kid (id int) SERVER one; ALTER FOREIGN TABLE s.kid INHERIT s.tip; CREATE TABLE s.local () INHERITS (s.tip)`);
    const both = (columns: string, tip = 's.tip: {', kid = 's.kid: {inherits: s.tip, '): string => spec(`  ${kid}server: one, columns: {${columns}}}\n  ${tip}server: two, columns: {${columns}}}\n`);
    await place.write(both('id: bigint not null'));
    const refused = await place.plan();
    expect(refused.changes.flatMap(({ hazards }) => hazards).filter(({ id }) => id === 'not-recreated').map(({ message }) => message)).toEqual(['table s.local could not inherit from s.tip again: its column id is integer. Change the columns and checks in an apply of its own, before.']);
    await expect(place.apply({ allow: ['table-replaced'] })).rejects.toMatchObject({ id: 'dependents-in-the-way' });
    await db.query('ALTER TABLE s.local NO INHERIT s.tip');
    await place.apply({ allow: ['table-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);

    // Under new names, and one after the other.
    await db.query('ALTER TABLE s.local ALTER id TYPE bigint, ALTER id SET NOT NULL; ALTER TABLE s.local INHERIT s.tip; CREATE FOREIGN TABLE s.a_kid (id bigint NOT NULL) SERVER one; ALTER FOREIGN TABLE s.a_kid INHERIT s.tip');
    await place.write(both('id: bigint not null', 's.over: {renamed_from: s.tip, ', 's.kid: {inherits: s.over, ').replace('server: two', 'server: one').replace('tables:\n', 'tables:\n  s.a_child: {renamed_from: s.a_kid, server: two, columns: {id: bigint not null}}\n'));
    await place.apply({ allow: ['table-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await db.query("SELECT inhrelid::regclass::text AS heir FROM pg_inherits WHERE inhparent = 's.over'::regclass ORDER BY 1")).toEqual([{ heir: 's.a_child' }, { heir: 's.kid' }, { heir: 's.local' }]);

    // Whoever goes, goes before its parent; whoever stays is in the way.
    await place.write(spec('  s.over: {absent: true}\n  s.a_child: {absent: true}\n  s.kid: {absent: true}\n'));
    expect((await place.plan()).changes.at(-1)?.hazards.filter(({ id }) => id === 'dependents').map(({ message }) => message)).toEqual(['table s.local depends on this: PostgreSQL refuses the change while it exists.']);
    await db.query('ALTER TABLE s.local NO INHERIT s.over');
    expect(changesOf(await place.plan())).toEqual(['drop foreign table s.kid', 'drop foreign table s.a_child', 'drop foreign table s.over']);
    await place.apply();
    expect(await db.query("SELECT 1 FROM pg_class WHERE relkind = 'f'")).toEqual([]);
  });
});
