import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, type TestDatabase, uniqueName } from '../servers/index.ts';
import { changesOf, workplace } from './flow.ts';

/** Items of the ACLs of servers, and of relations and their columns in schema s, in PostgreSQL's own text. */
async function acls(db: TestDatabase): Promise<readonly string[]> {
  const rows = await db.query<{ item: string }>(`
    SELECT concat_ws(' ', srvname, srvowner::regrole, x) AS item FROM pg_foreign_server LEFT JOIN unnest(srvacl) x ON true
    UNION ALL SELECT concat_ws(' ', relname, relowner::regrole, x) FROM pg_class LEFT JOIN unnest(coalesce(relacl, acldefault('r', relowner))) x ON true WHERE relnamespace = 's'::regnamespace AND relkind IN ('f', 'v')
    UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, x) FROM pg_attribute, unnest(attacl) x WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 's'::regnamespace)
    ORDER BY 1`);
  return rows.map(({ item }) => item);
}

describe.each(majors().map((major) => ({ major })))('privileges on what is replaced, major $major', ({ major }) => {
  it('come back with their grant options, as grants of those who made them', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const [owner, a, b, c] = [uniqueName('owner'), uniqueName('A "a"'), uniqueName('b'), uniqueName('c')].map((name) => `"${name.replaceAll('"', '""')}"`);
    await db.query(`
      CREATE ROLE ${owner}; CREATE ROLE ${a}; CREATE ROLE ${b}; CREATE ROLE ${c};
      CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${owner};
      CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw; ALTER SERVER shop OWNER TO ${owner}; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw;
      GRANT USAGE ON FOREIGN SERVER shop TO ${a} WITH GRANT OPTION;
      SET ROLE ${a}; GRANT USAGE ON FOREIGN SERVER shop TO ${b} WITH GRANT OPTION; SET ROLE ${b}; GRANT USAGE ON FOREIGN SERVER shop TO ${c}; RESET ROLE;
      REVOKE USAGE ON FOREIGN SERVER shop FROM ${owner};
      CREATE SCHEMA s; GRANT ALL ON SCHEMA s TO ${owner}; GRANT USAGE ON SCHEMA s TO ${a}, ${b};
      CREATE FOREIGN TABLE s.t (id int, note text) SERVER shop; ALTER FOREIGN TABLE s.t OWNER TO ${owner}; CREATE VIEW s.v AS SELECT id FROM s.t;
      GRANT SELECT ON s.t TO ${a} WITH GRANT OPTION; GRANT SELECT, UPDATE (note) ON s.t TO PUBLIC; GRANT INSERT (note) ON s.t TO ${b} WITH GRANT OPTION; GRANT SELECT ON s.v TO ${b} WITH GRANT OPTION;
      SET ROLE ${a}; GRANT SELECT ON s.t TO ${b} WITH GRANT OPTION; GRANT SELECT (note) ON s.t TO ${c};
      SET ROLE ${b}; GRANT SELECT ON s.t TO ${c}; GRANT INSERT (note) ON s.t TO ${a}; GRANT SELECT ON s.v TO ${c}; RESET ROLE;
      REVOKE DELETE ON s.t FROM ${owner}; GRANT UPDATE (id) ON s.t TO ${owner}`);
    const before = await acls(db);
    expect(before.filter((item) => / b_\w+=r\*\//.test(item))).toHaveLength(2);

    await place.write('version: 1\nservers: {two: }\ntables: {s.t: {server: two, columns: {id: int, note: text}}}\n');
    await place.apply({ allow: ['table-replaced', 'dependents-recreated'] });
    expect(await acls(db)).toEqual(before);
    expect(changesOf(await place.plan())).toEqual([]);

    await place.write('version: 1\nservers: {shop: {type: new}, two: {type: new}}\n');
    const saved = await place.save();
    await db.query(`GRANT USAGE ON FOREIGN SERVER shop TO ${c}`);
    await expect(place.applySaved(saved, { allow: ['server-replaced', 'dependents-recreated'] })).rejects.toMatchObject({ id: 'plan-stale', why: 'server shop, which the plan makes again, was altered' });
    await db.query(`REVOKE USAGE ON FOREIGN SERVER shop FROM ${c}`);
    expect(await acls(db)).toEqual(before);
    await place.apply({ allow: ['server-replaced', 'dependents-recreated'] });
    expect(await acls(db)).toEqual(before);
  });

  it('are those of the spec where it manages them; who has lost what it granted has not, and the owner grants instead', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const [a, b, c, d, owner] = [uniqueName('a'), uniqueName('b'), uniqueName('c'), uniqueName('d'), uniqueName('owner')];
    await db.query(`
      CREATE ROLE ${a}; CREATE ROLE ${b}; CREATE ROLE ${c}; CREATE ROLE ${d}; CREATE ROLE ${owner};
      CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw;
      CREATE SCHEMA s; GRANT ALL ON SCHEMA s TO ${a}, ${b}, ${owner}; CREATE FOREIGN TABLE s.t (id int, note text) SERVER one;
      GRANT SELECT, INSERT ON s.t TO ${a} WITH GRANT OPTION; GRANT UPDATE (note) ON s.t TO ${b} WITH GRANT OPTION; GRANT UPDATE ON s.t TO ${owner} WITH GRANT OPTION;
      SET ROLE ${a}; GRANT SELECT ON s.t TO ${b}, ${c}; GRANT INSERT ON s.t TO ${b}; SET ROLE ${b}; GRANT UPDATE (note) ON s.t TO ${c}; SET ROLE ${owner}; GRANT UPDATE ON s.t TO ${c}; RESET ROLE`);
    await place.write(`version: 1\nservers: {two: }\ntables: {s.t: {server: two, columns: {id: int, text: {type: text, renamed_from: note}}, owner: ${owner}, grants: {select: [${b}, ${d}]}}}\n`);
    await place.apply({ allow: ['table-replaced'] });
    expect((await acls(db)).filter((item) => item.startsWith('t ') || item.startsWith('s.t '))).toEqual([
      `s.t text ${b}=w*/${owner}`, `s.t text ${c}=w/${b}`, `t ${owner} ${a}=a*/${owner}`, `t ${owner} ${b}=a/${a}`, `t ${owner} ${b}=r/${owner}`, `t ${owner} ${c}=w/${owner}`, `t ${owner} ${d}=r/${owner}`,
      `t ${owner} ${owner}=${major >= 17 ? 'arwdDxtm' : 'arwdDxt'}/${owner}`,
    ].sort());
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('take membership in who made them, which the preflight asks for', async () => {
    await using db = await createDatabase(cluster(major));
    // PostgreSQL grants as the nearest role that may: here that would be a, not the owner.
    const [applier, mid, owner, a, b, c] = [uniqueName('applier'), uniqueName('mid'), uniqueName('owner'), uniqueName('a'), uniqueName('b'), uniqueName('c')];
    await db.query(`
      CREATE ROLE ${owner}; CREATE ROLE ${a}; CREATE ROLE ${b}; CREATE ROLE ${c}; CREATE ROLE ${applier} LOGIN PASSWORD 'x'; CREATE ROLE ${mid}; GRANT ${owner} TO ${mid}; GRANT ${a}, ${mid} TO ${applier};
      CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw; GRANT USAGE ON FOREIGN SERVER two TO ${applier};
      CREATE SCHEMA s; GRANT ALL ON SCHEMA s TO ${applier}, ${owner}; GRANT USAGE ON SCHEMA s TO ${a}; CREATE FOREIGN TABLE s.t (id int) SERVER one; ALTER FOREIGN TABLE s.t OWNER TO ${owner};
      GRANT SELECT ON s.t TO ${a}, ${b} WITH GRANT OPTION; SET ROLE ${a}; GRANT SELECT ON s.t TO ${b}; RESET ROLE;`);
    const before = await acls(db);
    await using place = await workplace(db.urlFor({ user: applier, password: 'x' }));
    await place.write('version: 1\nservers: {two: }\ntables: {s.t: {server: two, columns: {id: int}}}\n');
    await place.apply({ allow: ['table-replaced'] });
    expect(await acls(db)).toEqual(before);

    await db.query(`GRANT USAGE ON FOREIGN SERVER one TO ${applier}; SET ROLE ${a}; GRANT SELECT ON s.t TO ${c} WITH GRANT OPTION; RESET ROLE; GRANT USAGE ON SCHEMA s TO ${c}; SET ROLE ${c}; GRANT SELECT ON s.t TO PUBLIC; RESET ROLE`);
    const more = await acls(db);
    await place.write('version: 1\nservers: {one: }\ntables: {s.t: {server: one, columns: {id: int}}}\n');
    await expect(place.apply({ allow: ['table-replaced'] })).rejects.toMatchObject({
      id: 'privileges-missing',
      why: `foreign table s.t: it lacks membership in role ${c}, which has granted privileges that come back as its own.`,
      todo: `As a role that may:\nGRANT ${c} TO ${applier};`,
    });
    await db.query(`GRANT ${c} TO ${applier}`);
    await place.apply({ allow: ['table-replaced'] });
    expect(await acls(db)).toEqual(more);

    await db.query(`REVOKE USAGE ON SCHEMA s FROM ${a}; ALTER ROLE ${c} SUPERUSER`);
    await place.write('version: 1\nservers: {two: }\ntables: {s.t: {server: two, columns: {id: int}}}\n');
    const plan = await place.plan();
    expect(plan.changes[0]?.hazards.filter(({ id }) => id === 'not-recreated').map(({ message }) => message)).toEqual([
      `foreign table s.t: ${a} has granted privileges on it, and could not again without USAGE on its schema.`,
      `foreign table s.t: ${c}, a superuser by now, has granted privileges on it: a superuser grants as the owner.`,
    ]);
    await db.query(`ALTER ROLE ${c} NOSUPERUSER`);
  });
});
