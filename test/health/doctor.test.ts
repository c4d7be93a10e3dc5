import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administer, cluster, createDatabase, majors, pairs, pair, uniqueName, urlOf, type Pair } from '../servers/index.ts';
import { silence } from '../servers/silence.ts';
import { addMapping, addServer, localRole } from '../remote/fixture.ts';
import { examined, linesOf, said } from './examine.ts';

describe.each(pairs())('through $local to $remote', (of) => {
  let two: Pair;
  let reader: string;

  beforeAll(async () => {
    two = await pair(of);
    reader = uniqueName('reader');
    await administer(two.remote.cluster, `CREATE ROLE ${reader} LOGIN PASSWORD 'right' CONNECTION LIMIT 5 VALID UNTIL '2200-01-01 00:00+00'`);
    await administer(two.remote.cluster, `ALTER ROLE ${reader} SET statement_timeout = '90s'`);
    await two.remote.query(`
      CREATE EXTENSION citext;
      CREATE TABLE orders (id bigint, tenant text, note text);
      ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON orders USING (tenant = current_setting('app.tenant', true));
      CREATE POLICY open ON orders FOR UPDATE USING (id > 0);
      GRANT SELECT ON orders TO ${reader}`);
    await two.local.query('CREATE EXTENSION postgres_fdw');
    await addServer(two, 'shop', { extensions: 'citext', connect_timeout: '5' });
    await addMapping(two, 'shop', 'PUBLIC', { user: reader, password: 'right' });
    await two.local.query(`CREATE FOREIGN TABLE orders (id bigint, tenant text, note text) SERVER shop OPTIONS (schema_name 'public')`);
  });

  afterAll(async () => {
    await two[Symbol.asyncDispose]();
    await administer(two.remote.cluster, `DROP ROLE ${reader}`);
  });

  test('says of a login and its server how they are', async () => {
    const servers = await examined(two.local);
    expect(said(servers, 'shop', 'reachable')).toEqual(['ok the first answer came after …']);
    expect(said(servers, 'shop', 'round-trip')).toEqual(['ok a round trip takes about …']);
    expect(said(servers, 'shop', 'identity')).toEqual([`ok database ${two.remote.name}, as ${reader}, who may have 5 connections`]);
    expect(said(servers, 'shop', 'password')).toEqual([expect.stringMatching(`^ok the password of ${reader} works until 2200-01-01`)]);
    expect(said(servers, 'shop', 'tls')).toEqual(['ok not encrypted, on the same machine']);
    expect(said(servers, 'shop', 'time-limits')).toEqual(['note the remote ends what takes longer: statement_timeout …']);
    expect(said(servers, 'shop', 'row-security')).toEqual([
      `warning policies hide rows of 1 table from ${reader}: public.orders; those of public.orders go by settings of the session, and those of the session here do not cross over`,
    ]);
    expect(said(servers, 'shop', 'role')).toEqual(['ok a primary']);
    expect(said(servers, 'shop', 'synchronous')).toEqual(['ok it has no standby']);
    expect(said(servers, 'shop', 'read-only')).toEqual(['ok it takes writes']);
    expect(said(servers, 'shop', 'encoding')).toEqual(['ok UTF8 on both sides']);
    expect(said(servers, 'shop', 'time-zone')).toEqual(['ok UTC there']);
    expect(said(servers, 'shop', 'extensions')).toEqual([expect.stringMatching(/^note citext is not installed here/)]);
    expect(said(servers, 'shop', 'statistics')).toEqual(['warning its foreign table was never analysed: the planner guesses its size']);
    expect(said(servers, 'shop', 'version')).toEqual([expect.stringMatching(new RegExp(`^${of.remote < of.local ? 'note' : 'ok'} PostgreSQL ${of.remote}\\.`))]);
  });

  test('leaves nothing, here or there', async () => {
    await examined(two.local);
    expect(await two.local.query("SELECT relname FROM pg_class WHERE relname LIKE 'fdw%'")).toEqual([]);
    await expect.poll(async () => two.remote.query(`SELECT pid FROM pg_stat_activity WHERE usename = '${reader}'`), { timeout: 5_000 }).toEqual([]);
  });

  test('says which of several user mappings is refused, and why', async () => {
    await using role = await localRole(two);
    await two.local.query(`GRANT USAGE ON FOREIGN SERVER shop TO ${role.user}`);
    await addMapping(two, 'shop', role.user, { user: reader, password: 'wrong' });
    const servers = await examined(two.local);
    expect(said(servers, 'shop', 'reachable')).toEqual(['ok the first answer came after …', expect.stringMatching(/^fail The remote of server "shop" refused the login\. .*password authentication failed/s)]);
    await two.local.query(`DROP USER MAPPING FOR ${role.user} SERVER shop`);
  });

  test('does not become roles that the connected role may not become', async () => {
    await using role = await localRole(two);
    await two.local.query(`GRANT USAGE ON FOREIGN SERVER shop TO ${role.user}`);
    await two.local.query('CREATE USER MAPPING FOR CURRENT_USER SERVER shop');
    const servers = await examined({ url: two.local.urlFor(role) });
    expect(said(servers, 'shop', 'reachable')).toEqual(['ok the first answer came after …', expect.stringMatching(/^unknown not tried: .*may not SET ROLE/s)]);
    await two.local.query('DROP USER MAPPING FOR CURRENT_USER SERVER shop');
  });
});

describe('a remote that does not answer', () => {
  let silent: Awaited<ReturnType<typeof silence>>;

  beforeAll(async () => {
    silent = await silence();
  });

  afterAll(() => {
    silent.close();
  });

  test.each(pairs())('delays its own lines only, from $local', async (of) => {
    await using two = await pair(of);
    await two.local.query('CREATE EXTENSION postgres_fdw');
    await addServer(two, 'good');
    await addMapping(two, 'good', 'PUBLIC', two.remote.cluster);
    await two.local.query(`CREATE SERVER hanging FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${silent.port}');
      CREATE USER MAPPING FOR PUBLIC SERVER hanging OPTIONS (user 'x', password 'x');
      CREATE SERVER refusing FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1');
      CREATE USER MAPPING FOR PUBLIC SERVER refusing OPTIONS (user 'x', password 'x')`);
    const begin = performance.now();
    const servers = await examined(two.local, { patience: 2_000 });
    expect(performance.now() - begin).toBeLessThan(15_000);
    expect(servers.map(({ server }) => server)).toEqual(['good', 'hanging', 'refusing']);
    expect(said(servers, 'good', 'reachable')).toEqual(['ok the first answer came after …']);
    expect(linesOf(servers, 'hanging').filter(({ level }) => level === 'fail')).toHaveLength(1);
    expect(said(servers, 'refusing', 'reachable')).toEqual([expect.stringMatching(/^fail The remote of server "refusing" cannot be reached from the database\./)]);
  });
});

describe('a database that another provider sorts', () => {
  /* The npm binaries are built with ICU; the builtin provider came in 17. */
  const providers = [
    { provider: 'icu', from: 15, locale: "ICU_LOCALE 'de'", named: 'de of icu [\\d.]+' },
    { provider: 'builtin', from: 17, locale: "BUILTIN_LOCALE 'C.UTF-8'", named: 'C\\.UTF-8 of builtin 1' },
  ] as const;
  const cases = providers.flatMap((each) => majors().filter((major) => major >= each.from).map((major) => ({ ...each, major })));

  test.each(cases)('$provider, there on PostgreSQL $major: both are named', async ({ provider, locale, named, major }) => {
    const name = uniqueName(provider);
    await administer(cluster(major), `CREATE DATABASE ${name} TEMPLATE template0 LOCALE_PROVIDER ${provider} ${locale}`);
    await using other = await createDatabase(cluster(major));
    await using local = await createDatabase(cluster(majors().at(0)));
    const { internalHost, internalPort, user, password } = cluster(major);
    await local.query(`CREATE EXTENSION postgres_fdw;
      CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${internalHost}', port '${internalPort}', dbname '${name}');
      CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS (user '${user}', password '${password}');
      CREATE FOREIGN TABLE t (a text) SERVER shop`);
    const texts = '1 foreign table has texts that are sorted and compared in one order there and in another here';
    expect(said(await examined(local), 'shop', 'collation')).toEqual([expect.stringMatching(new RegExp(`^warning ${named} there, \\S+ of libc here: ${texts}$`))]);
    // And from there: the database that differs is the local one.
    await other.query("CREATE TABLE t (a text); INSERT INTO t VALUES ('ä'), ('z'), ('B'), ('a')");
    const there = new pg.Client({ connectionString: urlOf(cluster(major), name) });
    await there.connect();
    await there.query(`CREATE EXTENSION postgres_fdw;
      CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${internalHost}', port '${internalPort}', dbname '${other.name}');
      CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS (user '${user}', password '${password}');
      CREATE FOREIGN TABLE t (a text) SERVER shop`);
    expect(said(await examined({ url: urlOf(cluster(major), name) }), 'shop', 'collation')).toEqual([expect.stringMatching(new RegExp(`^warning \\S+ of libc there, ${named} here: ${texts}$`))]);
    if (provider === 'icu') {
      // Which is true: what the remote sorts comes in its order, what is sorted here in another.
      const ordered = async (sql: string) => (await there.query<{ a: string }>(sql)).rows.map(({ a }) => a).join('');
      expect([await ordered('SELECT a FROM t ORDER BY a'), await ordered("SELECT a FROM (SELECT a FROM t OFFSET 0) x ORDER BY a || ''")]).toEqual(['Bazä', 'aäBz']);
    }
    await there.end();
    await administer(cluster(major), `DROP DATABASE ${name} WITH (FORCE)`);
  });
});

test('of another wrapper it says what can be said', async () => {
  await using db = await createDatabase();
  await db.query("CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; CREATE USER MAPPING FOR PUBLIC SERVER files; CREATE FOREIGN TABLE t (a text) SERVER files OPTIONS (filename '/dev/null')");
  const servers = await examined(db);
  expect(said(servers, 'files', 'reachable')).toEqual(['unknown what stands behind a server of file_fdw cannot be looked at: fdw knows postgres_fdw']);
  expect(linesOf(servers, 'files').some(({ check }) => check === 'hosts')).toBe(false);
});

test('a name that no server has is refused', async () => {
  await using db = await createDatabase();
  await expect(examined(db, { servers: ['shop'] })).rejects.toMatchObject({ id: 'unknown-server', todo: 'It has no foreign servers at all.' });
});
