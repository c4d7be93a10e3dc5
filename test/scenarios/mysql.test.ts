import { describe, expect, it } from 'vitest';
import { allSet, planWith, pull } from '../pull/pull.ts';
import { missingOfDebian, startDebianServers } from '../servers/debian.ts';
import { createDatabase, serverKind } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

const why = missingOfDebian.length > 0 ? `not installed: ${missingOfDebian.join(', ')}` : serverKind() === 'containers' ? 'the run is on containers' : undefined;

describe(`mysql_fdw and MariaDB${why === undefined ? '' : `, left out because ${why}`}`, () => {
  it.skipIf(why !== undefined)('tables spelled out are created, changed in place, read, compared and pulled', async () => {
    await using servers = await startDebianServers();
    await servers.mariadb(`CREATE DATABASE shop; CREATE TABLE shop.orders (id int PRIMARY KEY, total decimal(12,2)); INSERT INTO shop.orders VALUES (1, 9.50), (2, 3);
      CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'first'; GRANT SELECT ON shop.* TO reader@'127.0.0.1'`);
    await using db = await createDatabase(servers.cluster);
    const env = { MARIA_PW: 'first' };
    await using place = await workplace(db.url, env);
    const spec = (options: string, tables: string): string => `version: 1
extensions: [mysql_fdw]
servers:
  maria:
    wrapper: mysql_fdw
    options: {host: 127.0.0.1, port: ${servers.mariadbPort}${options}}
    user_mappings:
      public: {username: reader, password: {env: MARIA_PW}}
${tables}`;
    const orders = (options: string): string => `tables:\n  shop.orders: {server: maria, options: {dbname: shop, table_name: orders${options}}, columns: {id: integer not null, total: "numeric(12,2)"}}\n`;
    await place.write(spec('', orders('')));
    expect(sqlOf(await place.plan())).toContain('CREATE USER MAPPING FOR PUBLIC SERVER maria OPTIONS (password (sensitive), username \'reader\')');
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await db.query('SELECT id, total FROM shop.orders ORDER BY id')).toEqual([{ id: 1, total: '9.50' }, { id: 2, total: '3.00' }]);

    await servers.mariadb("SET PASSWORD FOR reader@'127.0.0.1' = PASSWORD('second')");
    env.MARIA_PW = 'second';
    await place.write(spec(', fetch_size: 50', orders(', max_blob_size: 4096')));
    expect((await place.plan()).changes.map(({ address, details }) => [address, ...details])).toEqual([
      ['server maria', "option fetch_size: added, '50'"],
      ['user mapping for PUBLIC on server maria', 'option password: (sensitive) -> (sensitive)'],
      ['foreign table shop.orders', "option max_blob_size: added, '4096'"],
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await (await db.connect()).query('SELECT count(*)::int FROM shop.orders')).toMatchObject({ rows: [{ count: 2 }] });

    const pulled = await pull(db.url);
    expect(pulled.text).not.toContain('second');
    expect(changesOf(await planWith(pulled, db.url, allSet(pulled, 'second')))).toEqual([]);

    await place.write(spec(', nosuch: 1', ''));
    await expect(place.plan()).rejects.toMatchObject({ problems: [{ message: 'server maria cannot be changed: invalid option "nosuch"', at: { line: 6 } }] });
    await place.write(spec('', 'schemas: {copy: {server: maria, remote_schema: shop}}\n'));
    await expect(place.plan()).rejects.toMatchObject({ id: 'remote-wrapper-unsupported', why: expect.stringContaining('"mysql_fdw"') as string });
  });
});
