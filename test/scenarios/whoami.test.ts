import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whoami } from '../../src/flows/whoami.ts';
import { linksOf, type Access } from '../../src/model/access.ts';
import { whoamiText } from '../../src/report/whoami-text.ts';
import { plainSurface } from '../../src/report/style.ts';
import { addMapping, addServer } from '../remote/fixture.ts';
import { administer, pair, pairs, uniqueName, type Pair } from '../servers/index.ts';

const database = { name: 'app', host: 'db-1', port: 5432, user: 'deploy', versionNum: 180004, chosenBy: 'the spec' };

/* Local roles of the story; `reader` is one of the remote. */
const names = ['rep', 'noma', 'group', 'heir', 'guest', 'nopass', 'reader'] as const;

describe.each(pairs())('whoami through $local to $remote', (of) => {
  const role = Object.fromEntries(names.map((name) => [name, uniqueName(name)])) as Readonly<Record<(typeof names)[number], string>>;
  let two: Pair;

  const ask = async (who: string, object?: string, database = two.local.url): Promise<Access> =>
    (await whoami({ specPath: undefined, database, env: {}, progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve(''), role: who, object, jobs: 4, patience: 10_000 })).access;
  /** What is missing, with the statement that adds it. */
  const missing = (access: Access): readonly (readonly [message: string, todo: string | undefined])[] =>
    linksOf(access).filter(({ state }) => state === 'missing').map(({ message, todo }) => [message, todo === undefined ? undefined : 'sql' in todo ? `${todo.on}: ${todo.sql}` : todo.words]);
  const told = (access: Access): string => names.reduce((text, name) => text.replaceAll(role[name], name), whoamiText({ database, access }, plainSurface).replace(/^Database .*\n.*\n\n/, '')).replaceAll(/_[0-9a-f]{10}\b/g, '');

  beforeAll(async () => {
    two = await pair(of);
    const { local, remote } = two;
    await administer(remote.cluster, `CREATE ROLE ${role.reader} LOGIN PASSWORD 'right'`);
    for (const name of names.slice(0, -1)) await administer(local.cluster, `CREATE ROLE ${role[name]} LOGIN PASSWORD 'right'`);
    await remote.query(`CREATE TABLE orders (id int, note text); GRANT SELECT ON orders TO ${role.reader};
      CREATE TABLE secret (id int); CREATE SCHEMA vault; CREATE TABLE vault.gold (id int); GRANT SELECT ON vault.gold TO ${role.reader};
      CREATE SCHEMA "Odd. ""Schema"; CREATE TABLE "Odd. ""Schema"."it's" (id int);
      GRANT USAGE ON SCHEMA "Odd. ""Schema" TO ${role.reader}; GRANT SELECT (id) ON "Odd. ""Schema"."it's" TO ${role.reader}`);
    await local.query('CREATE EXTENSION postgres_fdw');
    await addServer(two, 'shop');
    await addMapping(two, 'shop', role.rep, { user: role.reader, password: 'right' });
    await addMapping(two, 'shop', role.group, { user: role.reader, password: 'right' });
    await local.query(`
      CREATE USER MAPPING FOR ${role.nopass} SERVER shop OPTIONS (user '${role.reader}');
      CREATE FOREIGN TABLE orders (id int, note text) SERVER shop OPTIONS (schema_name 'public');
      CREATE FOREIGN TABLE secret (id int) SERVER shop OPTIONS (schema_name 'public');
      CREATE FOREIGN TABLE gold (id int) SERVER shop OPTIONS (schema_name 'vault');
      CREATE FOREIGN TABLE gone (id int) SERVER shop OPTIONS (schema_name 'vault');
      CREATE SCHEMA "Odd. ""Schema";
      CREATE FOREIGN TABLE "Odd. ""Schema"."it's" (id int) SERVER shop;
      CREATE TABLE parent (id int, note text) PARTITION BY LIST (id);
      CREATE FOREIGN TABLE part PARTITION OF parent FOR VALUES IN (1) SERVER shop OPTIONS (schema_name 'public', table_name 'orders');
      GRANT SELECT ON orders, secret, gold, gone, parent TO ${role.rep}, ${role.noma}, ${role.group}, ${role.nopass};
      GRANT ${role.group} TO ${role.heir};
      GRANT SELECT ON "Odd. ""Schema"."it's" TO ${role.rep};
      CREATE VIEW vo AS SELECT * FROM orders; ALTER VIEW vo OWNER TO ${role.noma};
      CREATE VIEW outside AS SELECT id FROM vo; ALTER VIEW outside OWNER TO ${role.guest};
      CREATE MATERIALIZED VIEW kept AS SELECT * FROM orders WITH NO DATA; ALTER MATERIALIZED VIEW kept OWNER TO ${role.noma};
      GRANT SELECT ON vo, kept, outside TO ${role.rep}`);
  });

  afterAll(async () => {
    await two[Symbol.asyncDispose]();
    for (const name of names.slice(0, -1)) await administer(two.local.cluster, `DROP ROLE ${role[name]}`);
    await administer(two.remote.cluster, `DROP ROLE ${role.reader}`);
  });

  test('S9: rep may read the view, but its owner has no user mapping; with the statement, rep reads it', async () => {
    const broken = await ask(role.rep, 'public.vo');
    const message = `view owner ${role.noma} has no mapping on shop (there are some for ${[role.group, role.nopass, role.rep].sort().join(', ')}; membership does not count)`;
    expect(missing(broken)).toEqual([[message, `local: CREATE USER MAPPING FOR ${role.noma} SERVER shop OPTIONS (user '…', password '…')`]]);
    expect(told(broken)).toMatchInlineSnapshot(`
      "  ✓ role rep
        ✓ view public.vo: rep may read it; it reads as its owner,
          noma
          ✓ foreign table public.orders of server shop: noma may read it

      Server shop, as noma
        ✗ view owner noma has no mapping on shop (there are some for
          group, nopass, rep; membership does not
          count)

      missing: view owner noma has no mapping on shop (there are some for
        group, nopass, rep; membership does not
        count)
        CREATE USER MAPPING FOR noma SERVER shop OPTIONS (user '…', password '…');

      1 link is missing."
    `);
    // The control: the query says the same.
    const session = await two.local.connect({ user: role.rep, password: 'right' });
    await expect(session.query('SELECT FROM vo')).rejects.toThrow(`user mapping not found for`);
    await addMapping(two, 'shop', role.noma, { user: role.reader, password: 'right' });
    const whole = await ask(role.rep, 'vo');
    expect(missing(whole)).toEqual([]);
    expect(told(whole)).toMatchInlineSnapshot(`
      "  ✓ role rep
        ✓ view public.vo: rep may read it; it reads as its owner,
          noma
          ✓ foreign table public.orders of server shop: noma may read it

      Server shop, as noma
        ✓ view owner noma has a user mapping on shop
        ✓ noma logs in as reader there
        ✓ reader may read public.orders there

      rep reads public.vo."
    `);
    expect((await session.query('SELECT FROM vo')).rowCount).toBe(0);
    await two.local.query(`DROP USER MAPPING FOR ${role.noma} SERVER shop`);
  });

  test('what is missing is named with the statement that adds it, there and here', async () => {
    const { rep, guest, heir, nopass, reader, noma } = role;
    const cases: readonly (readonly [who: string, object: string, missing: readonly (readonly [string, string | undefined])[]])[] = [
      [rep, 'orders', []],
      [rep, 'parent', []],
      [rep, '"Odd. ""Schema".it\'s', [[`schema Odd. "Schema: ${rep} may not use it`, `local: GRANT USAGE ON SCHEMA "Odd. ""Schema" TO ${rep}`]]],
      [rep, 'secret', [[`${reader} may not read public.secret there: permission denied for table secret`, `remote: GRANT SELECT ON public.secret TO ${reader}`]]],
      [rep, 'gold', [[`${reader} may not read vault.gold there: permission denied for schema vault`, `remote: GRANT USAGE ON SCHEMA vault TO ${reader}`]]],
      [rep, 'gone', [['the remote has no vault.gone', 'fdw drift says more.']]],
      [guest, 'vo', [
        [`view public.vo: ${guest} may not read it; it reads as its owner, ${noma}`, `local: GRANT SELECT ON public.vo TO ${guest}`],
        [expect.stringContaining(`view owner ${noma} has no mapping on shop`) as string, expect.stringContaining('CREATE USER MAPPING') as string],
      ]],
      // A member reads, but the mapping is for the exact role.
      [heir, 'orders', [[expect.stringContaining(`${heir} has no mapping on shop`) as string, expect.stringContaining(`CREATE USER MAPPING FOR ${heir}`) as string]]],
      [nopass, 'orders', [[`${nopass} is no superuser, and the user mapping has no password`, `local: ALTER USER MAPPING FOR ${nopass} SERVER shop OPTIONS (ADD password '…')`]]],
      // The rows come by a refresh, which its owner runs.
      [rep, 'kept', [[expect.stringContaining(`view owner ${noma} has no mapping on shop`) as string, expect.stringContaining('CREATE USER MAPPING') as string]]],
    ];
    for (const [who, object, expected] of cases) expect({ object, missing: missing(await ask(who, object)) }).toEqual({ object, missing: expected });
  });

  test('nested views: what the inner one names is checked as its owner, or with security_invoker as whoever asks', async () => {
    await two.local.query(`GRANT SELECT ON vo TO ${role.guest}`);
    expect((await ask(role.rep, 'outside')).servers.map(({ as }) => as)).toEqual([role.noma]);
    if (of.local >= 15) {
      await two.local.query('ALTER VIEW vo SET (security_invoker = on)');
      expect((await ask(role.rep, 'outside')).servers.map(({ as }) => as)).toEqual([role.rep]);
      expect(missing(await ask(role.rep, 'outside'))).toEqual([]);
      const session = await two.local.connect({ user: role.rep, password: 'right' });
      expect((await session.query('SELECT FROM outside')).rowCount).toBe(0);
      await two.local.query('ALTER VIEW vo RESET (security_invoker)');
    }
  });

  test('functions: as whom they run, what a parsed body reads, and that a text cannot be seen into', async () => {
    const { rep, noma, guest, reader } = role;
    await two.local.query(`
      CREATE FUNCTION seen() RETURNS bigint SECURITY DEFINER BEGIN ATOMIC SELECT count(*) FROM orders; END; ALTER FUNCTION seen() OWNER TO ${noma};
      CREATE FUNCTION mine(int) RETURNS bigint BEGIN ATOMIC SELECT count(*) + $1 FROM orders; END;
      CREATE FUNCTION "Hidden one"(text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN (SELECT count(*) FROM orders); END'; ALTER FUNCTION "Hidden one"(text) OWNER TO ${noma};
      CREATE FUNCTION twice(int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1'; CREATE FUNCTION twice(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $1';
      CREATE VIEW calling AS SELECT seen(), mine(1), "Hidden one"('x'), twice(2); ALTER VIEW calling OWNER TO ${guest};
      CREATE VIEW one AS SELECT mine(1); ALTER VIEW one OWNER TO ${guest};
      GRANT SELECT ON calling, one TO ${rep}; REVOKE EXECUTE ON FUNCTION mine(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION mine(int) TO ${rep}, ${guest}`);
    expect(told(await ask(rep, 'calling')).split('\n\n')[0]).toMatchInlineSnapshot(`
      "  ✓ role rep
        ✓ view public.calling: rep may read it; it reads as its owner,
          guest
          ? function public.Hidden one(text): rep may call it; it runs as
            its owner, noma (SECURITY DEFINER); what it reads cannot be
            seen: its body is text
            → Ask about what it reads: fdw whoami noma OBJECT. A body in
              BEGIN ATOMIC … END can be seen into.
          ✓ function public.mine(integer): rep may call it; it runs as
            whoever calls it
            ✓ foreign table public.orders of server shop: rep may read it
          ✓ function public.seen(): rep may call it; it runs as its owner,
            noma (SECURITY DEFINER)
            ✓ foreign table public.orders of server shop: noma may read it"
    `);
    // The control: seen() reads with its owner's user mapping, which there is none; mine(), within somebody else's view, with the caller's.
    const session = await two.local.connect({ user: rep, password: 'right' });
    await expect(session.query('SELECT seen FROM calling')).rejects.toThrow('user mapping not found for');
    expect((await session.query<{ mine: string }>('SELECT mine FROM one')).rows).toEqual([{ mine: '1' }]);
    expect(missing(await ask(rep, 'public.mine'))).toEqual([]);
    expect((await ask(rep, 'mine')).servers.map(({ as, remoteRole }) => [as, remoteRole])).toEqual([[rep, reader]]);
    expect(missing(await ask(noma, 'mine(integer)'))).toContainEqual([`function public.mine(integer): ${noma} may not call it; it runs as whoever calls it`, `local: GRANT EXECUTE ON FUNCTION public.mine(integer) TO ${noma}`]);
    expect(missing(await ask(rep, 'seen'))).toEqual([[expect.stringContaining(`function owner ${noma} has no mapping on shop`) as string, expect.stringContaining(`CREATE USER MAPPING FOR ${noma}`) as string]]);
    await expect(ask(rep, 'twice')).rejects.toMatchObject({ id: 'unknown-relation', todo: "Write it with its arguments: 'public.twice(integer)', 'public.twice(text)'." });
  });

  test('a role that may not connect to the database', async () => {
    await two.local.query(`REVOKE CONNECT ON DATABASE ${two.local.name} FROM PUBLIC`);
    expect(missing(await ask(role.rep, 'orders'))).toEqual([[`database ${two.local.name}: ${role.rep} may not connect to it`, `local: GRANT CONNECT ON DATABASE ${two.local.name} TO ${role.rep}`]]);
    // The view's owner need not.
    expect(missing(await ask(role.rep, 'vo')).map(([message]) => message.split(' ')[0])).toEqual(['database', 'view']);
    await two.local.query(`GRANT CONNECT ON DATABASE ${two.local.name} TO ${role.rep}`);
    expect(missing(await ask(role.rep, 'orders'))).toEqual([]);
    await two.local.query(`GRANT CONNECT ON DATABASE ${two.local.name} TO PUBLIC`);
  });

  test('a role that would have to be become is named where INHERIT does not give its privileges', async () => {
    await administer(two.local.cluster, of.local >= 16 ? `GRANT ${role.group} TO ${role.heir} WITH INHERIT FALSE, SET TRUE` : `ALTER ROLE ${role.heir} NOINHERIT`);
    expect(missing(await ask(role.heir, 'orders'))[0]).toEqual([
      `foreign table public.orders of server shop: ${role.heir} may not read it, but may SET ROLE ${role.group}, who may`, `local: GRANT SELECT ON public.orders TO ${role.heir}`,
    ]);
  });

  test('without an object: all servers that the role reaches, and as whom', async () => {
    const access = await ask(role.rep);
    expect(access.servers.map(({ server, as, remoteRole }) => [server, as, remoteRole])).toEqual([['shop', role.noma, undefined], ['shop', role.rep, role.reader]].sort(([, a], [, b]) => ((a ?? '') < (b ?? '') ? -1 : 1)));
    expect((await ask(role.guest)).servers.map(({ as }) => as)).toEqual([role.noma]);
  });

  test('what cannot be seen is unknown and said', async () => {
    const access = await ask(role.rep, 'orders', two.local.urlFor({ user: role.guest, password: 'right' }));
    expect(linksOf(access).filter(({ state }) => state === 'unknown').map(({ kind }) => kind)).toEqual(['password', 'login']);
    await two.local.query(`ALTER SERVER shop OPTIONS (SET port '1')`);
    expect(linksOf(await ask(role.rep, 'orders')).filter(({ state }) => state !== 'ok').map(({ kind, state }) => [kind, state])).toEqual([['login', 'unknown']]);
    await expect(ask('nobody here', 'orders')).rejects.toMatchObject({ id: 'unknown-role' });
    await expect(ask(role.rep, 'public.nothing')).rejects.toMatchObject({ id: 'unknown-relation' });
  });
});
