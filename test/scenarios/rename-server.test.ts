import { describe, expect, it } from 'vitest';
import { ident } from '../../src/sql/quote.ts';
import { pair, pairs } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';
import { makeShop } from './shop.ts';

describe.each(pairs())('a server gets another name: local $local, remote $remote', (majors) => {
  it('and everything stays with it', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    const { host, port, dbname } = servers.serverOptions;
    const spec = (name: string, more = ''): string => `version: 1
extensions: [postgres_fdw]
servers:
  ${JSON.stringify(name)}: {${more} options: {host: ${host}, port: ${port}, dbname: ${dbname}}, user_mappings: {public: {user: ${reader.role}, password: {env: SHOP_PASSWORD}}}}
schemas:
  shop: {server: ${JSON.stringify(name)}, remote_schema: public, tables: [customers]}
`;
    const newName = 'the "new" one';
    await place.write(spec('shop'));
    await place.apply();
    await servers.local.query('CREATE VIEW names AS SELECT name FROM shop.customers');
    const facts = async (): Promise<unknown> => servers.local.query("SELECT c.oid, s.oid AS server FROM pg_class c JOIN pg_foreign_table t ON t.ftrelid = c.oid JOIN pg_foreign_server s ON s.oid = t.ftserver");
    const before = await facts();

    await place.write(spec(newName, 'renamed_from: shop, version: "2",'));
    const plan = await place.plan();
    expect(plan.changes.map(({ action, address, details }) => [action, address, ...details])).toEqual([['update', `server ${ident(newName)}`, 'name: shop -> the "new" one', 'version: none -> 2']]);
    expect(sqlOf(plan)).toEqual([`ALTER SERVER shop RENAME TO ${ident(newName)}`, `ALTER SERVER ${ident(newName)} VERSION '2'`]);
    expect(plan.leftAlone).toEqual({ servers: 0, userMappings: 0, foreignTables: 0 });
    await place.apply();
    expect(await facts()).toEqual(before);
    expect(await servers.local.query('SELECT count(*)::int FROM names')).toEqual([{ count: 20 }]);
    expect(await place.plan()).toMatchObject({ changes: [], notices: [] });

    await servers.local.query('CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw');
    const both = await place.plan();
    expect(changesOf(both)).toEqual([]);
    expect(both.notices.map(({ message }) => message)).toEqual(['server shop, which it is renamed from, exists too: nothing is renamed. Drop it, or leave out renamed_from']);

    await servers.local.query(`DROP SERVER shop; DROP VIEW names; DROP SERVER ${ident(newName)} CASCADE`);
    expect(changesOf(await place.plan())[0]).toBe(`create server ${ident(newName)}`);
  });
});
