import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, type TestDatabase, uniqueName } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

/** What the catalogs say of a schema's relations, read without the code under test; no OIDs. */
async function described(db: TestDatabase, schema = 's') {
  return db.query(
    `SELECT c.relname, c.relkind, c.reloptions, c.relowner::regrole::text AS owner, c.relispopulated,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS view,
       ARRAY(SELECT x::text FROM unnest(coalesce(c.relacl, acldefault('r', c.relowner))) x ORDER BY 1) AS acl, obj_description(c.oid, 'pg_class') AS comment,
       ARRAY(SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || coalesce(' ' || a.attacl::text, '') || coalesce(' ' || col_description(c.oid, a.attnum), '')
         || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '') || coalesce(' ' || nullif(a.attstattarget, -1), '') || coalesce(' ' || a.attoptions::text, '') || a.attnotnull::text || coalesce(a.attfdwoptions::text, '')
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
       ARRAY(SELECT pg_get_triggerdef(t.oid) || t.tgenabled::text || coalesce(obj_description(t.oid, 'pg_trigger'), '') FROM pg_trigger t WHERE t.tgrelid = c.oid ORDER BY 1) AS triggers,
       ARRAY(SELECT pg_get_ruledef(r.oid) || r.ev_enabled::text FROM pg_rewrite r WHERE r.ev_class = c.oid ORDER BY 1) AS rules,
       ARRAY(SELECT pg_get_indexdef(i.indexrelid) || i.indisclustered || coalesce(obj_description(i.indexrelid, 'pg_class'), '') FROM pg_index i WHERE i.indrelid = c.oid ORDER BY 1) AS indexes,
       ARRAY(SELECT concat_ws(' ', pg_get_statisticsobjdef(e.oid), e.stxowner::regrole, e.stxstattarget, obj_description(e.oid, 'pg_statistic_ext')) FROM pg_statistic_ext e WHERE e.stxrelid = c.oid ORDER BY 1) AS statistics,
       ARRAY(SELECT concat_ws(' ', k.conname, pg_get_constraintdef(k.oid), obj_description(k.oid, 'pg_constraint')) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' ORDER BY 1) AS checks
     FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('v', 'm', 'f') ORDER BY c.relname`,
    [schema],
  );
}

/** What a program that is not ours sees, where it can read this server. Statements sorted: OIDs decide on their order. */
async function dumped(db: TestDatabase): Promise<readonly string[] | undefined> {
  if (!existsSync('/usr/bin/pg_dump') || db.cluster.major > 15) return undefined;
  const { stdout } = await promisify(execFile)('/usr/bin/pg_dump', ['-s', '-n', 's', '-d', db.url]);
  return stdout.replaceAll(/^(--.*|\\(un)?restrict .*)$/gm, '').split(/;\n/).map((text) => text.trim()).sort();
}

describe.each(majors().map((major) => ({ major })))('what stands on a change that SQL has no ALTER for, major $major', ({ major }) => {
  it('comes back as it was: views, materialized views, and all that hangs on them', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const [analyst, boss] = [uniqueName('analyst'), uniqueName('boss')];
    const spec = (type: string, server = 'one'): string => `version: 1
servers: {one: , two: }
tables:
  s.t: {server: ${server}, columns: {id: int, amount: "${type}", note: text}}
`;
    await db.query(`
      CREATE ROLE ${analyst}; CREATE ROLE ${boss};
      CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw;
      CREATE SCHEMA s; GRANT ALL ON SCHEMA s TO ${boss};
      CREATE FUNCTION s.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE FOREIGN TABLE s.t (id int, amount numeric(10,2), note text) SERVER one;
      ALTER FOREIGN TABLE s.t ADD CONSTRAINT positive CHECK (id > 0); COMMENT ON CONSTRAINT positive ON s.t IS 'it''s mine'; CREATE STATISTICS s.of_t (dependencies) ON id, note FROM s.t; COMMENT ON STATISTICS s.of_t IS 'both'; ALTER STATISTICS s.of_t SET STATISTICS 50; ALTER STATISTICS s.of_t OWNER TO ${boss};
      CREATE TRIGGER seen AFTER INSERT ON s.t FOR EACH ROW WHEN (new.id > 0) EXECUTE FUNCTION s.nothing();
      CREATE TRIGGER off BEFORE UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION s.nothing(); ALTER FOREIGN TABLE s.t DISABLE TRIGGER off;
      COMMENT ON TRIGGER seen ON s.t IS 'mine'; GRANT SELECT ON s.t TO ${analyst}, ${boss};
      CREATE VIEW s."Base" WITH (security_barrier, check_option = local) AS SELECT id, amount AS "Amount %" FROM s.t WHERE id > 0;
      COMMENT ON VIEW s."Base" IS 'it''s base'; COMMENT ON COLUMN s."Base"."Amount %" IS 'of money';
      ALTER VIEW s."Base" ALTER COLUMN id SET DEFAULT 7;
      CREATE TRIGGER instead INSTEAD OF INSERT ON s."Base" FOR EACH ROW EXECUTE FUNCTION s.nothing();
      CREATE RULE silent AS ON DELETE TO s."Base" DO INSTEAD NOTHING;
      GRANT SELECT ON s."Base" TO PUBLIC; GRANT INSERT ON s."Base" TO ${analyst} WITH GRANT OPTION; GRANT UPDATE (id) ON s."Base" TO ${analyst};
      ALTER VIEW s."Base" OWNER TO ${boss}; REVOKE DELETE ON s."Base" FROM ${boss};
      CREATE MATERIALIZED VIEW s.m WITH (fillfactor = 70) AS SELECT id, "Amount %" FROM s."Base" WITH NO DATA;
      CREATE UNIQUE INDEX by_id ON s.m (id) WITH (fillfactor = 50); CREATE INDEX by_half ON s.m (("Amount %" / 2)); ALTER MATERIALIZED VIEW s.m CLUSTER ON by_id;
      CREATE STATISTICS s.both (ndistinct) ON id, "Amount %" FROM s.m; ALTER MATERIALIZED VIEW s.m ALTER COLUMN id SET STATISTICS 500;
      COMMENT ON INDEX s.by_id IS 'unique';
      CREATE VIEW s.a_top AS SELECT m.id, t.note FROM s.m JOIN s.t USING (id);
      CREATE VIEW s.apart AS SELECT id, note FROM s.t; GRANT SELECT ON s.apart TO ${analyst};
      ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO ${analyst}`);
    const before = await described(db);
    const dump = await dumped(db);

    await place.write(spec('numeric(12,2)'));
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['update foreign table s.t']);
    expect(plan.changes[0]?.hazards).toEqual([
      { id: 'type-changed', message: 'Column amount will be read as numeric(12,2).' },
      { id: 'lock-taken', message: 'ACCESS EXCLUSIVE on s.t until the transaction ends: queries on it wait.' },
      { id: 'dependents-recreated', message: 'view s."Base" is dropped and created again.' },
      { id: 'dependents-recreated', message: 'materialized view s.m is dropped and created again.' },
      { id: 'dependents-recreated', message: 'view s.a_top is dropped and created again.' },
    ]);
    expect(sqlOf(plan).slice(0, 4)).toEqual(['DROP VIEW s.a_top', 'DROP MATERIALIZED VIEW s.m', 'DROP VIEW s."Base"', 'ALTER FOREIGN TABLE s.t\n  ALTER COLUMN amount TYPE numeric(12,2)']);
    await expect(place.apply()).rejects.toMatchObject({ id: 'hazards-not-allowed', todo: 'Where you accept them: --allow dependents-recreated' });
    await expect(place.apply({ allow: ['table-replaced'] })).rejects.toMatchObject({ id: 'hazards-not-allowed' });
    await place.apply({ allow: ['dependents-recreated'] });
    expect(changesOf(await place.plan())).toEqual([]);
    const text = (rows: unknown): string => JSON.stringify(rows).replaceAll('numeric(12,2)', 'numeric(10,2)');
    expect(JSON.parse(text(await described(db)))).toEqual(JSON.parse(text(before)));
    expect((await dumped(db))?.map((each) => each.replaceAll('numeric(12,2)', 'numeric(10,2)'))).toEqual(dump);

    await place.write(spec('numeric(12,2)', 'two'));
    expect(changesOf(await place.plan())).toEqual(['replace foreign table s.t']);
    await place.apply({ allow: ['dependents-recreated', 'table-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(JSON.parse(text(await described(db)))).toEqual(JSON.parse(text(before)));
    expect((await dumped(db))?.map((each) => each.replaceAll('numeric(12,2)', 'numeric(10,2)').replaceAll('SERVER two', 'SERVER one'))).toEqual(dump);
  });

  it('is refused where it would not come back the same, and says what', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const other = uniqueName('other');
    await db.query(`
      CREATE ROLE ${other}; CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s;
      CREATE TABLE s.parent (id int, note text);
      CREATE FOREIGN TABLE s.t (id int, note text, CONSTRAINT positive CHECK (id > 0)) SERVER one; ALTER FOREIGN TABLE s.t INHERIT s.parent; CREATE FOREIGN TABLE s.below () INHERITS (s.t) SERVER one; COMMENT ON CONSTRAINT positive ON s.t IS 'mine';
      CREATE VIEW s.v AS SELECT id FROM s.t; GRANT USAGE ON SCHEMA s TO ${other}; GRANT SELECT ON s.v TO ${other} WITH GRANT OPTION;
      SET ROLE ${other}; GRANT SELECT ON s.v TO PUBLIC; RESET ROLE; ALTER ROLE ${other} SUPERUSER`);
    await place.write('version: 1\nservers: {two: }\ntables: {s.t: {server: two, columns: {id: int, note: text}}}\n');
    const plan = await place.plan();
    expect(plan.changes[0]?.hazards.filter(({ id }) => id === 'not-recreated').map(({ message }) => message)).toEqual([
      `view s.v: ${other}, a superuser by now, has granted privileges on it: a superuser grants as the owner.`,
    ]);
    await expect(place.apply({ allow: ['dependents-recreated', 'table-replaced'] })).rejects.toMatchObject({ id: 'dependents-in-the-way' });
  });

  it('is what the plan has seen, and is looked at again before the commit', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s;
      CREATE FOREIGN TABLE s.t (id int) SERVER one; CREATE VIEW s.v AS SELECT id FROM s.t; COMMENT ON VIEW s.v IS 'mine'`);
    await place.write('version: 1\nservers: {one: }\ntables: {s.t: {server: one, columns: {id: bigint}}}\n');
    const saved = await place.save();
    await db.query("COMMENT ON VIEW s.v IS 'another'");
    await expect(place.applySaved(saved, { allow: ['dependents-recreated'] })).rejects.toMatchObject({ id: 'plan-stale', why: 's.v, which the plan makes again, was altered' });
    await db.query(`CREATE FUNCTION s.spoil() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN IF tg_tag = 'COMMENT' THEN GRANT SELECT ON s.v TO PUBLIC; END IF; END$$;
      CREATE EVENT TRIGGER spoil_${db.name.replaceAll(/\W/g, '_')} ON ddl_command_end WHEN TAG IN ('COMMENT') EXECUTE FUNCTION s.spoil()`);
    await expect(place.apply({ allow: ['dependents-recreated'] })).rejects.toMatchObject({ id: 'apply-unfaithful', why: expect.stringMatching(/^s\.v did not come back as it was/) as string });
    expect(await db.query("SELECT format_type(atttypid, NULL) AS type FROM pg_attribute WHERE attrelid = 's.t'::regclass AND attname = 'id'")).toEqual([{ type: 'integer' }]);
  });

  it('comes back under former names, and follows the renaming', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const views = async (): Promise<unknown> => db.query("SELECT relname, pg_get_viewdef(oid) AS text FROM pg_class WHERE relkind = 'v' AND relnamespace = 's'::regnamespace ORDER BY 1");
    await db.query(`
      CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s; CREATE SCHEMA moved;
      CREATE FUNCTION s.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE FOREIGN TABLE s.a (id int, note text) SERVER one; CREATE FOREIGN TABLE s.b (id int, total int, x text) SERVER one; CREATE FOREIGN TABLE s.c (id int, gone int) SERVER one;
      CREATE TRIGGER seen AFTER UPDATE OF gone ON s.c FOR EACH ROW WHEN (new.gone > 0) EXECUTE FUNCTION s.nothing();
      CREATE VIEW s.v AS SELECT note, total FROM s.a JOIN s.b USING (id) WHERE total > 1; CREATE VIEW s.w AS SELECT gone, total FROM s.c, s.v`);
    await db.query('BEGIN; ALTER FOREIGN TABLE s.a RENAME note TO "The note"; ALTER FOREIGN TABLE s.b RENAME total TO sum; ALTER FOREIGN TABLE s.b SET SCHEMA moved; ALTER FOREIGN TABLE s.c RENAME gone TO here; ALTER FOREIGN TABLE s.c RENAME TO d');
    const followed = await views();
    await db.query('ROLLBACK');
    await place.write(`version: 1
servers: {one: , two: }
tables:
  s.a: {server: one, columns: {id: int, The note: {type: text, renamed_from: note}}}
  moved.b: {server: one, renamed_from: s.b, columns: {id: int, sum: {type: bigint, renamed_from: total}, x: varchar}}
  s.d: {server: two, renamed_from: s.c, columns: {id: int, here: {type: int, renamed_from: gone}}}
`);
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['update foreign table s.a', 'update foreign table moved.b', 'replace foreign table s.d']);
    await place.apply({ allow: ['dependents-recreated', 'table-replaced'] });
    expect(await views()).toEqual(followed);
    expect(await db.query("SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger WHERE tgname = 'seen'")).toEqual([{ text: 'CREATE TRIGGER seen AFTER UPDATE OF here ON s.d FOR EACH ROW WHEN ((new.here > 0)) EXECUTE FUNCTION s.nothing()' }]);
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('goes by name and with consent where what it stands on goes for good', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`
      CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s;
      CREATE FOREIGN TABLE s.t (id int, note text) SERVER one; CREATE FOREIGN TABLE s.u (id int) SERVER one;
      CREATE VIEW s.v AS SELECT note FROM s.t; CREATE VIEW s.w AS SELECT u.id FROM s.u, s.v; CREATE VIEW s.kept AS SELECT id FROM s.t`);
    await place.write('version: 1\nservers: {one: }\ntables: {s.t: {server: one, columns: {id: int}}, s.u: {server: one, columns: {id: bigint}}}\n');
    expect(sqlOf(await place.plan())).toEqual(['DROP VIEW s.w', 'DROP VIEW s.v', 'ALTER FOREIGN TABLE s.t\n  DROP COLUMN note', 'ALTER FOREIGN TABLE s.u\n  ALTER COLUMN id TYPE bigint']);
    await expect(place.apply()).rejects.toMatchObject({ todo: 'Where you accept them: --allow dependents-lost' });
    await place.apply({ allow: ['dependents-lost'] });
    expect(await db.query("SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 's'::regnamespace")).toEqual([{ relname: 'kept' }]);
    expect(changesOf(await place.plan())).toEqual([]);
  });
});
