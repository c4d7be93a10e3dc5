import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, pair, pairs, uniqueName } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';
import { makeShop, shopServer } from './shop.ts';

const hazardsOf = (plan: { readonly changes: readonly { readonly hazards: readonly { readonly id: string; readonly message: string }[] }[] }) =>
  plan.changes.flatMap(({ hazards }) => hazards.filter(({ id }) => id !== 'lock-taken').map(({ id, message }) => `${id}: ${message}`));

describe.each(majors().map((major) => ({ major })))('removal, major $major', ({ major }) => {
  it('drops what is to be absent, what stands on it first, and nothing else', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const role = uniqueName('app');
    await db.query(`
      CREATE ROLE ${role}; CREATE EXTENSION postgres_fdw; CREATE EXTENSION dblink;
      CREATE SERVER former FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER kept FOREIGN DATA WRAPPER postgres_fdw;
      CREATE USER MAPPING FOR PUBLIC SERVER former; CREATE USER MAPPING FOR ${role} SERVER former;
      CREATE USER MAPPING FOR PUBLIC SERVER kept; CREATE USER MAPPING FOR ${role} SERVER kept;
      CREATE SCHEMA a; CREATE SCHEMA "B c";
      CREATE FOREIGN TABLE a.one (x int) SERVER former; CREATE FOREIGN TABLE "B c".two (x int) SERVER former;
      CREATE FOREIGN TABLE a.three (x int) SERVER kept; CREATE FOREIGN TABLE a.four (x int) SERVER kept`);
    const spec = (old: string): string => `version: 1
extensions: [postgres_fdw, {dblink: {absent: true}}]
servers:
  former: {absent: true${old}, options: {host: "\${env:NOT_SET}"}, user_mappings: {public: {password: {env: NOT_SET}}}}
  kept: {user_mappings: {${role}: {absent: true, password: {env: NOT_SET}}}}
tables:
  a.three: {absent: true}
  a.never: {absent: true}
`;
    await place.write(spec(''));
    const blocked = await place.plan();
    expect(hazardsOf(blocked).filter((text) => text.startsWith('dependents'))).toEqual([
      'dependents: foreign table "B c".two depends on this: PostgreSQL refuses the change while it exists.',
      'dependents: foreign table a.one depends on this: PostgreSQL refuses the change while it exists.',
    ]);
    await expect(place.apply()).rejects.toMatchObject({ id: 'dependents-in-the-way' });

    await place.write(spec(', prune: true'));
    const plan = await place.plan();
    expect(sqlOf(plan)).toEqual([
      'DROP FOREIGN TABLE a.one',
      'DROP FOREIGN TABLE "B c".two',
      'DROP FOREIGN TABLE a.three',
      `DROP USER MAPPING FOR ${role} SERVER former`,
      'DROP USER MAPPING FOR PUBLIC SERVER former',
      `DROP USER MAPPING FOR ${role} SERVER kept`,
      'DROP SERVER former',
      'DROP EXTENSION dblink',
    ]);
    expect(plan.leftAlone).toEqual({ servers: 0, userMappings: 1, foreignTables: 1 });
    expect((await place.apply()).applied).toEqual({ create: 0, update: 0, replace: 0, drop: 8 });
    const again = await place.plan();
    expect([changesOf(again), again.leftAlone]).toEqual([[], { servers: 0, userMappings: 1, foreignTables: 1 }]);
    expect(await db.query(`
      SELECT (SELECT string_agg(srvname, ',') FROM pg_foreign_server) AS servers, (SELECT string_agg(usename, ',') FROM pg_user_mappings) AS mappings,
        (SELECT string_agg(ftrelid::regclass::text, ',') FROM pg_foreign_table) AS tables`)).toEqual([{ servers: 'kept', mappings: 'public', tables: 'a.four' }]);
  });

  it('lists all that stands on what would go, of every kind and through one another, and drops none of it', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`
      CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s;
      CREATE FOREIGN TABLE s.t (a int, b text) SERVER far;
      CREATE VIEW s.v AS SELECT a FROM s.t; CREATE VIEW s.on_v AS SELECT * FROM s.v;
      CREATE MATERIALIZED VIEW s.m AS SELECT b FROM s.t WITH NO DATA;
      CREATE FUNCTION s.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM s.t; END;
      CREATE FUNCTION s.g(s.t) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE TABLE s.l (id int, r s.t); ALTER TABLE s.l ENABLE ROW LEVEL SECURITY;
      CREATE POLICY p ON s.l USING (id IN (SELECT a FROM s.t));
      CREATE RULE r AS ON DELETE TO s.l DO ALSO SELECT a FROM s.t`);
    await place.write('version: 1\nservers: {far: }\ntables: {s.t: {absent: true}}\n');
    const plan = await place.plan();
    const listed = hazardsOf(plan).flatMap((text) => /^dependents: (.*) depends on/.exec(text)?.[1] ?? []);
    expect(listed).toEqual([
      'function s.f()', 'function s.g(s.t)', 'policy p on s.l', 'rule r on s.l', 'table column s.l.r',
    ]);
    expect(hazardsOf(plan).flatMap((text) => /^dependents-lost: (.*) goes/.exec(text)?.[1] ?? [])).toEqual(['materialized view s.m', 'view s.v', 'view s.on_v']);
    await expect(place.apply()).rejects.toMatchObject({ id: 'dependents-in-the-way' });
    expect(await db.query("SELECT 's.on_v'::regclass IS NOT NULL AS there")).toEqual([{ there: true }]);
  });
});

describe.each(pairs())('pruning: local $local, remote $remote', (sides) => {
  it('keeps an imported schema to what is selected and there, and takes the whole of it away', async () => {
    await using servers = await pair(sides);
    const reader = await makeShop(servers);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    const spec = (schema: string, more = ''): string => `version: 1
extensions: [postgres_fdw]
${shopServer(servers, reader)}
schemas:
  shop: {server: shop, remote_schema: public, ${schema}}
${more}`;
    await place.write(spec('tables: all'));
    await place.apply();
    await servers.local.query(`
      CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw; CREATE FOREIGN TABLE shop.elsewhere (a int) SERVER other;
      CREATE FOREIGN TABLE shop.by_hand (id bigint) SERVER shop OPTIONS (schema_name 'public', table_name 'orders');
      CREATE FOREIGN TABLE shop.spelled (id bigint) SERVER shop OPTIONS (schema_name 'public', table_name 'orders')`);
    await servers.remote.query('CREATE TABLE lost (a int)');

    await place.write(spec('tables: {except: [orders]}, prune: true', 'tables:\n  shop.spelled: {server: shop, options: {schema_name: public, table_name: orders}, columns: {id: bigint}}\n'));
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['create foreign table shop.lost', 'drop foreign table shop.orders', 'drop foreign table shop.by_hand']);
    await place.apply();
    await servers.remote.query('DROP TABLE lost');
    const lost = await place.plan();
    expect([changesOf(lost), lost.notices]).toEqual([['drop foreign table shop.lost'], []]);

    await place.write(spec('tables: all'));
    await place.apply();
    await place.write(spec('absent: true'));
    expect(hazardsOf(await place.plan()).filter((text) => text.startsWith('dependents'))).toEqual([
      'dependents: foreign table shop.elsewhere depends on this: PostgreSQL refuses the change while it exists.',
    ]);
    await servers.local.query('DROP FOREIGN TABLE shop.elsewhere');
    await place.apply();
    expect(await servers.local.query("SELECT (SELECT count(*)::int FROM pg_foreign_table) AS tables, to_regnamespace('shop') AS schema, (SELECT count(*)::int FROM pg_type WHERE typtype = 'e') AS types")).toEqual([
      { tables: 0, schema: null, types: 0 },
    ]);
    expect(changesOf(await place.plan())).toEqual([]);
  });
});

describe.each(majors().map((major) => ({ major })))('a type that goes with its tables, major $major', ({ major }) => {
  it('is not in the way of a view that goes as well', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s; CREATE TYPE s.mood AS ENUM ('good');
      CREATE FOREIGN TABLE s.t (m s.mood) SERVER far; CREATE VIEW public.moods AS SELECT m FROM s.t`);
    await place.write('version: 1\nschemas: {s: {server: far, absent: true}}\n');
    const plan = await place.plan();
    expect(plan.changes.flatMap(({ hazards }) => hazards.filter(({ id }) => id.startsWith('dependents')).map(({ id, message }) => `${id}: ${message}`))).toEqual(['dependents-lost: view public.moods goes with it.']);
    await place.apply({ allow: ['dependents-lost'] });
    expect(changesOf(await place.plan())).toEqual([]);
  });
});
