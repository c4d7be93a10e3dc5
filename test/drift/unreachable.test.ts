import { describe, expect, test } from 'vitest';
import { remoteDrift } from '../../src/flows/drift.ts';
import { ident, literal } from '../../src/sql/quote.ts';
import { majors, pair, uniqueName, administer } from '../servers/index.ts';
import { request } from './drift.ts';
import { silence } from '../servers/silence.ts';

describe.each(majors())('on PostgreSQL %i', (major) => {
  test('a server that cannot be read is unknown, and the others are told', async () => {
    await using databases = await pair({ local: major });
    const silent = await silence();
    const options = (more: Readonly<Record<string, string | number>> = {}): string => Object.entries({ ...databases.serverOptions, ...more }).map(([key, value]) => `${key} ${literal(value)}`).join(', ');
    const { user, password } = databases.remote.cluster;
    await databases.remote.query('CREATE TABLE t (id bigint)');
    const servers = { 'a hanging': { port: silent.port }, 'b nowhere': { host: 'nowhere.invalid' }, 'c closed': { port: 1 }, 'd no mapping': {}, 'e wrong password': {}, 'f fine': {}, 'g no database': { dbname: 'nosuch' } };
    await databases.local.query('CREATE EXTENSION postgres_fdw; CREATE SCHEMA here');
    for (const [name, more] of Object.entries(servers)) {
      await databases.local.query(`CREATE SERVER ${ident(name)} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (${options(more)});
        CREATE FOREIGN TABLE here.${ident(name)} (id bigint, gone int) SERVER ${ident(name)} OPTIONS (schema_name 'public', table_name 't')`);
      if (name === 'd no mapping') continue;
      const with_ = name === 'e wrong password' ? 'wrong' : password;
      await databases.local.query(`CREATE USER MAPPING FOR PUBLIC SERVER ${ident(name)} OPTIONS (user ${literal(user)}, password ${literal(with_)})`);
    }
    const started = performance.now();
    const { report } = await remoteDrift(request({ database: databases.local.url, patience: 1500 }));
    silent.close();
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(report.unknown.map(({ server, id }) => [server, id])).toEqual([
      // Before 16 it is libpq's own limit that ends it.
      ['a hanging', major < 16 ? 'remote-unreachable' : 'remote-timeout'],
      ['b nowhere', 'remote-unreachable'],
      ['c closed', 'remote-unreachable'],
      ['d no mapping', 'no-user-mapping'],
      ['e wrong password', 'remote-login-failed'],
      ['g no database', 'remote-login-failed'],
    ]);
    if (major >= 16) expect(report.unknown[0]?.message).toBe('The remote of server "a hanging" did not answer within 1.5 s.');
    expect(report.findings.map(({ server, id }) => [server, id])).toEqual([['f fine', 'column-gone']]);
    expect(JSON.stringify(report)).not.toContain(password);
    // Nothing is left: no connection of ours, here or there, and no object.
    const open = await databases.local.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'fdw/%'");
    expect(open).toEqual([{ n: 0 }]);
  });

  test('a silent remote holds nobody up who may not alter its server', async () => {
    await using databases = await pair({ local: major });
    const silent = await silence();
    const role = uniqueName('app');
    await administer(databases.local.cluster, `CREATE ROLE ${ident(role)} LOGIN PASSWORD 'app'`);
    try {
      const { user, password } = databases.remote.cluster;
      const { host, port, dbname } = databases.serverOptions;
      await databases.local.query('CREATE EXTENSION postgres_fdw');
      for (const [name, to] of [['a silent', String(silent.port)], ['b fine', port]] as const) {
        await databases.local.query(`CREATE SERVER ${ident(name)} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ${literal(host)}, port '${to}', dbname ${literal(dbname)});
          CREATE USER MAPPING FOR PUBLIC SERVER ${ident(name)} OPTIONS (user ${literal(user)}, password ${literal(password)});
          CREATE FOREIGN TABLE ${ident(`${name} t`)} (id int) SERVER ${ident(name)}; GRANT USAGE ON FOREIGN SERVER ${ident(name)} TO ${role}`);
      }
      const { report } = await remoteDrift(request({ database: databases.local.urlFor({ user: role, password: 'app' }), patience: 1000 }));
      expect(report.unknown.map(({ server, id }) => [server, id])).toEqual([['a silent', 'remote-timeout']]);
      expect(report.findings.map(({ server, id }) => [server, id])).toEqual([['b fine', 'relation-gone']]);
    } finally {
      silent.close();
      await databases.local.query(`DROP OWNED BY ${ident(role)} CASCADE`);
      await administer(databases.local.cluster, `DROP ROLE ${ident(role)}`);
    }
  });

  test('who may not see, and a name that leads to nothing, are told so', async () => {
    await using databases = await pair({ local: major });
    await databases.local.query('CREATE EXTENSION postgres_fdw');
    await expect(remoteDrift(request({ database: databases.local.url, servers: ['shop'] }))).rejects.toMatchObject({ id: 'unknown-server' });
    expect((await remoteDrift(request({ database: databases.local.url }))).report).toEqual({ servers: [], findings: [], unknown: [] });
    const role = uniqueName('app');
    await administer(databases.local.cluster, `CREATE ROLE ${ident(role)} LOGIN PASSWORD 'app'`);
    try {
      await databases.local.query(`CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw; CREATE USER MAPPING FOR PUBLIC SERVER shop; CREATE FOREIGN TABLE t (id int) SERVER shop`);
      const { report } = await remoteDrift(request({ database: databases.local.urlFor({ user: role, password: 'app' }) }));
      expect(report.unknown.map(({ server, id }) => [server, id])).toEqual([['shop', 'no-server-usage']]);
    } finally {
      await administer(databases.local.cluster, `DROP ROLE ${ident(role)}`);
    }
  });
});
