import { createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quoteConninfoValue } from '../../src/postgres/connection/parse-conninfo.ts';
import { administer, cluster, createDatabase, majors, serverKind, startCluster, uniqueName, type PrivateCluster, type TestDatabase } from '../servers/index.ts';
import { listening } from '../servers/listening.ts';
import { open, temporaryHome, userErrorOf, type Home } from './fixture.ts';

let db: TestDatabase;
let home: Home;
let role: string;
const password = String.raw`p@ss:w/o?r#d %'\x`;

beforeAll(async () => {
  db = await createDatabase();
  home = await temporaryHome();
  role = uniqueName('conn');
  await administer(cluster(), `CREATE ROLE ${role} LOGIN PASSWORD E'${password.replace(/[\\']/g, '\\$&')}'`);
});

afterAll(async () => {
  await db.drop();
  await administer(cluster(), `DROP ROLE ${role}`);
  await home[Symbol.asyncDispose]();
});

/** Who and where the server says we are. */
async function whoAmI(connection: string | undefined, env: NodeJS.ProcessEnv = {}): Promise<string> {
  await using session = await open(connection, { ...home.env, ...env });
  const [row] = await session.query<{ who: string }>("SELECT concat_ws(' ', session_user, current_database(), inet_server_addr() IS NULL) AS who");
  return row?.who ?? '';
}

const plain = (settings: Record<string, string | number>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${quoteConninfoValue(String(value))}`)
    .join(' ');

describe.each(majors().map((major) => [major]))('major %i', (major) => {
  test('tells its facts', async () => {
    const { host, port, user, password: secret } = cluster(major);
    await using session = await open(plain({ host, port, user, password: secret, dbname: 'postgres' }), home.env);
    const [asked] = await session.query<{ num: number }>("SELECT current_setting('server_version_num')::int AS num");
    expect(session.facts).toEqual({ versionNum: asked?.num, database: 'postgres', user, host, port, tls: false, pooled: false });
  });
});

describe('every way to say it', () => {
  test('a URL with a password of special characters', async () => {
    const { host, port } = cluster();
    expect(await whoAmI(`postgresql://${role}:${encodeURIComponent(password)}@${host}:${port}/${db.name}`)).toBe(`${role} ${db.name} f`);
  });

  test('key=value pairs', async () => {
    const { host, port } = cluster();
    expect(await whoAmI(plain({ host, port, user: role, password, dbname: db.name }))).toBe(`${role} ${db.name} f`);
  });

  test('variables only, and the name of a database with them', async () => {
    const { host, port } = cluster();
    const env = { PGHOST: host, PGPORT: String(port), PGUSER: role, PGPASSWORD: password };
    expect(await whoAmI(undefined, { ...env, PGDATABASE: db.name })).toBe(`${role} ${db.name} f`);
    expect(await whoAmI(db.name, { ...env, PGDATABASE: 'nosuch' })).toBe(`${role} ${db.name} f`);
  });

  test('hostaddr, with a name that does not exist', async () => {
    const { host, port } = cluster();
    expect(await whoAmI(plain({ host: 'nosuch.invalid', hostaddr: host, port, user: role, password, dbname: db.name }))).toBe(`${role} ${db.name} f`);
  });

  test.runIf(process.platform !== 'win32')('a password file', async () => {
    const { host, port } = cluster();
    const escaped = password.replace(/[:\\]/g, '\\$&');
    const url = `postgresql://${role}@${host}:${port}/${db.name}`;
    await using own = await temporaryHome();
    const file = await own.write('.pgpass', `# mine\n${host}:${port}:other:${role}:wrong\n*:${port}:${db.name}:${role}:${escaped}\n`);
    expect(await whoAmI(url, own.env)).toBe(`${role} ${db.name} f`);
    expect(await whoAmI(url, { PGPASSFILE: file })).toBe(`${role} ${db.name} f`);
    expect(await whoAmI(`${url}?passfile=${encodeURIComponent(file)}`)).toBe(`${role} ${db.name} f`);

    await own.write('.pgpass', `*:*:*:*:${escaped}`, 0o644);
    const error = await userErrorOf(whoAmI(url, own.env));
    expect(error.id).toBe('password-missing');
    expect(error.why).toBe(
      `The server asks for a password, and none was given. The password file ${file} was not read: others may read it (mode 0644). Run: chmod 600 ${file}`,
    );
  });

  test.runIf(majors().some((major) => major >= 16))('a scram password of many iterations', async () => {
    const { host, port } = cluster();
    const patient = uniqueName('patient');
    await administer(cluster(), `CREATE ROLE ${patient} LOGIN`);
    await administer(cluster(), `DO $$ BEGIN SET LOCAL scram_iterations = 150000; ALTER ROLE ${patient} PASSWORD 'right'; END $$`);
    expect(await whoAmI(plain({ host, port, user: patient, password: 'right', dbname: db.name }))).toBe(`${patient} ${db.name} f`);
    await administer(cluster(), `DROP ROLE ${patient}`);
  });

  test('a service', async () => {
    const { host, port } = cluster();
    await using own = await temporaryHome();
    await own.write('.pg_service.conf', `[shop]\nhost=${host}\nport=${port}\nuser=${role}\ndbname=nosuch\npassword=${password}\n`);
    expect(await whoAmI(`service=shop dbname=${db.name}`, own.env)).toBe(`${role} ${db.name} f`);
    expect(await whoAmI(`postgresql:///${db.name}?service=shop`, own.env)).toBe(`${role} ${db.name} f`);
    expect(await whoAmI(`dbname=${db.name}`, { ...own.env, PGSERVICE: 'shop', PGUSER: 'nobody' })).toBe(`${role} ${db.name} f`);
  });

  test('PGOPTIONS, PGTZ and the name of the application', async () => {
    const { host, port } = cluster();
    const show = async (connection: string, env: NodeJS.ProcessEnv): Promise<unknown> => {
      await using session = await open(connection, { ...home.env, ...env });
      const settings = ['application_name', 'TimeZone', 'work_mem', 'statement_timeout', 'lock_timeout'];
      const rows = await session.query<{ value: string }>('SELECT current_setting(name) AS value FROM unnest($1::text[]) AS name', [settings]);
      return rows.map(({ value }) => value);
    };
    const base = plain({ host, port, user: role, password, dbname: db.name });
    expect(await show(base, {})).toEqual(['fdw/test', 'UTC', '4MB', '1min', '5s']);
    expect(await show(base, { PGAPPNAME: 'mine', PGTZ: 'Asia/Tokyo', PGOPTIONS: '-c work_mem=5MB -c statement_timeout=7s' })).toEqual([
      'mine',
      'Asia/Tokyo',
      '5MB',
      '7s',
      '5s',
    ]);
    expect(await show(`${base} application_name='own name'`, { PGAPPNAME: 'mine' })).toContain('own name');
  });
});

describe.runIf(serverKind() === 'embedded' && process.platform !== 'win32')('a Unix socket', () => {
  const socket = (): string => cluster().socket ?? '';

  test('as host, in a URL, and in PGHOST', async () => {
    const { port } = cluster();
    expect(await whoAmI(plain({ host: socket(), port, user: role, password, dbname: db.name }))).toBe(`${role} ${db.name} t`);
    const secret = encodeURIComponent(password);
    expect(await whoAmI(`postgresql://${role}:${secret}@${encodeURIComponent(socket())}:${port}/${db.name}`)).toBe(`${role} ${db.name} t`);
    expect(await whoAmI(`postgresql://${role}:${secret}@:${port}/${db.name}?host=${socket()}`)).toBe(`${role} ${db.name} t`);
    expect(await whoAmI(`dbname=${db.name}`, { PGHOST: socket(), PGPORT: String(port), PGUSER: role, PGPASSWORD: password })).toBe(`${role} ${db.name} t`);
  });

  test('never uses TLS, whatever sslmode says', async () => {
    await using session = await open(plain({ host: socket(), port: cluster().port, user: role, password, dbname: db.name, sslmode: 'require' }), home.env);
    expect(session.facts).toMatchObject({ host: socket(), tls: false });
  });

  test('says which socket is missing', async () => {
    const error = await userErrorOf(whoAmI(plain({ host: '/nonexistent', port: 1, user: role })));
    expect(error.id).toBe('connection-refused');
    expect(error.why).toBe('There is no socket /nonexistent/.s.PGSQL.1.');
  });
});

describe('a list of hosts', () => {
  test('goes on after a refused connection and an unknown name', async () => {
    const { host, port } = cluster();
    const list = { host: `${host},nosuch.invalid,${host}`, port: `1,${port},${port}` };
    await using session = await open(plain({ ...list, user: role, password, dbname: db.name }), home.env);
    expect(session.facts).toMatchObject({ host, port });
  });

  test('in random order', async () => {
    const { host, port } = cluster();
    const list = { host: `${host},${host}`, port: `1,${port}`, load_balance_hosts: 'random' };
    expect(await whoAmI(plain({ ...list, user: role, password, dbname: db.name }))).toBe(`${role} ${db.name} f`);
  });

  test('stops at a refused password, as libpq does', async () => {
    const { host, port } = cluster();
    const list = { host: `${host},${host},${host}`, port: `1,${port},${port}` };
    const error = await userErrorOf(whoAmI(plain({ ...list, user: role, password: 'hunter2', dbname: db.name })));
    expect(error.id).toBe('authentication-failed');
    expect(error.message).toBe(`Could not connect to "${db.name}" at ${host}, port ${port}.`);
    expect(error.why).toBe(
      `The server says: password authentication failed for user "${role}". The password came from the connection string.\n` +
        `Tried before: ${host}, port 1: The connection was refused: no server listens there.`,
    );
  });

  test('names the reason of every host', async () => {
    const { host } = cluster();
    const error = await userErrorOf(whoAmI(plain({ host: `${host},nosuch.invalid`, port: 1, user: role, dbname: 'd' })));
    expect(error.id).toBe('no-host-usable');
    expect(error.message).toBe('Could not connect to "d": none of 2 hosts will do.');
    expect(error.why).toBe(
      `${host}, port 1: The connection was refused: no server listens there.\nnosuch.invalid, port 1: The name "nosuch.invalid" is not known to the resolver.`,
    );
  });
});

describe('what can go wrong', () => {
  const at = (more: Record<string, string | number>): string => plain({ host: cluster().host, port: cluster().port, user: role, password, dbname: db.name, ...more });

  test.each([
    ['connection-refused', () => at({ port: 1 }), 'The connection was refused: no server listens there.'],
    ['host-not-found', () => at({ host: 'nosuch.invalid' }), 'The name "nosuch.invalid" is not known to the resolver.'],
    ['authentication-failed', () => at({ password: 'hunter2' }), `The server says: password authentication failed for user`],
    ['authentication-failed', () => at({ user: 'nosuch' }), `The server says: password authentication failed for user "nosuch".`],
    ['password-missing', () => at({ password: '' }), 'The server asks for a password, and none was given.'],
    ['database-missing', () => at({ dbname: 'nosuch' }), 'The server says: database "nosuch" does not exist.'],
    ['tls-refused', () => at({ sslmode: 'require' }), 'The server does not offer TLS, and sslmode=require needs it.'],
    ['connection-rejected', () => at({ options: '-c nosuch=1' }), 'The server says: unrecognized configuration parameter "nosuch". (SQLSTATE 42704)'],
    ['authentication-failed', () => at({ require_auth: 'md5' }), 'The server asks for scram-sha-256; require_auth allows only md5.'],
    ['authentication-failed', () => at({ require_auth: '!scram-sha-256' }), 'The server asks for scram-sha-256; require_auth allows only'],
    ['authentication-failed', () => at({ channel_binding: 'require' }), 'channel_binding=require, but the server asks for scram-sha-256 without channel binding.'],
  ])('%s', async (id, connection, why) => {
    const error = await userErrorOf(whoAmI(connection()));
    expect([error.id, error.why]).toEqual([id, expect.stringContaining(why)]);
    expect(error.todo).toBeTruthy();
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    expect(error.message).toMatch(/^Could not connect to "/);
  });

  test('permission-denied and too-many-connections', async () => {
    const limited = uniqueName('limited');
    await administer(cluster(), `CREATE ROLE ${limited} LOGIN PASSWORD 'x' CONNECTION LIMIT 0`);
    await administer(cluster(), `REVOKE CONNECT ON DATABASE ${db.name} FROM PUBLIC`);
    expect((await userErrorOf(whoAmI(at({})))).id).toBe('permission-denied');
    await administer(cluster(), `GRANT CONNECT ON DATABASE ${db.name} TO PUBLIC`);
    expect((await userErrorOf(whoAmI(at({ user: limited, password: 'x' })))).id).toBe('too-many-connections');
    await administer(cluster(), `DROP ROLE ${limited}`);
  });

  describe('with something else on the port', () => {
    const servers: Server[] = [];
    const listen = async (onConnection: (socket: Socket) => void): Promise<number> => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        onConnection(socket);
      });
      servers.push(server);
      return listening(server);
    };
    afterAll(() => {
      for (const server of servers) server.close();
    });
    const to = (port: number, more: Record<string, string | number> = {}): string => plain({ host: '127.0.0.1', port, user: 'u', dbname: 'd', password: 'hunter2', ...more });

    test('silence ends with connect_timeout, and the next host is tried', async () => {
      const port = await listen(() => undefined);
      const started = Date.now();
      const error = await userErrorOf(whoAmI(to(port, { connect_timeout: 2 })));
      expect([error.id, error.why]).toEqual(['connection-timeout', 'There was no answer within 2 s (connect_timeout).']);
      expect(Date.now() - started).toBeLessThan(4000);
      const real = cluster();
      const list = plain({ host: `127.0.0.1,${real.host}`, port: `${port},${real.port}`, user: role, password, dbname: db.name, connect_timeout: 2 });
      expect(await whoAmI(list)).toBe(`${role} ${db.name} f`);
    });

    test('a web server', async () => {
      const port = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      expect((await userErrorOf(whoAmI(to(port)))).id).toBe('not-postgresql');
      expect((await userErrorOf(whoAmI(to(port, { sslmode: 'disable' })))).id).toMatch(/^(not-postgresql|connection-closed)$/);
    });

    test('one that hangs up', async () => {
      const port = await listen((socket) => socket.destroy());
      expect((await userErrorOf(whoAmI(to(port)))).id).toBe('connection-closed');
      expect((await userErrorOf(whoAmI(to(port, { sslmode: 'disable' })))).id).toBe('connection-closed');
    });

    test.each([
      ['GSSAPI', 7, 'The server asks for GSSAPI, which fdw does not know.'],
      ['an unknown method', 99, 'The server asks for method 99, which fdw does not know.'],
    ])('one that asks for %s', async (_, code, why) => {
      const port = await listen((socket) => socket.once('data', () => socket.write(authentication(code))));
      const error = await userErrorOf(whoAmI(to(port, { sslmode: 'disable' })));
      expect([error.id, error.why]).toEqual(['authentication-failed', why]);
    });

    test('one that cannot take connections now: the next host is tried, also for a standby that is only starting', async () => {
      const port = await listen((socket) => socket.once('data', () => socket.end(serverError('57P03', 'the database system is starting up'))));
      const error = await userErrorOf(whoAmI(to(port, { sslmode: 'disable' })));
      expect([error.id, error.why]).toEqual(['cannot-connect-now', 'The server says: the database system is starting up.']);
      const real = cluster();
      const list = { host: `127.0.0.1,${real.host}`, port: `${port},${real.port}`, sslmode: 'disable' };
      expect(await whoAmI(plain({ ...list, user: role, password, dbname: db.name }))).toBe(`${role} ${db.name} f`);
    });

    test('one that sends data before the TLS handshake', async () => {
      const port = await listen((socket) => socket.once('data', () => socket.write('Sinjected')));
      const error = await userErrorOf(whoAmI(to(port, { sslmode: 'require' })));
      expect([error.id, error.why]).toEqual(['not-postgresql', expect.stringContaining('It sent data before the TLS handshake.')]);
    });

    test('one that answers the request for TLS with an error, which is not shown', async () => {
      const port = await listen((socket) => socket.once('data', () => socket.end(serverError('XX000', 'injected'))));
      const error = await userErrorOf(whoAmI(to(port, { sslmode: 'require' })));
      expect([error.id, error.why]).toEqual(['connection-failed', 'The server answered the request for TLS with an error.']);
    });

    test('one that takes any password without proving that it knows it', async () => {
      const port = await listen((socket) => {
        socket.once('data', () => {
          socket.write(Buffer.concat([authentication(10, 'SCRAM-SHA-256\0\0')]));
          socket.once('data', () => socket.write(Buffer.concat([authentication(0), Buffer.from('Z\0\0\0\x05I', 'latin1')])));
        });
      });
      const error = await userErrorOf(whoAmI(to(port, { sslmode: 'disable' })));
      expect([error.id, error.why]).toEqual(['authentication-failed', 'The server did not prove that it knows the password.']);
    });
  });

  test('interrupted while it waits', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    const port = await listening(server);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const error = await userErrorOf(open(plain({ host: '127.0.0.1', port, user: 'u' }), home.env, { signal: controller.signal }));
    expect(error.id).toBe('interrupted');
    expect((await userErrorOf(open('host=127.0.0.1 port=1', home.env, { signal: AbortSignal.abort() }))).id).toBe('interrupted');
    server.close();
  });
});

/** An ErrorResponse. */
function serverError(sqlstate: string, message: string): Buffer {
  const fields = `SFATAL\0C${sqlstate}\0M${message}\0\0`;
  const head = Buffer.from('E\0\0\0\0', 'latin1');
  head.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, Buffer.from(fields, 'latin1')]);
}

/** An Authentication… message: type R, length, code, rest. */
function authentication(code: number, rest = ''): Buffer {
  const message = Buffer.alloc(9 + rest.length);
  message.write('R', 'latin1');
  message.writeInt32BE(8 + rest.length, 1);
  message.writeInt32BE(code, 5);
  message.write(rest, 9, 'latin1');
  return message;
}

describe('methods of authentication', () => {
  let server: PrivateCluster;
  beforeAll(async () => {
    server = await startCluster({
      settings: { password_encryption: 'md5' },
      hba: `local all all trust
host all md5_user all md5
host all clear_user all password
host all trusted_user all trust
host all rejected_user all reject
host all all all scram-sha-256
`,
    });
    for (const name of ['md5', 'clear', 'trusted', 'rejected']) await administer(server, `CREATE ROLE ${name}_user LOGIN PASSWORD 'right'`);
  });
  afterAll(() => server.stop());

  test.each([
    ['md5_user', 'md5'],
    ['clear_user', 'password'],
    ['trusted_user', 'none'],
  ])('%s', async (user, method) => {
    const settings = { host: server.host, port: server.port, user, password: 'right', dbname: 'postgres' };
    await using session = await open(plain({ ...settings, require_auth: method }), home.env);
    expect(session.facts.user).toBe(user);
    const error = await userErrorOf(open(plain({ ...settings, require_auth: 'scram-sha-256' }), home.env));
    expect([error.id, error.why]).toEqual(['authentication-failed', expect.stringContaining('require_auth allows only scram-sha-256.')]);
  });

  test('reject', async () => {
    const error = await userErrorOf(open(plain({ host: server.host, port: server.port, user: 'rejected_user', dbname: 'postgres' }), home.env));
    expect(error.id).toBe('authentication-failed');
    expect(error.why).toContain('pg_hba.conf rejects connection');
  });
});
