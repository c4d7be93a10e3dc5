import { userInfo } from 'node:os';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { describeTarget } from '../../../src/postgres/connection/describe.ts';
import { keywords, nearestKeyword } from '../../../src/postgres/connection/keywords.ts';
import { resolveTarget } from '../../../src/postgres/connection/resolve.ts';
import { temporaryHome, userErrorOf } from '../fixture.ts';

describe('precedence', () => {
  test('own parameters, then the service, then variables, then defaults', async () => {
    await using home = await temporaryHome();
    await home.write('.pg_service.conf', '[shop]\nhost=service\nport=2\nsslmode=require\nuser=service_user');
    const env = { ...home.env, PGHOST: 'env', PGPORT: '3', PGSSLMODE: 'disable', PGDATABASE: 'envdb', PGAPPNAME: 'mine' };
    const target = await resolveTarget('service=shop host=own', env);
    expect(target.hosts).toMatchObject([{ host: 'own', port: 2 }]);
    expect(target).toMatchObject({ user: 'service_user', database: 'envdb', applicationName: 'mine', tls: { mode: 'require' } });
    expect((await resolveTarget(undefined, { ...env, PGSERVICE: 'shop' })).hosts[0].host).toBe('service');
    expect((await resolveTarget('host=own', { ...env, PGSERVICE: '' })).hosts[0]).toMatchObject({ host: 'own', port: 3 });
  });

  test('defaults', async () => {
    await using home = await temporaryHome();
    const target = await resolveTarget(undefined, home.env);
    expect(target.hosts).toMatchObject([{ port: 5432, password: undefined }]);
    expect(target).toMatchObject({
      user: userInfo().username,
      database: userInfo().username,
      connectTimeout: 0,
      sessionAttributes: 'any',
      shuffle: false,
      channelBinding: 'prefer',
      allowedAuthentication: undefined,
      keepAliveIdle: 0,
      tls: { mode: 'prefer', negotiation: 'postgres', rootCertificate: { path: `${home.folder}/.postgresql/root.crt`, explicit: false } },
    });
    expect((await resolveTarget('user=ann', home.env)).database).toBe('ann');
    expect((await resolveTarget('', home.env)).database).toBe(userInfo().username);
  });

  test.each([
    'mysql://ann:hunter2@h/shop',
    'POSTGRESQL://ann:hunter2@h/shop',
    'postgres:/ann:hunter2@h/shop',
    'postgresql+psycopg2://ann:hunter2@h/shop',
    'jdbc:postgresql://h/shop?user=ann&password=hunter2',
    'ann:hunter2@h/shop',
    'ann@h/shop',
  ])('what is nearly a URL is refused, and not shown: %s', async (text) => {
    await using home = await temporaryHome();
    const error = await userErrorOf(resolveTarget(text, home.env, '--database'));
    expect(error).toMatchObject({ id: 'connection-invalid', message: '--database is neither a URL of PostgreSQL, nor key=value pairs, nor the name of a database.' });
    expect(inspect(error)).not.toContain('hunter2');
  });

  test('a name with a colon or an at sign can be written', async () => {
    await using home = await temporaryHome();
    expect((await resolveTarget(`dbname='a:b@c'`, home.env)).database).toBe('a:b@c');
    expect((await resolveTarget('my-shop.2', home.env)).database).toBe('my-shop.2');
  });

  test('every variable of libpq sets its parameter', async () => {
    await using home = await temporaryHome();
    const target = await resolveTarget(undefined, {
      ...home.env,
      PGHOST: 'h',
      PGHOSTADDR: '127.0.0.1',
      PGPORT: '1',
      PGDATABASE: 'd',
      PGUSER: 'u',
      PGPASSWORD: 'p',
      PGREQUIREAUTH: 'md5,none',
      PGCHANNELBINDING: 'require',
      PGOPTIONS: '-c geqo=off',
      PGAPPNAME: 'a',
      PGSSLMODE: 'verify-full',
      PGSSLNEGOTIATION: 'direct',
      PGSSLCERT: '/c',
      PGSSLKEY: '/k',
      PGSSLCERTMODE: 'disable',
      PGSSLROOTCERT: '/r',
      PGSSLCRL: '/l',
      PGSSLCRLDIR: '/d',
      PGSSLSNI: '0',
      PGSSLMINPROTOCOLVERSION: 'tlsv1.2',
      PGSSLMAXPROTOCOLVERSION: 'TLSv1.3',
      PGCONNECT_TIMEOUT: ' 7 ',
      PGTARGETSESSIONATTRS: 'standby',
      PGLOADBALANCEHOSTS: 'random',
      PGTZ: 'Europe/Berlin',
      PGDATESTYLE: 'default',
      PGGEQO: 'off',
    });
    expect({ ...target, hosts: target.hosts.map((host) => ({ ...host, password: host.password?.reveal() })) }).toEqual({
      hosts: [{ host: 'h', hostaddr: '127.0.0.1', port: 1, password: 'p', passwordFrom: 'PGPASSWORD' }],
      database: 'd',
      user: 'u',
      applicationName: 'a',
      startup: new Map([
        ['options', '-c geqo=off'],
        ['timezone', 'Europe/Berlin'],
        ['geqo', 'off'],
      ]),
      connectTimeout: 7,
      sessionAttributes: 'standby',
      shuffle: true,
      tls: {
        mode: 'verify-full',
        negotiation: 'direct',
        rootCertificate: { path: '/r', explicit: true },
        certificate: { path: '/c', explicit: true },
        key: { path: '/k', explicit: true },
        keyPassword: undefined,
        sendCertificate: false,
        revocationList: { path: '/l', explicit: true },
        revocationFolder: '/d',
        serverNameIndication: false,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
      },
      channelBinding: 'require',
      allowedAuthentication: new Set(['md5', 'none']),
      keepAliveIdle: 0,
      warnings: [],
    });
    expect((await resolveTarget('host=h', { ...home.env, PGREQUIRESSL: '1' })).tls.mode).toBe('require');
  });
});

describe('hosts', () => {
  test.each<readonly [string, readonly Record<string, unknown>[]]>([
    ['host=a,b,c', [{ host: 'a', port: 5432 }, { host: 'b', port: 5432 }, { host: 'c', port: 5432 }]],
    ['host=a,b port=1', [{ host: 'a', port: 1 }, { host: 'b', port: 1 }]],
    ['host=a,b port=1,', [{ host: 'a', port: 1 }, { host: 'b', port: 5432 }]],
    ['postgres://a:1,b,[::1]:3/', [{ host: 'a', port: 1 }, { host: 'b', port: 5432 }, { host: '::1', port: 3 }]],
    ['hostaddr=127.0.0.1,::1', [{ host: '', hostaddr: '127.0.0.1' }, { host: '', hostaddr: '::1' }]],
    ['host=a,b hostaddr=127.0.0.1,', [{ host: 'a', hostaddr: '127.0.0.1' }, { host: 'b', hostaddr: undefined }]],
    ['host=/srv/pg,db', [{ host: '/srv/pg' }, { host: 'db' }]],
  ])('%s', async (connection, hosts) => {
    await using home = await temporaryHome();
    expect((await resolveTarget(connection, home.env)).hosts).toMatchObject(hosts);
  });

  test('each host of a list finds its own password', async () => {
    await using home = await temporaryHome();
    const file = await home.write('.pgpass', 'a:1:d:u:for a\nb:*:*:*:for b');
    const { hosts } = await resolveTarget('host=a,b,c port=1 dbname=d user=u', home.env);
    expect(hosts.map(({ password }) => password?.reveal())).toEqual(['for a', 'for b', undefined]);
    expect(hosts[0].passwordFrom).toBe(file);
    const given = await resolveTarget('host=a,b port=1 dbname=d user=u password=x', home.env);
    expect(given.hosts.map(({ password }) => password?.reveal())).toEqual(['x', 'x']);
  });
});

describe('what is refused', () => {
  test.each([
    ['host=a,b port=1,2,3', 'There are 3 ports for 2 hosts.'],
    ['host=a,b hostaddr=127.0.0.1', 'There are 2 host names for 1 addresses (hostaddr).'],
    ['hostaddr=localhost', '"localhost" is not a numeric address (hostaddr).'],
    ['port=70000', 'The port "70000" is not a number from 1 to 65535.'],
    ['postgres://u:hunter2/x', 'The port is not a number from 1 to 65535.'],
    ['sslmode=on', '"on" is not a value of sslmode (the connection string). Use one of: disable, allow, prefer, require, verify-ca, verify-full.'],
    ['sslmode=', '"" is not a value of sslmode (the connection string).'],
    ['sslrootcert=system sslmode=require', 'sslmode=require is too weak for sslrootcert=system.'],
    ['sslnegotiation=direct', 'sslmode=prefer is too weak for sslnegotiation=direct.'],
    ['sslcertmode=require', 'fdw cannot honour sslcertmode=require.'],
    ['ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2', 'ssl_min_protocol_version is above ssl_max_protocol_version.'],
    ['connect_timeout=soon', '"soon" is not a whole number for connect_timeout (the connection string).'],
    ['target_session_attrs=master', '"master" is not a value of target_session_attrs'],
    ['load_balance_hosts=yes', '"yes" is not a value of load_balance_hosts'],
    ['require_auth=md5,!password', 'require_auth mixes methods with and without "!".'],
    ['require_auth=kerberos', '"kerberos" is not a method of require_auth.'],
    ['require_auth=md5,md5', 'require_auth names md5 more than once.'],
    ['gssencmode=require', 'fdw cannot honour gssencmode=require.'],
    ['replication=database', 'fdw cannot honour replication=database.'],
    ['host=/tmp requirepeer=postgres', 'fdw cannot honour requirepeer.'],
    ['min_protocol_version=3.2', 'fdw cannot honour min_protocol_version=3.2.'],
    ['oauth_client_secret=hunter2', 'fdw cannot honour oauth_client_secret.'],
    ['scram_client_key=hunter2', 'fdw cannot honour scram_client_key.'],
  ])('%s', async (connection, message) => {
    await using home = await temporaryHome();
    const error = await userErrorOf(resolveTarget(connection, home.env));
    expect(error.id).toBe('connection-invalid');
    expect([error.message, error.todo].join(' ')).toContain(message);
    expect([error.message, error.why, error.todo].join(' ')).not.toContain('hunter2');
  });

  test.each(['gssencmode=prefer', 'replication=false', 'requirepeer=x host=db', 'client_encoding=latin1', 'krbsrvname=x', 'keepalives_count=3'])(
    '%s is harmless',
    async (connection) => {
      await using home = await temporaryHome();
      await expect(resolveTarget(connection, home.env)).resolves.toBeDefined();
    },
  );
});

test('a root certificate that is named and missing is a warning below verify-ca', async () => {
  await using home = await temporaryHome();
  const warnings = async (mode: string): Promise<readonly string[]> => (await resolveTarget(`sslmode=${mode} sslrootcert=/nonexistent`, home.env)).warnings;
  expect(await warnings('require')).toEqual(["The root certificate /nonexistent does not exist, so the server's certificate is not checked (sslmode=require)."]);
  expect(await warnings('disable')).toEqual([]);
  expect(await warnings('verify-full')).toEqual([]);
});

test('the nearest keyword', () => {
  expect(['pasword', 'sslrootcertificate', 'username', 'conect_timeout', 'xyz'].map(nearestKeyword)).toEqual([
    'password',
    undefined,
    'user',
    'connect_timeout',
    undefined,
  ]);
  expect(keywords.every(({ name }) => nearestKeyword(name) === name)).toBe(true);
});

test('a target shows no password', async () => {
  await using home = await temporaryHome();
  const target = await resolveTarget('postgresql://ann:hunter2@a:1,/shop?host=a,%2Frun%2Fpg&sslpassword=hunter2', home.env);
  expect(describeTarget(target)).toBe('shop at a, port 1; socket folder /run/pg, port 5432, as ann');
  expect(inspect(target, { depth: 9 })).not.toContain('hunter2');
  expect(JSON.stringify(target)).not.toContain('hunter2');
});
