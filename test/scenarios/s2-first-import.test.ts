import { describe, expect, it } from 'vitest';
import { pair, pairs, storyMajors } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';
import { makeShop, shopServer } from './shop.ts';

const ordersTable = `CREATE FOREIGN TABLE shop.orders (
  id bigint OPTIONS (column_name 'id') NOT NULL,
  customer_id bigint OPTIONS (column_name 'customer_id') NOT NULL,
  status shop.order_status OPTIONS (column_name 'status') NOT NULL,
  total numeric(12,2) OPTIONS (column_name 'total'),
  note text OPTIONS (column_name 'note'),
  tags text[] OPTIONS (column_name 'tags'),
  meta jsonb OPTIONS (column_name 'meta'),
  attrs public.hstore OPTIONS (column_name 'attrs'),
  handle public.citext OPTIONS (column_name 'handle'),
  history shop.order_status[] OPTIONS (column_name 'history'),
  created_at timestamp with time zone OPTIONS (column_name 'created_at') NOT NULL,
  d date OPTIONS (column_name 'd')
) SERVER shop OPTIONS (schema_name 'public', table_name 'orders')`;

describe.each(pairs(storyMajors()))('S2: first import with types, local $local, remote $remote', (majors) => {
  it('creates what the tables need, and then has nothing to do', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(`version: 1
extensions: [postgres_fdw]
${shopServer(servers, reader)}
schemas:
  shop: {server: shop, remote_schema: public, tables: [customers, orders]}
`);

    const plan = await place.plan();
    expect(changesOf(plan)).toEqual([
      'create schema shop',
      'create extension postgres_fdw',
      'create extension citext',
      'create extension hstore',
      'create server shop',
      'create user mapping for PUBLIC on server shop',
      'create type shop.order_status',
      'create foreign table shop.customers',
      'create foreign table shop.orders',
    ]);
    expect(sqlOf(plan).at(-1)).toBe(ordersTable);

    expect((await place.apply()).applied).toEqual({ create: 9, update: 0, replace: 0, drop: 0 });
    expect(changesOf(await place.plan())).toEqual([]);

    const [row] = await servers.local.query("SELECT count(*)::int AS paid FROM shop.orders WHERE status = 'paid' AND handle = 'h7'");
    expect(row).toEqual({ paid: 1 });
  });

  it('says before anything is made what the remote will not let be read', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await servers.remote.query(`CREATE TABLE refunds (id int); CREATE TABLE returns (id int); REVOKE SELECT ON orders FROM ${reader.role}; GRANT SELECT (id) ON orders TO ${reader.role}`);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(`version: 1\nextensions: [postgres_fdw]\n${shopServer(servers, reader)}\nschemas:\n  shop: {server: shop, remote_schema: public, tables: all}\n`);
    const { user } = servers.local.cluster;
    const told = [{ address: 'schema shop', message: `2 of the 4 relations behind it may not be read as ${user}: refunds, returns (no privilege there). Queries on them fail until the remote grants what is missing` }];
    expect((await place.plan()).notices).toEqual(told);
    await place.apply();
    expect((await place.plan()).notices).toEqual(told);
    await servers.remote.query(`GRANT SELECT ON refunds, returns TO ${reader.role}`);
    expect((await place.plan()).notices).toEqual([]);
  });

  it('makes what IMPORT FOREIGN SCHEMA makes', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(`version: 1
extensions: [postgres_fdw]
${shopServer(servers, reader)}
schemas:
  shop: {server: shop, remote_schema: public, tables: all}
`);
    await place.apply();
    // IMPORT wants the types under the names that they have on the remote.
    await servers.local.query(`
      CREATE TYPE public.order_status AS ENUM ('pending', 'paid', 'shipped', 'cancelled');
      CREATE SCHEMA by_import; IMPORT FOREIGN SCHEMA public FROM SERVER shop INTO by_import`);
    const described = async (schema: string) =>
      servers.local.query(
        `SELECT c.relname, c.relkind, t.ftoptions, a.attnum, a.attname, replace(format_type(a.atttypid, a.atttypmod), 'shop.', '') AS type,
           a.attnotnull, a.attcollation, a.attfdwoptions, a.atthasdef, a.attidentity, a.attgenerated
         FROM pg_class c JOIN pg_foreign_table t ON t.ftrelid = c.oid JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = $1::regnamespace AND a.attnum > 0 ORDER BY c.relname, a.attnum`,
        [schema],
      );
    expect(await described('shop')).toEqual(await described('by_import'));
  });

  it('refuses a table that the remote lacks, at its place and with the name that was meant', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(`version: 1
extensions: [postgres_fdw]
${shopServer(servers, reader)}
schemas:
  shop:
    server: shop
    remote_schema: public
    tables: [customer, nosuch, orders]
`);
    await expect(place.apply()).rejects.toMatchObject({
      problems: [
        { message: 'schema "public" on the remote of server shop has no table "customer"', hint: 'Did you mean "customers"?', at: { line: 13 } },
        { message: 'schema "public" on the remote of server shop has no table "nosuch"', at: { line: 13 } },
      ],
    });
    expect(await servers.local.query("SELECT 1 FROM pg_namespace WHERE nspname = 'shop' UNION SELECT 1 FROM pg_foreign_server")).toEqual([]);
  });

  it('points at what cannot be made, and says of a table that the remote has lost it', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    const spec = `version: 1
extensions: [postgres_fdw]
${shopServer(servers, reader)}
schemas:
  shop: {server: shop, remote_schema: public}
`;
    await place.write(spec.replace('extensions: [', 'extensions: [citexx, '));
    await expect(place.plan()).rejects.toMatchObject({ problems: [{ at: { line: 2, column: 14 }, message: 'the server has no extension `citexx`' }] });
    await place.write(spec.replace('public:', 'nobody_here:'));
    await expect(place.plan()).rejects.toMatchObject({
      problems: [{ message: 'user mapping for nobody_here on server shop cannot be made: role "nobody_here" does not exist', hint: 'CREATE ROLE it first: fdw makes no roles' }],
    });

    await place.write(spec);
    await place.apply();
    await servers.remote.query('DROP TABLE orders');
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual([]);
    expect(plan.notices).toEqual([
      { address: 'foreign table shop.orders', message: 'the remote has no public.orders any more: queries on it fail. The spec does not name it, so it is left alone' },
    ]);
  });
});
