import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRemoteSchemas } from '../../src/remote/read-remote-schemas.ts';
import type { Session } from '../../src/postgres/session.ts';
import { pairs, uniqueName } from '../servers/index.ts';
import { addMapping, addServer, shop, type Shop } from './fixture.ts';
import { open, watched } from './open.ts';

describe.each(pairs().map((majors) => ({ majors, name: `${majors.local}→${majors.remote}` })))('how a remote is read, $name', ({ majors }) => {
  let fixture: Shop;
  beforeAll(async () => {
    fixture = await shop(majors);
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  async function statements(schema: string): Promise<number> {
    await using at = await open(fixture.local);
    const [server] = await readRemoteSchemas(at.session, [{ server: fixture.server, schemas: [{ name: schema, selection: { kind: 'all' }, defaults: true }] }]);
    expect(server?.schemas[0]?.exists).toBe(true);
    return at.sent.length;
  }

  it('sends as many statements for 300 tables as for 10', async () => {
    const tables = (schema: string, count: number): string => `
      CREATE SCHEMA ${schema};
      DO $$ BEGIN FOR i IN 1..${count} LOOP
        EXECUTE format('CREATE TABLE ${schema}.t%s (id int PRIMARY KEY, s shop.status, c ext.citext, t text DEFAULT %L, g int GENERATED ALWAYS AS (1) STORED)', i, i);
      END LOOP; END $$`;
    await fixture.remote.query(tables('ten', 10));
    await fixture.remote.query(tables('threehundred', 300));
    const ten = await statements('ten');
    expect(await statements('threehundred')).toBe(ten);
    expect(ten).toBeLessThanOrEqual(11);
  });

  it('lets the remote filter: every scan has its conditions in Remote SQL', async () => {
    await using at = await open(fixture.local);
    const plans: string[] = [];
    await readRemoteSchemas(explaining(at.session, plans), [{ server: fixture.server, schemas: [{ name: 'shop', selection: { kind: 'listed', names: ['orders'] }, defaults: true }] }]);
    expect(plans.length).toBe(13);
    for (const plan of plans) {
      expect(plan.match(/"Node Type": "[^"]*"/g)).toEqual(['"Node Type": "Foreign Scan"']);
      expect(plan).not.toContain('"Filter"');
      expect(plan).toMatch(/"Remote SQL": "SELECT .* = ANY \('/);
    }
  });

  it('leaves nothing in the transaction: no object, no role, no setting, no lock on a relation of a user', async () => {
    await fixture.local.query('CREATE TABLE IF NOT EXISTS mine (id int)');
    await using at = await open(fixture.local);
    await at.session.query("SET LOCAL search_path = 'mine', public");
    await readRemoteSchemas(at.session, [{ server: fixture.server, schemas: [{ name: 'shop', selection: { kind: 'all' }, defaults: true }] }]);
    const [state] = await at.session.query(`
      SELECT current_user = session_user AS same, current_setting('search_path') AS path, pg_my_temp_schema() <> 0 AND EXISTS (
               SELECT FROM pg_class WHERE relnamespace = pg_my_temp_schema()) AS temporary,
             (SELECT count(*)::int FROM pg_locks AS l WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.relation >= 16384) AS locks`);
    expect(state).toEqual({ same: true, path: 'mine, public', temporary: false, locks: 0 });
  });

  it('does not mind temporary tables of its own names, nor a hostile search_path', async () => {
    await using at = await open(fixture.local);
    await at.session.query('CREATE SCHEMA evil; CREATE TABLE evil.pg_foreign_server (srvname name); CREATE DOMAIN evil.oid AS int2; CREATE TEMP TABLE fdw_mine (a int); SET LOCAL search_path = evil, pg_catalog');
    const [server] = await readRemoteSchemas(at.session, [{ server: fixture.server, schemas: [{ name: 'vacant', selection: { kind: 'all' }, defaults: false }] }]);
    expect(server?.schemas[0]?.exists).toBe(true);
  });

  it('overrides what the server sets for its tables', async () => {
    await using at = await open(fixture.local);
    await readRemoteSchemas(at.session, [{ server: fixture.server, schemas: [{ name: 'vacant', selection: { kind: 'all' }, defaults: false }] }]);
    const tables = at.sent.flatMap((sql) => sql.split(';\n')).filter((sql) => sql.startsWith('CREATE FOREIGN TABLE'));
    expect(tables.length).toBeGreaterThan(0);
    for (const sql of tables) expect(sql).toMatch(/ OPTIONS \(.*, fetch_size '50000', use_remote_estimate 'false'\)$/);
  });

  it('reads through a server, a mapping and a role that the same transaction made, and leaves none of them', async () => {
    const role = uniqueName('fresh');
    const { host, port, dbname } = fixture.serverOptions;
    const { user, password } = fixture.remote.cluster;
    await using at = await open(fixture.local);
    await at.session.query(`CREATE ROLE ${role};
      CREATE SERVER fresh FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${host}', port '${port}', dbname '${dbname}');
      CREATE USER MAPPING FOR ${role} SERVER fresh OPTIONS (user '${user}', password '${password}')`);
    const [server] = await readRemoteSchemas(at.session, [{ server: 'fresh', candidates: [role], schemas: [{ name: 'vacant', selection: { kind: 'all' }, defaults: false }] }]);
    expect([server?.reader, server?.schemas[0]?.exists]).toEqual([role, true]);
    await at.session.query('ROLLBACK; BEGIN');
    expect(await at.session.query("SELECT srvname FROM pg_foreign_server WHERE srvname = 'fresh'")).toEqual([]);
    // The cached connection is closed with the server that it belonged to.
    expect(await at.session.query('SELECT * FROM postgres_fdw_get_connections()')).toEqual([]);
  });

  it('reads two servers in one transaction', async () => {
    await using other = await shop({ local: majors.local, remote: majors.local });
    await other.remote.query('DROP TABLE shop.nothing');
    const { host, port, dbname } = other.serverOptions;
    await addServer(fixture, 'second', { host, port, dbname });
    await addMapping(fixture, 'second', 'PUBLIC', other.remote.cluster);
    await using at = await open(fixture.local);
    const servers = await readRemoteSchemas(
      at.session,
      [fixture.server, 'second', fixture.server].map((server) => ({ server, schemas: [{ name: 'shop', selection: { kind: 'all' }, defaults: false }] })),
    );
    expect(servers.map(({ server, schemas }) => [server, schemas[0]?.names.includes('nothing')])).toEqual([[fixture.server, true], ['second', false], [fixture.server, true]]);
  });
});

/** A session that also keeps the plan of every query it is given. */
function explaining(session: Session, plans: string[]): Session {
  return watched(session, async (sql, params) => {
    if (params === undefined || !sql.includes('pg_temp.fdw_')) return;
    plans.push(JSON.stringify(await session.query(`EXPLAIN (VERBOSE, FORMAT JSON) ${sql}`, params), undefined, 1));
  });
}
