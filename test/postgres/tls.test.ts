import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quoteConninfoValue } from '../../src/postgres/connection/parse-conninfo.ts';
import { administer, cluster, startCluster, type PrivateCluster } from '../servers/index.ts';
import { certificateText, open, temporaryHome, userErrorOf, type Home } from './fixture.ts';

type Name = 'server' | 'wrong-name' | 'self-signed' | 'expired' | 'address-in-name';

// Which roles come in how: over TLS only, without TLS only, with a client certificate, or either way.
const hba = `local all all trust
hostssl all tls_only all scram-sha-256
hostnossl all plain_only all scram-sha-256
hostssl all fdw_client all cert
hostssl all both_role all scram-sha-256 clientcert=verify-ca
host all postgres all scram-sha-256
host all any_role all scram-sha-256
`;

let server: PrivateCluster;
let home: Home;
let authority: string;
let other: string;

beforeAll(async () => {
  home = await temporaryHome();
  authority = await home.certificate('authority.crt');
  other = await home.certificate('other-authority.crt');
  const tls = { cert: await certificateText('server.crt'), key: await certificateText('server.key'), ca: await certificateText('authority.crt') };
  server = await startCluster({ tls, hba });
  for (const role of ['tls_only', 'plain_only', 'any_role', 'fdw_client', 'both_role']) {
    await administer(server, `CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
  }
});

afterAll(async () => {
  await server.stop();
  await home[Symbol.asyncDispose]();
});

/** Makes the server show another certificate: a reload is enough, and much quicker than a further cluster. */
async function showCertificate(name: Name): Promise<void> {
  for (const file of [`${name}.crt`, `${name}.key`]) {
    const lines = (await certificateText(file)).trimEnd().replaceAll('\n', "'), ('");
    await administer(server, `COPY (VALUES ('${lines}')) TO PROGRAM 'umask 077; cat > ${file}'`);
  }
  await administer(server, `ALTER SYSTEM SET ssl_cert_file = '${name}.crt'`);
  await administer(server, `ALTER SYSTEM SET ssl_key_file = '${name}.key'`);
  await administer(server, 'SELECT pg_reload_conf()');
  for (;;) {
    await using session = await open(connection({ sslmode: 'disable' }), home.env);
    const [row] = await session.query<{ ssl_cert_file: string }>('SHOW ssl_cert_file');
    if (row?.ssl_cert_file === `${name}.crt`) return;
  }
}

type Extra = Readonly<Record<string, string | number>>;

function connection(extra: Extra = {}): string {
  const { port, user, password } = server;
  const settings = { host: 'localhost', port, user, password, dbname: 'postgres', ...extra };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${quoteConninfoValue(String(value))}`)
    .join(' ');
}

/** `tls` or `plain`, as the server sees it, or the error's id. */
async function outcome(text: string, env: NodeJS.ProcessEnv = home.env): Promise<string> {
  const session = await open(text, env).catch(async (error: unknown) => (await userErrorOf(Promise.reject(error as Error))).id);
  if (typeof session === 'string') return session;
  const [row] = await session.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  expect(session.facts.tls).toBe(row?.ssl);
  await session.close();
  return row?.ssl === true ? 'tls' : 'plain';
}

describe('sslmode against a server with a good certificate', () => {
  const as = (user: string, sslmode: string, extra: Extra = {}): string => connection({ user, password: 'right', sslmode, ...extra });

  test.each([
    ['disable', 'any_role', 'plain'],
    ['allow', 'any_role', 'plain'],
    ['prefer', 'any_role', 'tls'],
    ['require', 'any_role', 'tls'],
    ['disable', 'tls_only', 'tls-required'],
    ['allow', 'tls_only', 'tls'],
    ['prefer', 'tls_only', 'tls'],
    ['require', 'tls_only', 'tls'],
    ['disable', 'plain_only', 'plain'],
    ['allow', 'plain_only', 'plain'],
    ['prefer', 'plain_only', 'plain'],
    ['require', 'plain_only', 'authentication-failed'],
  ])('%s as %s', async (mode, user, expected) => {
    expect(await outcome(as(user, mode))).toBe(expected);
  });

  test('verify-ca and verify-full need a root certificate', async () => {
    const error = await userErrorOf(open(as('any_role', 'verify-ca'), home.env));
    expect(error.id).toBe('tls-file-invalid');
    expect(error.why).toBe(`sslmode=verify-ca needs a root certificate, and ${home.folder}/.postgresql/root.crt does not exist.`);
    expect(await outcome(as('any_role', 'verify-full'))).toBe('tls-file-invalid');
    expect(await outcome(as('any_role', 'verify-full', { sslrootcert: '/nonexistent' }))).toBe('tls-file-invalid');
  });

  test('verify-ca and verify-full with the right one', async () => {
    expect(await outcome(as('any_role', 'verify-ca', { sslrootcert: authority }))).toBe('tls');
    expect(await outcome(as('any_role', 'verify-full', { sslrootcert: authority }))).toBe('tls');
    expect(await outcome(as('any_role', 'verify-full', { sslrootcert: authority, host: '127.0.0.1' }))).toBe('tls');
    expect(await outcome(as('any_role', 'verify-full', { sslrootcert: authority, hostaddr: '127.0.0.1' }))).toBe('tls');
    expect(await outcome(as('any_role', 'verify-full'), { ...home.env, PGSSLROOTCERT: authority })).toBe('tls');
  });

  test('verify-full needs a name; verify-ca does not', async () => {
    const text = (mode: string): string => `hostaddr=127.0.0.1 port=${server.port} user=any_role password=right dbname=postgres sslmode=${mode} sslrootcert=${authority}`;
    expect(await outcome(text('verify-full'))).toBe('hostname-mismatch');
    expect(await outcome(text('verify-ca'))).toBe('tls');
  });

  test.each(['require', 'verify-ca', 'verify-full'])('%s with another authority', async (mode) => {
    const error = await userErrorOf(open(as('any_role', mode, { sslrootcert: other }), home.env));
    expect(error.id).toBe('certificate-not-trusted');
    expect(error.why).toContain(`is not signed by an authority of ${other}`);
  });

  test('prefer with another authority goes on without TLS, as libpq does', async () => {
    expect(await outcome(as('any_role', 'prefer', { sslrootcert: other }))).toBe('plain');
    const error = await userErrorOf(open(as('tls_only', 'prefer', { sslrootcert: other }), home.env));
    expect(error.id).toBe('certificate-not-trusted');
    expect(error.why).toContain('no encryption');
  });

  test('require verifies once ~/.postgresql/root.crt exists', async () => {
    await using own = await temporaryHome();
    expect(await outcome(as('any_role', 'require'), own.env)).toBe('tls');
    await own.certificate('other-authority.crt', '.postgresql/root.crt');
    expect(await outcome(as('any_role', 'require'), own.env)).toBe('certificate-not-trusted');
    await own.certificate('authority.crt', '.postgresql/root.crt');
    expect(await outcome(as('any_role', 'require'), own.env)).toBe('tls');
    expect(await outcome(as('any_role', 'verify-full'), own.env)).toBe('tls');
  });

  test('sslrootcert=system: an authority of our own is not among the machine’s', async () => {
    expect(await outcome(connection({ sslrootcert: 'system' }))).toBe('certificate-not-trusted');
  });

  test('a revoked certificate', async () => {
    const revoked = await home.certificate('revoked.crl');
    const empty = await home.certificate('empty.crl', 'lists/empty.crl');
    const verify = { sslrootcert: authority };
    expect(await outcome(as('any_role', 'verify-full', { ...verify, sslcrl: revoked }))).toBe('certificate-not-trusted');
    expect(await outcome(as('any_role', 'verify-full', { ...verify, sslcrl: empty }))).toBe('tls');
    expect(await outcome(as('any_role', 'verify-full', { ...verify, sslcrldir: `${home.folder}/lists` }))).toBe('tls');
    const error = await userErrorOf(open(as('any_role', 'verify-full', { ...verify, sslcrl: revoked }), home.env));
    expect(error.why).toBe("The server's certificate has been revoked.");
  });

  test('channel binding', async () => {
    expect(await outcome(as('any_role', 'require', { channel_binding: 'require' }))).toBe('tls');
    expect(await outcome(as('any_role', 'require', { channel_binding: 'disable' }))).toBe('tls');
    expect(await outcome(as('any_role', 'disable', { channel_binding: 'require' }))).toBe('authentication-failed');
  });

  test('TLS versions', async () => {
    expect(await outcome(as('any_role', 'require', { ssl_max_protocol_version: 'TLSv1.2' }))).toBe('tls');
    expect(await outcome(as('any_role', 'require', { ssl_min_protocol_version: 'TLSv1.3' }))).toBe('tls');
  });

  test('TLS from the first byte (17 and later)', async () => {
    const newEnough = server.major >= 17;
    expect(await outcome(as('any_role', 'require', { sslnegotiation: 'direct' }))).toBe(newEnough ? 'tls' : 'tls-failed');
  });

  test('a statement is cancelled over TLS', async () => {
    await using session = await open(as('any_role', 'require'), home.env);
    const running = userErrorOf(session.query('SELECT pg_sleep(30)'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await session.cancel();
    expect(await running).toMatchObject({ sqlstate: '57014' });
  });
});

describe('other certificates', () => {
  let shown: Name = 'server';
  const show = async (name: Name): Promise<void> => {
    if (shown !== name) await showCertificate(name);
    shown = name;
  };
  afterAll(() => show('server'));

  test('another name: verify-ca takes it, verify-full does not', async () => {
    await show('wrong-name');
    expect(await outcome(connection({ sslmode: 'verify-ca', sslrootcert: authority }))).toBe('tls');
    const error = await userErrorOf(open(connection({ sslmode: 'verify-full', sslrootcert: authority }), home.env));
    expect(error.id).toBe('hostname-mismatch');
    expect(error.why).toBe(`The server's certificate is not for "localhost" but for DNS:db.example.com, DNS:*.shard.example.com.`);
  });

  test.each([
    ['db.example.com', 'tls'],
    ['a.shard.example.com', 'tls'],
    ['a.b.shard.example.com', 'hostname-mismatch'],
    ['shard.example.com', 'hostname-mismatch'],
    ['127.0.0.1', 'hostname-mismatch'],
  ])('%s, found by hostaddr', async (host, expected) => {
    await show('wrong-name');
    const extra = { host, hostaddr: '127.0.0.1', sslmode: 'verify-full', sslrootcert: authority };
    expect(await outcome(connection(extra))).toBe(expected);
  });

  test('an address in the common name, as libpq takes it', async () => {
    await show('address-in-name');
    const verify = { sslmode: 'verify-full', sslrootcert: authority };
    expect(await outcome(connection({ ...verify, host: '127.0.0.1' }))).toBe('tls');
    expect(await outcome(connection(verify))).toBe('hostname-mismatch');
  });

  test('self-signed', async () => {
    await show('self-signed');
    expect(await outcome(connection({ sslmode: 'require' }))).toBe('tls');
    expect(await outcome(connection({ sslmode: 'require', sslrootcert: authority }))).toBe('certificate-not-trusted');
    expect(await outcome(connection({ sslmode: 'verify-full', sslrootcert: await home.certificate('self-signed.crt') }))).toBe('tls');
  });

  test('expired', async () => {
    await show('expired');
    expect(await outcome(connection({ sslmode: 'require' }))).toBe('tls');
    const error = await userErrorOf(open(connection({ sslmode: 'verify-ca', sslrootcert: authority }), home.env));
    expect([error.id, error.why]).toEqual(['certificate-not-trusted', 'A certificate of the server has expired.']);
  });
});

describe('a client certificate', () => {
  const cert = (extra: Extra = {}): string => connection({ user: 'fdw_client', sslmode: 'require', ...extra });

  test('by settings, and from its default place', async () => {
    const files = { sslcert: await home.certificate('client.crt'), sslkey: await home.certificate('client.key') };
    expect(await outcome(cert(files))).toBe('tls');
    expect(await outcome(cert({ ...files, user: 'both_role', password: 'right' }))).toBe('tls');
    expect(await outcome(cert({ ...files, sslcertmode: 'disable' }))).toBe('client-certificate-required');
    await using own = await temporaryHome();
    await own.certificate('client.crt', '.postgresql/postgresql.crt');
    await own.certificate('client.key', '.postgresql/postgresql.key');
    expect(await outcome(cert(), own.env)).toBe('tls');
  });

  test('is missing', async () => {
    const error = await userErrorOf(open(cert(), home.env));
    expect(error.id).toBe('client-certificate-required');
    expect(error.todo).toBe(`Name one with sslcert and sslkey; ${home.folder}/.postgresql/postgresql.crt was looked for.`);
  });

  test('with an encrypted key', async () => {
    const files = { sslcert: await home.certificate('client.crt'), sslkey: await home.certificate('client-encrypted.key') };
    expect(await outcome(cert({ ...files, sslpassword: 'open sesame' }))).toBe('tls');
    for (const wrong of [files, { ...files, sslpassword: 'hunter2' }]) {
      const error = await userErrorOf(open(cert(wrong), home.env));
      expect([error.id, error.why]).toEqual(['tls-file-invalid', `The private key ${files.sslkey} is encrypted, and sslpassword is missing or wrong.`]);
    }
  });

  test.skipIf(process.platform === 'win32')('with a key that is missing, open to others, or no key', async () => {
    const sslcert = await home.certificate('client.crt');
    const why = async (sslkey: string): Promise<string | undefined> => (await userErrorOf(open(cert({ sslcert, sslkey }), home.env))).why;
    expect(await why('/nonexistent')).toBe(`There is a client certificate (${sslcert}) but not its private key (/nonexistent).`);
    const open_ = await home.write('open.key', await certificateText('client.key'), 0o644);
    expect(await why(open_)).toBe(`The private key ${open_} is open to others than its owner.`);
    expect(await why(await home.write('no.key', 'nonsense'))).toMatch(/^The TLS files cannot be used: /);
    expect(await why(await home.certificate('server.key'))).toMatch(/^The TLS files cannot be used: .*mismatch/);
  });
});

describe('a server without TLS', () => {
  test.each([
    ['disable', 'plain'],
    ['allow', 'plain'],
    ['prefer', 'plain'],
    ['require', 'tls-refused'],
    ['verify-ca', 'tls-refused'],
    ['verify-full', 'tls-refused'],
  ])('%s', async (sslmode, expected) => {
    const { host, port, user, password } = cluster();
    const session = await open(`host=${host} port=${port} user=${user} password=${password} dbname=postgres sslmode=${sslmode} sslrootcert=${authority}`, home.env).catch(
      async (error: unknown) => (await userErrorOf(Promise.reject(error as Error))).id,
    );
    if (typeof session !== 'string') await session.close();
    expect(typeof session === 'string' ? session : 'plain').toBe(expected);
  });
});
