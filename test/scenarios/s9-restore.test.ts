import { describe, expect, it } from 'vitest';
import { ident } from '../../src/sql/quote.ts';
import { createDatabase, pair, pairs, storyMajors, uniqueName } from '../servers/index.ts';
import { whoami } from '../../src/flows/whoami.ts';
import { linksOf } from '../../src/model/access.ts';
import { changesOf, workplace } from './flow.ts';
import { makeShop, shopServer } from './shop.ts';

/* What `pg_dump -n shop` writes of an imported schema: its tables, and nothing of the server that they name. */
const dump = (serverName: string): string => `
  CREATE SCHEMA shop;
  CREATE FOREIGN TABLE shop.customers (id bigint NOT NULL, email text NOT NULL, name text, region text, created_at timestamp with time zone NOT NULL)
    SERVER ${serverName} OPTIONS (schema_name 'public', table_name 'customers');
  ${['id', 'email', 'name', 'region', 'created_at'].map((column) => `ALTER FOREIGN TABLE shop.customers ALTER COLUMN ${column} OPTIONS (column_name '${column}');`).join('\n  ')}
  CREATE VIEW shop.northern AS SELECT id FROM shop.customers WHERE region = 'north';`;

describe.each(pairs(storyMajors()))('S9: restore, and a managed service, local $local, remote $remote', (majors) => {
  it('brings back the server that a dump of one schema lacks; then the dump restores, and the spec has nothing to change', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await using restored = await createDatabase(servers.local.cluster);
    await using place = await workplace(restored.url, { SHOP_PASSWORD: reader.password });
    await expect(restored.query(dump('shop'))).rejects.toThrow('server "shop" does not exist');

    const server = `version: 1\nextensions: [postgres_fdw]\n${shopServer(servers, reader)}`;
    await place.write(server);
    await place.apply();
    await restored.query(dump('shop'));
    await place.write(`${server}schemas:\n  shop: {server: shop, remote_schema: public, tables: [customers]}\n`);
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await restored.query('SELECT count(*)::int AS n FROM shop.northern')).toEqual([{ n: 20 }]);
  });

  it('needs no superuser: says what is missing, works once that is granted, and explains a mapping without a password', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const owner = uniqueName('app_owner');
    await servers.local.query(`CREATE ROLE ${ident(owner)} LOGIN PASSWORD 'x'; ALTER DATABASE ${ident(servers.local.name)} OWNER TO ${ident(owner)}; CREATE EXTENSION postgres_fdw`);
    await using place = await workplace(servers.local.urlFor({ user: owner, password: 'x' }), { SHOP_PASSWORD: reader.password });
    const spec = `version: 1\nextensions: [postgres_fdw]\n${shopServer(servers, reader)}schemas:\n  shop: {server: shop, remote_schema: public, tables: [customers]}\n`;
    await place.write(spec);
    await expect(place.plan()).rejects.toMatchObject({
      id: 'privileges-missing',
      why: 'server shop: it lacks USAGE on foreign-data wrapper postgres_fdw.',
      todo: `As a role that may:\nGRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${owner};`,
    });
    await servers.local.query(`GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${ident(owner)}`);

    await place.write(spec.replace(', password: {env: SHOP_PASSWORD}', ''));
    await expect(place.plan()).rejects.toMatchObject({
      id: 'remote-password-required',
      message: `Role "${owner}" may not connect to the remote of server "shop" without a password.`,
      todo: expect.stringContaining('Put a password into the user mapping') as string,
    });

    await place.write(spec);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    const session = await servers.local.connect({ user: owner, password: 'x' });
    expect((await session.query('SELECT FROM shop.customers')).rowCount).toBe(20);
  });

  it('says why a role may not read a view: its owner has no user mapping', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const [rep, noma] = [uniqueName('rep'), uniqueName('noma')];
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await servers.local.query(`CREATE ROLE ${ident(rep)} LOGIN PASSWORD 'x'; CREATE ROLE ${ident(noma)}`);
    await place.write(`version: 1\nextensions: [postgres_fdw]\n${shopServer(servers, reader).replace('public:', `${rep}:`)}schemas:\n  shop: {server: shop, remote_schema: public, tables: [customers], select: [${noma}]}\n`);
    await place.apply();
    await servers.local.query(`CREATE VIEW vo AS SELECT id FROM shop.customers; ALTER VIEW vo OWNER TO ${ident(noma)}; GRANT USAGE ON SCHEMA shop TO ${ident(noma)}; GRANT SELECT ON vo TO ${ident(rep)}`);
    const session = await servers.local.connect({ user: rep, password: 'x' });
    await expect(session.query('SELECT FROM vo')).rejects.toThrow('user mapping not found for');
    const { access } = await whoami({ specPath: undefined, database: servers.local.url, env: {}, progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve(''), role: rep, object: 'public.vo', jobs: 4, patience: 10_000 });
    expect(linksOf(access).filter(({ state }) => state === 'missing').map(({ message }) => message)).toEqual([
      `view owner ${noma} has no mapping on shop (there are some for ${rep}; membership does not count)`,
    ]);
  });
});
