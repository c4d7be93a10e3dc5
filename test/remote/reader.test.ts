import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { readRemoteSchemas } from '../../src/remote/read-remote-schemas.ts';
import { chooseReaders } from '../../src/remote/reader.ts';
import type { RemoteRequest } from '../../src/remote/request.ts';
import { ident } from '../../src/sql/quote.ts';
import { pairs, startCluster, uniqueName, urlOf, type PrivateCluster } from '../servers/index.ts';
import { addMapping, addServer, localRole, shop, type Shop } from './fixture.ts';
import { open } from './open.ts';

const schemas: RemoteRequest['schemas'] = [{ name: 'shop', selection: { kind: 'listed', names: ['paid'] }, defaults: false }];

/** What a reading that must fail says. */
async function failure(reading: Promise<unknown>): Promise<{ readonly id: string; readonly text: string }> {
  try {
    await reading;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { id: error.id, text: [error.message, error.why, error.todo].join('\n') };
  }
  throw new Error('it did not fail');
}

describe.each(pairs().map((majors) => ({ majors, name: `${majors.local}→${majors.remote}` })))('who reads a remote, $name', ({ majors }) => {
  let fixture: Shop;
  let superuser: string;
  beforeAll(async () => {
    fixture = await shop(majors);
    superuser = fixture.local.cluster.user;
    await fixture.local.query(`REVOKE TEMPORARY ON DATABASE ${fixture.local.name} FROM PUBLIC`);
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  /** A server without any user mapping. */
  async function lonely(more: Readonly<Record<string, string>> = {}): Promise<string> {
    const name = uniqueName('lonely');
    await addServer(fixture, name, more);
    return name;
  }

  /** The remote user that a session of the local database comes as, by what `pg_stat_activity` shows on the remote. */
  async function remoteUsers(applicationName: string): Promise<readonly string[]> {
    const rows = await fixture.remote.query<{ usename: string }>('SELECT usename FROM pg_stat_activity WHERE application_name = $1', [applicationName]);
    return rows.map(({ usename }) => usename);
  }

  const poor = (): { user: string; password: string } => ({ user: fixture.poorRole, password: 'poor' });
  const grant = async (role: string, server: string): Promise<void> => {
    await fixture.local.query(`GRANT USAGE ON FOREIGN SERVER ${ident(server)} TO ${role}; GRANT TEMPORARY ON DATABASE ${fixture.local.name} TO ${role}`);
  };

  it('is the connected role where PUBLIC has a mapping', async () => {
    await using at = await open(fixture.local);
    expect(await chooseReaders(at.session, [{ server: fixture.server, candidates: ['nobody'] }])).toEqual([{ server: fixture.server, creator: superuser, reader: superuser }]);
  });

  it('is a candidate that has a mapping where the connected role has none, and its mapping is the one that is used', async () => {
    await using app = await localRole(fixture);
    const tag = uniqueName('tag');
    const server = await lonely({ application_name: tag });
    await addMapping(fixture, server, app.user, poor());
    await using at = await open(fixture.local);
    const [read] = await readRemoteSchemas(at.session, [{ server, candidates: ['nobody', app.user], schemas }]);
    expect([read?.reader, read?.schemas[0]?.relations.map(({ name }) => name)]).toEqual([app.user, ['paid']]);
    expect(await remoteUsers(tag)).toEqual([fixture.poorRole]);
    expect(await at.session.query('SELECT current_user::text AS role')).toEqual([{ role: superuser }]);
  });

  it('is the role that was asked for, even where the connected role has a mapping', async () => {
    await using app = await localRole(fixture);
    const server = await lonely();
    await addMapping(fixture, server, app.user, poor());
    await addMapping(fixture, server, superuser, fixture.remote.cluster);
    await using at = await open(fixture.local);
    expect((await readRemoteSchemas(at.session, [{ server, role: app.user, schemas }]))[0]?.reader).toBe(app.user);
    expect((await readRemoteSchemas(at.session, [{ server, schemas }]))[0]?.reader).toBe(superuser);
  });

  it('may be a role without any more than USAGE, TEMPORARY and a mapping, to a remote user without a privilege', async () => {
    await using app = await localRole(fixture);
    const server = await lonely();
    await addMapping(fixture, server, app.user, poor());
    await grant(app.user, server);
    await using at = await open(fixture.local, app);
    const [read] = await readRemoteSchemas(at.session, [{ server, schemas: [{ name: 'shop', selection: { kind: 'listed', names: ['orders'] }, defaults: true }] }]);
    const columns = new Map(read?.schemas[0]?.relations[0]?.columns.map((column) => [column.name, column]));
    expect(columns.get('statuses')?.type.name).toBe('status');
    // Expressions are not shown to a role that has no privilege on the column; that there is one, is.
    expect([columns.get('doubled')?.computed, columns.get('doubled')?.generated, columns.get('status')?.default]).toEqual(['stored', undefined, undefined]);
  });

  it('is told what it may not read there, without a lock on it', async () => {
    const role = uniqueName('half');
    const read = async (roleOptions = ''): Promise<Readonly<Record<string, string>>> => {
      await fixture.remote.query(`ALTER ROLE ${role} LOGIN PASSWORD 'half'; ${roleOptions}`);
      const server = await lonely();
      await addMapping(fixture, server, superuser, { user: role, password: 'half' });
      await using at = await open(fixture.local);
      const [found] = await readRemoteSchemas(at.session, [{ server, schemas: [{ name: 'closing', selection: { kind: 'all' }, defaults: false }], unreadable: true }]);
      return Object.fromEntries(found?.unreadable?.[0] ?? []);
    };
    await fixture.remote.query(`
      CREATE ROLE ${role}; CREATE SCHEMA closing; GRANT USAGE ON SCHEMA closing TO ${role};
      CREATE TABLE closing.open_to_it (id int); CREATE TABLE closing.one_column (id int); CREATE TABLE closing.shut (id int); CREATE VIEW closing.shut_view AS SELECT 1 AS one;
      CREATE MATERIALIZED VIEW closing.nobody_says AS SELECT 1 AS one; CREATE TABLE closing.own (id int); ALTER TABLE closing.own OWNER TO ${role};
      GRANT SELECT ON closing.open_to_it TO ${role}; GRANT SELECT (id) ON closing.one_column TO ${role}`);
    const holder = await fixture.remote.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE closing.shut, closing.open_to_it, closing.own IN ACCESS EXCLUSIVE MODE');
      expect(await read()).toEqual({ shut: 'no privilege there', shut_view: 'no privilege there' });
    } finally {
      await holder.query('ROLLBACK');
    }
    expect(await read(`GRANT pg_read_all_data TO ${role}`)).toEqual({});
    const closed = await read(`REVOKE pg_read_all_data FROM ${role}; REVOKE USAGE ON SCHEMA closing FROM ${role}`);
    expect([Object.keys(closed).length, new Set(Object.values(closed))]).toEqual([6, new Set(['permission denied for schema closing'])]);
  });

  it('may be one role that creates and another that reads', async () => {
    await using creator = await localRole(fixture);
    await using reader = await localRole(fixture);
    const server = await lonely();
    await addMapping(fixture, server, reader.user, poor());
    await grant(creator.user, server);
    await fixture.local.query(`GRANT ${reader.user} TO ${creator.user}`);
    await using at = await open(fixture.local, creator);
    expect(await chooseReaders(at.session, [{ server, candidates: [reader.user] }])).toEqual([{ server, creator: creator.user, reader: reader.user }]);
    const [read] = await readRemoteSchemas(at.session, [{ server, candidates: [reader.user], schemas }]);
    expect(read?.schemas[0]?.relations.length).toBe(1);
  });

  it('is refused where nobody has a mapping', async () => {
    const server = await lonely();
    await using app = await localRole(fixture);
    await using at = await open(fixture.local);
    const { id, text } = await failure(readRemoteSchemas(at.session, [{ server, candidates: [app.user, 'nobody'], schemas }]));
    expect(id).toBe('no-user-mapping');
    expect(text).toContain(server);
    expect(text).toContain(`neither role "${app.user}" nor PUBLIC has a user mapping; role "nobody" does not exist`);
  });

  it('is refused where the connected role may not become the one that has a mapping', async () => {
    await using app = await localRole(fixture);
    const server = await lonely();
    await addMapping(fixture, server, superuser, fixture.remote.cluster);
    await grant(app.user, server);
    await using at = await open(fixture.local, app);
    const { id, text } = await failure(readRemoteSchemas(at.session, [{ server, candidates: [superuser], schemas }]));
    expect([id, text.includes('may not SET ROLE to it')]).toEqual(['no-user-mapping', true]);
  });

  it('is refused without USAGE on the server, or without TEMPORARY on the database', async () => {
    await using app = await localRole(fixture);
    await using at = await open(fixture.local, app);
    const usage = await failure(readRemoteSchemas(at.session, [{ server: fixture.server, schemas }]));
    expect([usage.id, usage.text.includes('GRANT USAGE ON FOREIGN SERVER "rem""ote"')]).toEqual(['no-server-usage', true]);
    await fixture.local.query(`GRANT USAGE ON FOREIGN SERVER ${ident(fixture.server)} TO ${app.user}`);
    const temporary = await failure(readRemoteSchemas(at.session, [{ server: fixture.server, schemas }]));
    expect([temporary.id, temporary.text.includes(`GRANT TEMPORARY ON DATABASE ${fixture.local.name}`)]).toEqual(['no-temp-privilege', true]);
  });

  it('needs a password that the remote asks for, unless it is a superuser', async () => {
    await using app = await localRole(fixture);
    const server = await lonely();
    await fixture.local.query(`CREATE USER MAPPING FOR ${app.user} SERVER ${server} OPTIONS (user 'x')`);
    await grant(app.user, server);
    await using at = await open(fixture.local, app);
    const { id, text } = await failure(readRemoteSchemas(at.session, [{ server, schemas }]));
    expect([id, text.includes(server)]).toEqual(['remote-password-required', true]);
  });

  describe('errors name the server, never a secret, and leave the transaction usable', () => {
    it.each<{ what: string; id: string; options: Readonly<Record<string, string>>; password?: string }>([
      { what: 'nothing listens', id: 'remote-unreachable', options: { port: '1' } },
      { what: 'the host is unknown', id: 'remote-unreachable', options: { host: 'no-such-host.invalid' } },
      { what: 'the database is missing', id: 'remote-login-failed', options: { dbname: 'nosuch' } },
      { what: 'the password is wrong', id: 'remote-login-failed', options: {}, password: 'hunter2-wrong' },
    ])('$what', async ({ id, options, password }) => {
      const server = uniqueName('broken');
      await addServer(fixture, server, options);
      await addMapping(fixture, server, 'PUBLIC', { user: fixture.remote.cluster.user, password: password ?? fixture.remote.cluster.password });
      await using at = await open(fixture.local);
      const found = await failure(readRemoteSchemas(at.session, [{ server, schemas }]));
      expect(found.id).toBe(id);
      expect(found.text).toContain(`server "${server}"`);
      expect(found.text).not.toContain(password ?? fixture.remote.cluster.password);
      expect(await at.session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('the server is missing', async () => {
      await using at = await open(fixture.local);
      const found = await failure(readRemoteSchemas(at.session, [{ server: 'nosuch', schemas }]));
      expect([found.id, found.text.includes('no server "nosuch"')]).toEqual(['server-missing', true]);
    });

    it('the wrapper is another', async () => {
      await fixture.local.query("CREATE EXTENSION IF NOT EXISTS file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw");
      await using at = await open(fixture.local);
      const found = await failure(readRemoteSchemas(at.session, [{ server: 'files', schemas }]));
      expect([found.id, found.text.includes('the wrapper "file_fdw"')]).toEqual(['remote-wrapper-unsupported', true]);
    });

    it('the transaction is read-only', async () => {
      await using at = await open(fixture.local);
      await at.session.query('SET LOCAL transaction_read_only = on');
      expect((await failure(readRemoteSchemas(at.session, [{ server: fixture.server, schemas }]))).id).toBe('database-read-only');
    });

    it('the remote user may not read the catalogs', async () => {
      await fixture.remote.query('REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC');
      try {
        const server = uniqueName('odd');
        await addServer(fixture, server);
        await addMapping(fixture, server, 'PUBLIC', poor());
        await using at = await open(fixture.local);
        const found = await failure(readRemoteSchemas(at.session, [{ server, schemas }]));
        expect([found.id, found.text.includes(server)]).toEqual(['remote-catalog-unreadable', true]);
      } finally {
        await fixture.remote.query('GRANT SELECT ON pg_catalog.pg_class TO PUBLIC');
      }
    });

    it('the remote has no catalogs like those of PostgreSQL', async () => {
      // As another product behind PostgreSQL's protocol might have it.
      await using other = await shop(majors);
      await other.remote.query('SET allow_system_table_mods = on; ALTER TABLE pg_catalog.pg_collation RENAME COLUMN collname TO other');
      await using at = await open(other.local);
      const orders: RemoteRequest['schemas'] = [{ name: 'shop', selection: { kind: 'listed', names: ['orders'] }, defaults: false }];
      const found = await failure(readRemoteSchemas(at.session, [{ server: other.server, schemas: orders }]));
      expect([found.id, found.text.includes('cannot be read as those of PostgreSQL 14 to 18')]).toEqual(['remote-catalog-unreadable', true]);
    });

    it('the connection is lost midway', async () => {
      const server = uniqueName('cut');
      await addServer(fixture, server, { application_name: server });
      await addMapping(fixture, server, 'PUBLIC', fixture.remote.cluster);
      await using at = await open(fixture.local);
      await readRemoteSchemas(at.session, [{ server, schemas }]);
      await fixture.remote.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [server]);
      expect((await failure(readRemoteSchemas(at.session, [{ server, schemas }]))).id).toBe('remote-connection-lost');
    });

    it('reading takes longer than the statement timeout', async () => {
      await using at = await open(fixture.local);
      await using locker = await open(fixture.remote);
      // A new connection does without this relation, so that it is the reading that waits.
      await locker.session.query('LOCK TABLE pg_catalog.pg_enum IN ACCESS EXCLUSIVE MODE');
      await at.session.query("SET LOCAL statement_timeout = '300ms'");
      const orders: RemoteRequest['schemas'] = [{ name: 'shop', selection: { kind: 'listed', names: ['orders'] }, defaults: false }];
      expect((await failure(readRemoteSchemas(at.session, [{ server: fixture.server, schemas: orders }]))).id).toBe('remote-timeout');
    });
  });
});

describe.runIf(process.env['FDW_TEST_SERVERS'] !== 'containers')('a standby', () => {
  let standby: PrivateCluster;
  let fixture: Shop;
  beforeAll(async () => {
    fixture = await shop();
    standby = await startCluster({ standbyOf: fixture.remote.cluster });
  });
  afterAll(async () => {
    await standby.stop();
    await fixture[Symbol.asyncDispose]();
  });

  it('can be read as a remote', async () => {
    await addServer(fixture, 'standby', { host: standby.internalHost, port: String(standby.internalPort) });
    await addMapping(fixture, 'standby', 'PUBLIC', fixture.remote.cluster);
    await using at = await open(fixture.local);
    const [read] = await readRemoteSchemas(at.session, [{ server: 'standby', schemas }]);
    expect(read?.schemas[0]?.relations.map(({ name }) => name)).toEqual(['paid']);
  });

  it('cannot read a remote itself, and says so', async () => {
    await using at = await open({ url: urlOf(standby, fixture.remote.name), urlFor: (as) => urlOf(standby, fixture.remote.name, as) });
    // No server is needed to see it: the database takes no temporary table.
    const found = await failure(readRemoteSchemas(at.session, [{ server: 'any', schemas }]));
    expect([found.id, found.text.includes('hot standby')]).toEqual(['database-is-standby', true]);
  });
});
