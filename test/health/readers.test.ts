import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administer, createDatabase, majors, startCluster, uniqueName, type Pair, type PrivateCluster } from '../servers/index.ts';
import { addMapping, addServer } from '../remote/fixture.ts';
import { examined, said } from './examine.ts';

/* Roles of a story, with names that no other test has. */
const names = ['rep', 'group', 'member', 'owner', 'mapped', 'column', 'keeper', 'locked'] as const;

describe.each(majors())('on PostgreSQL %i', (major) => {
  const role = Object.fromEntries(names.map((name) => [name, uniqueName(name)])) as Readonly<Record<(typeof names)[number], string>>;
  let two: Pair;
  let own: PrivateCluster;

  beforeAll(async () => {
    // Roles belong to a whole cluster, and a role of another test would be one that may read: so a cluster of our own.
    own = await startCluster({ major });
    const remote = await createDatabase();
    const local = await createDatabase(own);
    const { internalHost, internalPort } = remote.cluster;
    two = {
      local,
      remote,
      serverOptions: { host: internalHost, port: String(internalPort), dbname: remote.name },
      [Symbol.asyncDispose]: async () => {
        await local.drop();
        await remote.drop();
      },
    };
    for (const name of names) await administer(two.local.cluster, `CREATE ROLE ${role[name]} ${name === 'group' ? 'NOLOGIN' : 'LOGIN'}`);
    await two.local.query('CREATE EXTENSION postgres_fdw');
    for (const server of ['shop', 'open', 'quiet']) await addServer(two, server);
    const as = two.remote.cluster;
    await addMapping(two, 'shop', role.mapped, as);
    await addMapping(two, 'quiet', role.mapped, as);
    await addMapping(two, 'open', 'PUBLIC', as);
    await two.local.query(`
      CREATE TABLE parent (id int, note text) PARTITION BY LIST (id);
      CREATE FOREIGN TABLE orders PARTITION OF parent FOR VALUES IN (1) SERVER shop;
      CREATE FOREIGN TABLE customers (id int, note text) SERVER shop;
      CREATE SCHEMA closed; CREATE FOREIGN TABLE closed.doors (id int) SERVER shop; GRANT SELECT ON closed.doors TO ${role.locked};
      CREATE FOREIGN TABLE things (id int) SERVER open;
      CREATE FOREIGN TABLE still (id int) SERVER quiet;
      ALTER FOREIGN TABLE customers OWNER TO ${role.keeper};
      GRANT ${role.group} TO ${role.member};
      GRANT SELECT ON parent TO ${role.group}, ${role.mapped};
      GRANT SELECT (id) ON customers TO ${role.column};
      GRANT SELECT ON customers, things TO ${role.owner};
      GRANT SELECT ON still TO ${role.mapped};
      CREATE VIEW vo AS SELECT * FROM customers; ALTER VIEW vo OWNER TO ${role.owner};
      GRANT SELECT ON vo TO ${role.rep}`);
  });

  afterAll(async () => {
    await two[Symbol.asyncDispose]();
    await own.stop();
  });

  test('every role that may read a table needs a user mapping: by grant, membership, parent, column and view', async () => {
    const servers = await examined(two.local);
    expect(said(servers, 'shop', 'role-mappings')).toEqual([
      `fail view owner ${role.owner} has no user mapping, and public.vo reads with that: it fails for everybody`,
      `fail 2 roles may read its tables, and have no user mapping: ${role.column}, ${role.member}`,
      `note no user mapping for ${role.keeper}, who may read its tables as their owner`,
    ]);
    // Who may not use the schema, or not connect, reads nothing.
    await two.local.query(`GRANT USAGE ON SCHEMA closed TO ${role.locked}`);
    const second = said(await examined(two.local), 'shop', 'role-mappings')[1];
    expect(second).toBe(`fail 3 roles may read its tables, and have no user mapping: ${[role.column, role.locked, role.member].sort().join(', ')}`);
    await two.local.query(`REVOKE CONNECT ON DATABASE ${two.local.name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${two.local.name} TO ${role.column}`);
    expect(said(await examined(two.local), 'shop', 'role-mappings')[1]).toBe(`fail 1 role may read its tables, and has no user mapping: ${role.column}`);
    await two.local.query(`REVOKE USAGE ON SCHEMA closed FROM ${role.locked}; GRANT CONNECT ON DATABASE ${two.local.name} TO PUBLIC`);
    expect(said(servers, 'open', 'role-mappings')).toEqual([`note the user mapping of PUBLIC serves ${role.owner}: they have none of their own`]);
    expect(said(servers, 'quiet', 'role-mappings')).toEqual(['ok 1 role may read its tables, each with a user mapping of its own']);
  });

  test.runIf(major >= 15)('a view with security_invoker reads with the mapping of whoever asks', async () => {
    await two.local.query('ALTER VIEW vo SET (security_invoker)');
    expect(said(await examined(two.local), 'shop', 'role-mappings')[0]).toBe(`fail 3 roles may read its tables, and have no user mapping: ${[role.column, role.member, role.owner].sort().join(', ')}`);
  });
});
