import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { changesOf, workplace } from './flow.ts';

/** Columns, constraints and places among parents of the foreign tables in schema s; no OIDs. */
async function shapes(db: TestDatabase): Promise<unknown> {
  return [
    await db.query(`SELECT attrelid::regclass::text AS of, attname, format_type(atttypid, atttypmod) AS type, attnotnull, attstorage, attislocal, attinhcount, pg_get_expr(adbin, adrelid) AS expression
      FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid IN (SELECT ftrelid FROM pg_foreign_table) AND attnum > 0 AND NOT attisdropped ORDER BY 1, attname`),
    await db.query(`SELECT conrelid::regclass::text AS of, conname, contype, pg_get_constraintdef(k.oid) AS text, connoinherit, convalidated, conislocal, coninhcount, to_jsonb(k) ->> 'conenforced' AS enforced, obj_description(k.oid, 'pg_constraint') AS comment
      FROM pg_constraint k WHERE conrelid IN (SELECT ftrelid FROM pg_foreign_table) ORDER BY 1, 2`),
    await db.query('SELECT inhrelid::regclass::text AS child, inhparent::regclass::text AS parent, pg_get_expr(relpartbound, c.oid) AS bound FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid ORDER BY 1, 2'),
  ];
}

describe.each(majors().map((major) => ({ major })))('constraints and columns of what is replaced, major $major', ({ major }) => {
  const named = major >= 18;
  const setup = `
    CREATE EXTENSION postgres_fdw; CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s;`;
  const comesBack = async (db: TestDatabase): Promise<void> => {
    await using place = await workplace(db.url);
    const before = await shapes(db);
    await place.write('version: 1\nservers: {shop: {type: new}}\n');
    await place.apply({ allow: ['server-replaced'] });
    expect(await shapes(db)).toEqual(before);
    expect(changesOf(await place.plan())).toEqual([]);
  };

  it.runIf(named)('NOT NULL keeps its name, its comment, NO INHERIT and NOT VALID', async () => {
    await using db = await createDatabase(cluster(major));
    await db.query(`${setup}
      CREATE FOREIGN TABLE s.t (a int CONSTRAINT "Mine" NOT NULL NO INHERIT, b text CONSTRAINT t_a_not_null NOT NULL, c int NOT NULL, d int, e int) SERVER shop;
      ALTER FOREIGN TABLE s.t ADD CONSTRAINT later NOT NULL d NOT VALID; COMMENT ON CONSTRAINT "Mine" ON s.t IS 'it''s mine'; COMMENT ON CONSTRAINT later ON s.t IS 'later'; COMMENT ON CONSTRAINT t_c_not_null ON s.t IS 'usual'`);
    await comesBack(db);
    await using place = await workplace(db.url);
    await place.write('version: 1\nservers: {shop: , two: }\ntables: {s.t: {server: two, columns: {one: {type: int, not_null: true, renamed_from: a}, b: text, c: int not null, d: int not null, e: int not null}}}\n');
    await place.apply({ allow: ['table-replaced'] });
    expect(await db.query(`SELECT conname, pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conrelid = 's.t'::regclass ORDER BY 1`)).toEqual([
      { conname: 'Mine', text: 'NOT NULL one NO INHERIT' }, { conname: 'later', text: 'NOT NULL d NOT VALID' }, { conname: 't_c_not_null', text: 'NOT NULL c' }, { conname: 't_e_not_null', text: 'NOT NULL e' },
    ]);
  });

  it.runIf(named)('beside a parent: what is enforced though the parent asks for less, and names of its own', async () => {
    await using db = await createDatabase(cluster(major));
    await db.query(`${setup}
      CREATE TABLE s.p (id int CONSTRAINT above NOT NULL, n int, CONSTRAINT e CHECK (n > 0) NOT ENFORCED, CONSTRAINT f CHECK (n < 9)) PARTITION BY LIST (id);
      CREATE FOREIGN TABLE s.p1 PARTITION OF s.p (CONSTRAINT e CHECK (n > 0) ENFORCED) FOR VALUES IN (1) SERVER shop;
      CREATE FOREIGN TABLE s.p2 (id int CONSTRAINT own NOT NULL, n int, CONSTRAINT e CHECK (n > 0) NOT ENFORCED, CONSTRAINT f CHECK (n < 9), CONSTRAINT g CHECK (n <> 5) NOT ENFORCED) SERVER shop; ALTER TABLE s.p ATTACH PARTITION s.p2 FOR VALUES IN (2);
      CREATE FOREIGN TABLE s.p3 PARTITION OF s.p FOR VALUES IN (3) SERVER shop; COMMENT ON CONSTRAINT above ON s.p3 IS 'handed down'; COMMENT ON CONSTRAINT own ON s.p2 IS 'own';
      CREATE TABLE s.parent (id int CONSTRAINT above NOT NULL, n int, CONSTRAINT e CHECK (n > 0) NOT ENFORCED);
      CREATE FOREIGN TABLE s.h1 (id int CONSTRAINT own NOT NULL, n int, CONSTRAINT e CHECK (n > 0)) SERVER shop; ALTER FOREIGN TABLE s.h1 INHERIT s.parent;
      CREATE FOREIGN TABLE s.h2 (CONSTRAINT e CHECK (n > 0) ENFORCED) INHERITS (s.parent) SERVER shop; CREATE FOREIGN TABLE s.h3 (id int CONSTRAINT another NOT NULL) INHERITS (s.parent) SERVER shop`);
    await comesBack(db);
  });

  it('partitions have defaults, NOT NULL and storage of their own, and so have heirs', async () => {
    await using db = await createDatabase(cluster(major));
    await db.query(`${setup}
      CREATE TABLE s.p (id int, note text DEFAULT 'x', big text, small text) PARTITION BY LIST (id); ALTER TABLE s.p ALTER big SET STORAGE external;
      CREATE FOREIGN TABLE s.p1 PARTITION OF s.p FOR VALUES IN (1) SERVER shop; ALTER FOREIGN TABLE s.p1 ALTER big SET STORAGE extended, ALTER small SET STORAGE main;
      CREATE FOREIGN TABLE s.p2 PARTITION OF s.p FOR VALUES IN (2) SERVER shop;
      CREATE FOREIGN TABLE s.p3 PARTITION OF s.p FOR VALUES IN (3) SERVER shop; ALTER FOREIGN TABLE s.p3 ALTER note SET DEFAULT 'own', ALTER id SET NOT NULL, ALTER big SET STORAGE plain, ADD CONSTRAINT own CHECK (id = 3);
      CREATE TABLE s.parent (id int, big text); ALTER TABLE s.parent ALTER big SET STORAGE external; CREATE FOREIGN TABLE s.heir () INHERITS (s.parent) SERVER shop; ALTER FOREIGN TABLE s.heir ALTER big SET STORAGE extended`);
    await comesBack(db);
  });
});
