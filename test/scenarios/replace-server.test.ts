import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, type TestDatabase, uniqueName } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

/** What the catalogs say of servers, user mappings, and relations of two schemas, read without the code under test; no OIDs. */
async function described(db: TestDatabase): Promise<unknown> {
  const servers = await db.query(
    `SELECT srvname, srvowner::regrole::text AS owner, fdwname, srvtype, srvversion, srvoptions, obj_description(s.oid, 'pg_foreign_server') AS comment,
       ARRAY(SELECT x::text FROM unnest(coalesce(srvacl, acldefault('S', srvowner))) x ORDER BY 1) AS acl
     FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw ORDER BY 1`,
  );
  const mappings = await db.query('SELECT srvname, usename, ARRAY(SELECT unnest(umoptions) ORDER BY 1) AS options FROM pg_user_mappings ORDER BY 1, 2');
  const relations = await db.query(
    `SELECT c.oid::regclass::text AS name, c.relkind, c.relowner::regrole::text AS owner, f.ftoptions, s.srvname,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS view,
       ARRAY(SELECT x::text FROM unnest(coalesce(c.relacl, acldefault('r', c.relowner))) x ORDER BY 1) AS acl, obj_description(c.oid, 'pg_class') AS comment,
       ARRAY(SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || coalesce(' ' || a.attacl::text, '') || coalesce(' ' || col_description(c.oid, a.attnum), '') || a.attstorage::text
         || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '') || coalesce(' ' || nullif(a.attstattarget, -1), '') || coalesce(' ' || a.attoptions::text, '') || a.attnotnull::text || coalesce(a.attfdwoptions::text, '')
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
       ARRAY(SELECT pg_get_constraintdef(k.oid) || k.conname FROM pg_constraint k WHERE k.conrelid = c.oid ORDER BY 1) AS constraints,
       ARRAY(SELECT pg_get_triggerdef(t.oid) || t.tgenabled::text FROM pg_trigger t WHERE t.tgrelid = c.oid ORDER BY 1) AS triggers
     FROM pg_class c LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver
     WHERE c.relnamespace IN ('s'::regnamespace, 'apart'::regnamespace) AND c.relkind IN ('v', 'm', 'f') ORDER BY 1`,
  );
  return { servers, mappings, relations };
}

describe.each(majors().map((major) => ({ major })))('a server gets another type or wrapper, major $major', ({ major }) => {
  it('and all that was on it comes back, also what the spec does not name', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url, { SECRET: 'geheim' });
    const [analyst, boss] = [uniqueName('analyst'), uniqueName('boss')];
    const spec = (server: string, more = ''): string => `version: 1
servers: {${server}, other: }
tables:
  s.t: {server: shop, columns: {id: {type: int, column_name: ID}, amount: "numeric(10,2) not null", note: text}}
${more}`;
    const shop = (name: string, what: string): string =>
      `${JSON.stringify(name)}: {${what}, options: {host: h, port: 1}, user_mappings: {public: {user: u, password: {env: SECRET}}}}`;
    await db.query(`
      CREATE ROLE ${analyst}; CREATE ROLE ${boss};
      CREATE EXTENSION postgres_fdw; CREATE FOREIGN DATA WRAPPER second HANDLER postgres_fdw_handler VALIDATOR postgres_fdw_validator; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw, second TO ${boss};
      CREATE SERVER shop TYPE 'old' VERSION '7' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h', port '1'); CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw;
      COMMENT ON SERVER shop IS 'it''s ours'; GRANT USAGE ON FOREIGN SERVER shop TO ${analyst}; ALTER SERVER shop OWNER TO ${boss};
      CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS (user 'u', password 'geheim'); CREATE USER MAPPING FOR ${analyst} SERVER shop OPTIONS (user 'a=b');
      CREATE SCHEMA s; CREATE SCHEMA apart; GRANT ALL ON SCHEMA s, apart TO ${boss};
      CREATE FUNCTION s.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE FOREIGN TABLE s.t (id int OPTIONS (column_name 'ID'), amount numeric(10,2) NOT NULL, note text COLLATE "C", CONSTRAINT "Positive" CHECK (amount > 0)) SERVER shop;
      ALTER FOREIGN TABLE s.t ALTER note TYPE text, ALTER note SET STATISTICS 7, ALTER note SET STORAGE external, ALTER id SET (n_distinct = 5);
      COMMENT ON COLUMN s.t.note IS 'a note'; COMMENT ON FOREIGN TABLE s.t IS 'orders'; GRANT SELECT ON s.t TO ${analyst}; GRANT UPDATE (note) ON s.t TO ${analyst};
      CREATE TRIGGER off BEFORE UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION s.nothing(); ALTER FOREIGN TABLE s.t DISABLE TRIGGER off;
      CREATE FOREIGN TABLE apart."not named" (a text COLLATE "C" DEFAULT 'x', b int, CONSTRAINT ok CHECK (b > 1) NO INHERIT) SERVER shop OPTIONS (table_name 'n'); GRANT INSERT ON apart."not named" TO PUBLIC;
      CREATE TRIGGER seen AFTER INSERT ON apart."not named" FOR EACH ROW WHEN (new.b > 0) EXECUTE FUNCTION s.nothing();
      ALTER FOREIGN TABLE apart."not named" OWNER TO ${boss};
      CREATE VIEW s.v AS SELECT t.id, n.a FROM s.t, apart."not named" n; GRANT SELECT ON s.v TO ${analyst};
      CREATE MATERIALIZED VIEW apart.m AS SELECT id FROM s.v WITH NO DATA; CREATE INDEX ON apart.m (id);
      ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO ${analyst}`);
    const before = await described(db);
    const text = (found: unknown): string => JSON.stringify(found).replaceAll('"srvtype":"new"', '"srvtype":"old"').replaceAll('"fdwname":"second"', '"fdwname":"postgres_fdw"').replaceAll('"srvname":"the \\"new\\""', '"srvname":"shop"');

    await place.write(spec(shop('shop', 'type: new')));
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['replace server shop']);
    expect(plan.leftAlone).toEqual({ servers: 0, userMappings: 0, foreignTables: 0 });
    expect(plan.changes[0]?.details).toEqual([
      'type: old -> new',
      'user mapping for PUBLIC on server shop: dropped and created again',
      `user mapping for ${analyst} on server shop: dropped and created again`,
      'foreign table apart."not named": dropped and created again',
      'foreign table s.t: dropped and created again',
    ]);
    expect(plan.changes[0]?.hazards).toEqual([
      { id: 'server-replaced', message: "SQL cannot alter a server's type: it is dropped and created again, and with it 2 user mappings and 2 foreign tables and all that hangs on them." },
      { id: 'lock-taken', message: 'ACCESS EXCLUSIVE on apart."not named" until the transaction ends: queries on it wait.' },
      { id: 'lock-taken', message: 'ACCESS EXCLUSIVE on s.t until the transaction ends: queries on it wait.' },
      { id: 'dependents-recreated', message: 'view s.v is dropped and created again.' },
      { id: 'dependents-recreated', message: 'materialized view apart.m is dropped and created again.' },
    ]);
    await expect(place.apply({ tryMappings: false })).rejects.toMatchObject({ id: 'hazards-not-allowed', todo: 'Where you accept them: --allow dependents-recreated,server-replaced' });
    expect(await described(db)).toEqual(before);
    const saved = await place.save();
    await place.applySaved(saved, { allow: ['server-replaced', 'dependents-recreated'], tryMappings: false });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(JSON.parse(text(await described(db)))).toEqual(before);

    await place.write(spec(shop('the "new"', 'type: new, wrapper: second, renamed_from: shop')).replace('server: shop,', "server: 'the \"new\"',"));
    expect(sqlOf(await place.plan())[2]).toBe('ALTER SERVER shop RENAME TO "the ""new"""');
    await place.apply({ allow: ['server-replaced', 'dependents-recreated'], tryMappings: false, batch: true });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(JSON.parse(text(await described(db)))).toEqual(before);
  });

  it('is refused where something would not come back, and says what', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const other = uniqueName('other');
    await db.query(`
      CREATE ROLE ${other}; CREATE EXTENSION postgres_fdw; CREATE SCHEMA s;
      CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw; GRANT USAGE ON FOREIGN SERVER shop TO ${other} WITH GRANT OPTION;
      CREATE USER MAPPING FOR ${other} SERVER shop OPTIONS (user 'u', password 'geheim');
      CREATE FOREIGN TABLE s.t (id int GENERATED ALWAYS AS IDENTITY) SERVER shop;
      CREATE FUNCTION s.first() RETURNS s.t LANGUAGE sql AS 'SELECT t FROM s.t t'`);
    await place.write('version: 1\nservers: {shop: {type: new}}\n');
    await expect(place.plan()).rejects.toMatchObject({
      id: 'plan-impossible',
      problems: [{ message: `user mapping for ${other} on server shop: its server is replaced, and the spec does not say where its password comes from: it could not come back`, hint: expect.stringContaining('user_mappings') as string }],
    });
    await db.query(`DROP USER MAPPING FOR ${other} SERVER shop`);
    const plan = await place.plan();
    expect(plan.changes[0]?.hazards.filter(({ id }) => id === 'not-recreated' || id === 'dependents').map(({ message }) => message)).toEqual([
      'function s.first() depends on this: PostgreSQL refuses the change while it exists.',
    ]);
    await expect(place.apply({ allow: ['server-replaced'] })).rejects.toMatchObject({ id: 'dependents-in-the-way' });
  });

  it('and partitions come back into their parents; what is inherited is altered there only', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`
      CREATE EXTENSION postgres_fdw; CREATE SCHEMA s; CREATE SCHEMA apart; CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw;
      CREATE TABLE s.p (id int NOT NULL, note text DEFAULT 'x', CONSTRAINT above CHECK (id > 0)) PARTITION BY RANGE (id);
      CREATE FOREIGN TABLE s.p1 PARTITION OF s.p (CONSTRAINT "Own" CHECK (id < 100)) FOR VALUES FROM (1) TO (10) SERVER shop OPTIONS (table_name 'p');
      ALTER FOREIGN TABLE s.p1 ALTER note OPTIONS (ADD column_name 'N'), ALTER note SET STATISTICS 5; COMMENT ON COLUMN s.p1.note IS 'here';
      CREATE TABLE s.parent (id int, note text, CONSTRAINT positive CHECK (id > 0));
      CREATE FOREIGN TABLE s.heir (id int, note text, own int, CONSTRAINT positive CHECK (id > 0)) SERVER other; ALTER FOREIGN TABLE s.heir INHERIT s.parent`);
    const all = async (): Promise<unknown> => [await described(db), await db.query("SELECT relname, pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relispartition"), await db.query('SELECT inhrelid::regclass::text AS child, inhparent::regclass::text AS parent FROM pg_inherits ORDER BY 1')];
    const before = await all();
    await place.write('version: 1\nservers: {shop: {type: new}}\n');
    expect(changesOf(await place.plan())).toEqual(['replace server shop']);
    await place.apply({ allow: ['server-replaced'] });
    expect(JSON.parse(JSON.stringify(await all()).replace('"srvtype":"new"', '"srvtype":null'))).toEqual(before);
    expect(changesOf(await place.plan())).toEqual([]);

    const heir = (columns: string, more = ''): string => `version: 1\nservers: {other: }\ntables: {s.heir: {server: other, ${more} columns: {${columns}}}}\n`;
    await place.write(heir('id: bigint', 'checks: {},'));
    await expect(place.plan()).rejects.toMatchObject({
      id: 'plan-impossible',
      problems: [
        { message: 'foreign table s.heir: its column note is inherited, and can be dropped only in its parent', at: expect.objectContaining({ line: 3, column: 10 }) as object },
        { message: 'foreign table s.heir: its column id is inherited, and can be altered only in its parent' },
        { message: 'foreign table s.heir: its check positive is inherited, and can be dropped only in its parent' },
      ],
    });
    await place.write(heir('id: int, note: text', 'options: {table_name: h},'));
    await place.apply();
    expect(await db.query("SELECT attname FROM pg_attribute WHERE attrelid = 's.heir'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1")).toEqual([{ attname: 'id' }, { attname: 'note' }]);
    expect(((await all()) as readonly unknown[])[2]).toEqual((before as readonly unknown[])[2]);
    expect(changesOf(await place.plan())).toEqual([]);
  });
});
