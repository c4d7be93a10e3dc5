import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, type TestDatabase, uniqueName } from '../servers/index.ts';
import { changesOf, workplace } from './flow.ts';

/** Who holds what in this database, in PostgreSQL's own text, but for what an owner has. */
async function acls(db: TestDatabase): Promise<readonly string[]> {
  const rows = await db.query<{ item: string }>(`
    SELECT concat_ws(' ', what, coalesce(g.rolname, 'public'), x.privilege_type, 'by', o.rolname, CASE WHEN x.is_grantable THEN '*' END) AS item
    FROM (
      SELECT 'server' AS what, srvacl AS acl, srvowner AS owner FROM pg_foreign_server
      UNION ALL SELECT 'schema', nspacl, nspowner FROM pg_namespace WHERE nspname = 's'
      UNION ALL SELECT 'table', relacl, relowner FROM pg_class WHERE relnamespace = 's'::regnamespace
      UNION ALL SELECT attname, attacl, relowner FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 's'::regnamespace
    ) a CROSS JOIN aclexplode(a.acl) x LEFT JOIN pg_roles g ON g.oid = x.grantee JOIN pg_roles o ON o.oid = x.grantor
    WHERE x.grantee <> a.owner ORDER BY 1`);
  return rows.map(({ item }) => item);
}

describe.each(majors().map((major) => ({ major })))('privileges that a spec takes away, major $major', ({ major }) => {
  it('go as those who granted them, and who is to keep one that rested upon them gets it from the owner', async () => {
    await using db = await createDatabase(cluster(major));
    const [applier, owner, a, b] = [uniqueName('applier'), uniqueName('owner'), uniqueName('a'), uniqueName('b')];
    await db.query(`
      CREATE ROLE ${owner}; CREATE ROLE ${a}; CREATE ROLE ${b}; CREATE ROLE ${applier} LOGIN PASSWORD 'x'; GRANT ${owner} TO ${applier};
      CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${owner}; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw;
      CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO ${a}, ${applier}; CREATE FOREIGN TABLE s.t (id int, note text) SERVER one;
      ALTER SCHEMA s OWNER TO ${owner}; ALTER FOREIGN TABLE s.t OWNER TO ${owner}; ALTER SERVER one OWNER TO ${owner};
      GRANT USAGE ON FOREIGN SERVER one TO ${a} WITH GRANT OPTION; GRANT SELECT, UPDATE (note) ON s.t TO ${a} WITH GRANT OPTION; GRANT SELECT ON s.t TO ${b};
      SET ROLE ${a}; GRANT USAGE ON FOREIGN SERVER one TO ${b}; GRANT SELECT, UPDATE (note) ON s.t TO ${b}; RESET ROLE;`);
    await using place = await workplace(db.urlFor({ user: applier, password: 'x' }));
    const spec = (role: string): string => `version: 1
servers: {one: {usage: [${role}]}}
tables: {s.t: {server: one, columns: {id: int, note: text}, grants: {select: [${role}]}, column_grants: {update: {${role}: [note]}}}}
`;
    await place.write(spec(b));
    await expect(place.apply()).rejects.toMatchObject({
      id: 'privileges-missing',
      why: `server one: it lacks membership in role ${a}, which alone can revoke what it has granted.`,
    });
    await db.query(`GRANT ${a} TO ${applier}`);
    const lost = (await place.plan()).changes.flatMap(({ hazards }) => hazards.filter(({ id }) => id === 'access-lost').map(({ message }) => message));
    expect(lost).toEqual([`${a} loses USAGE.`, `${a} loses SELECT.`, `${a} loses UPDATE on note.`]);
    await place.apply();
    const table = [`note ${b} UPDATE by ${owner}`, `server ${b} USAGE by ${owner}`, `table ${b} SELECT by ${owner}`];
    expect((await acls(db)).filter((item) => !item.startsWith('schema'))).toEqual(table);
    expect(changesOf(await place.plan())).toEqual([]);

    await place.write(`version: 1\nschemas: {s: {usage: [${a}]}}\n${spec(a).replace('version: 1\n', '')}`);
    await db.query(`GRANT SELECT ON s.t TO ${a} WITH GRANT OPTION; GRANT USAGE ON SCHEMA s TO ${a} WITH GRANT OPTION; SET ROLE ${a}; GRANT USAGE ON SCHEMA s TO ${b}; GRANT SELECT ON s.t TO PUBLIC, ${b}; RESET ROLE; GRANT ${a} TO ${applier}`);
    await place.apply();
    expect(await acls(db)).toEqual([`note ${a} UPDATE by ${owner}`, `schema ${a} USAGE by ${owner} *`, `server ${a} USAGE by ${owner}`, `table ${a} SELECT by ${owner} *`]);
  });

  it('go as the owner, also where who applies holds the grant option', async () => {
    await using db = await createDatabase(cluster(major));
    const [applier, owner, b] = [uniqueName('applier'), uniqueName('owner'), uniqueName('b')];
    await db.query(`
      CREATE ROLE ${owner}; CREATE ROLE ${b}; CREATE ROLE ${applier} LOGIN PASSWORD 'x'; GRANT ${owner} TO ${applier};
      CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; GRANT USAGE ON FOREIGN SERVER one TO ${applier};
      CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO ${owner}; CREATE FOREIGN TABLE s.t (id int) SERVER one; ALTER FOREIGN TABLE s.t OWNER TO ${owner};
      GRANT SELECT, UPDATE (id) ON s.t TO ${applier} WITH GRANT OPTION; GRANT SELECT, UPDATE (id) ON s.t TO ${b};`);
    await using place = await workplace(db.urlFor({ user: applier, password: 'x' }));
    await place.write(`version: 1\nservers: {one: }\ntables: {s.t: {server: one, columns: {id: int}, grants: {select: [${applier}]}, column_grants: {update: {${applier}: [id]}}}}\n`);
    await place.apply();
    expect((await acls(db)).filter((item) => !/^(schema|server)/.test(item))).toEqual([`id ${applier} UPDATE by ${owner} *`, `table ${applier} SELECT by ${owner} *`]);
  });

  it('are not those of a new owner, who held them before', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const [next, reader] = [uniqueName('next'), uniqueName('reader')];
    await db.query(`CREATE ROLE ${next}; CREATE ROLE ${reader}; CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${next};
      CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s; GRANT ALL ON SCHEMA s TO ${next}; CREATE FOREIGN TABLE s.t (id int) SERVER one;
      GRANT SELECT, UPDATE (id) ON s.t TO ${next}; GRANT USAGE ON FOREIGN SERVER one TO ${next}`);
    await place.write(`version: 1\nservers: {one: {owner: ${next}, usage: [${reader}]}}\ntables: {s.t: {server: one, owner: ${next}, columns: {id: int}, grants: {select: [${reader}]}, column_grants: {update: {${reader}: [id]}}}}\n`);
    await place.apply();
    const [row] = await db.query(`SELECT has_table_privilege('${next}', 's.t', 'SELECT') AS reads, has_server_privilege('${next}', 'one', 'USAGE') AS uses`);
    expect(row).toEqual({ reads: true, uses: true });
    expect(changesOf(await place.plan())).toEqual([]);
  });
});
