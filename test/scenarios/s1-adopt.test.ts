import { describe, expect, it } from 'vitest';
import { ident, literal } from '../../src/sql/quote.ts';
import { logOf, pair, type Pair, pairs, storyMajors, uniqueName } from '../servers/index.ts';
import { allSet, planWith, pull } from '../pull/pull.ts';
import { changesOf, workplace } from './flow.ts';
import { makeShop, type ShopReader } from './shop.ts';

/* What somebody made by hand: options in another order, a renamed column, a view and a grant on top. */
async function byHand(servers: Pair, reader: ShopReader, etl: string): Promise<void> {
  const { host, port, dbname } = servers.serverOptions;
  const credentials = `OPTIONS (password ${literal(reader.password)}, "user" ${literal(reader.role)})`;
  await servers.local.query(`
    CREATE EXTENSION postgres_fdw;
    CREATE ROLE ${ident(etl)} LOGIN PASSWORD 'etl';
    CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (port ${literal(port)}, fetch_size '500', host ${literal(host)}, dbname ${literal(dbname)});
    GRANT USAGE ON FOREIGN SERVER shop TO ${ident(etl)};
    CREATE USER MAPPING FOR PUBLIC SERVER shop ${credentials};
    CREATE USER MAPPING FOR ${ident(etl)} SERVER shop ${credentials};
    CREATE SCHEMA shop;
    GRANT USAGE ON SCHEMA shop TO ${ident(etl)};
    CREATE FOREIGN TABLE shop.orders (id int8 NOT NULL, amount decimal(12,2) OPTIONS (column_name 'total'), at timestamptz(3), tag varchar(20)[])
      SERVER shop OPTIONS (table_name 'orders', schema_name 'public');
    CREATE VIEW shop.large AS SELECT id FROM shop.orders WHERE amount > 50;
    GRANT SELECT ON shop.orders TO ${ident(etl)}`);
}

const specOf = (servers: Pair, reader: ShopReader, etl: string): string => `version: 1
extensions: [postgres_fdw]
servers:
  shop:
    options: {host: ${servers.serverOptions.host}, port: ${servers.serverOptions.port}, dbname: ${servers.serverOptions.dbname}, fetch_size: 500}
    user_mappings:
      public: {user: ${reader.role}, password: {env: SHOP_PASSWORD}}
      ${etl}: {user: ${reader.role}, password: {env: SHOP_PASSWORD}}
tables:
  shop.orders:
    server: shop
    options: {schema_name: public, table_name: orders}
    columns:
      id: bigint not null
      amount: {type: "numeric(12,2)", column_name: total}
      at: timestamp(3) with time zone
      tag: character varying(20)[]
`;

describe.each(pairs(storyMajors()))('S1, with a spec written by hand: local $local, remote $remote', (majors) => {
  it('finds nothing to do on what exists already, and shows no secret', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const etl = uniqueName('etl');
    await byHand(servers, reader, etl);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(specOf(servers, reader, etl));

    const plan = await place.plan({ drift: false });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.notices).toEqual([]);
    expect(JSON.stringify(plan)).not.toContain(reader.password);
    expect(await logOf(servers.local.cluster)).not.toContain(reader.password);
  });

  it('calls options that it may not see unknown, and leaves them', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const etl = uniqueName('etl');
    await byHand(servers, reader, etl);
    await using place = await workplace(servers.local.urlFor({ user: etl, password: 'etl' }), { SHOP_PASSWORD: reader.password });
    await place.write(specOf(servers, reader, etl));

    const plan = await place.plan({ drift: false });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.notices).toEqual([
      { address: 'user mapping for PUBLIC on server shop', message: 'its options are hidden from this role: not compared, left as they are (--set-secrets writes them all the same)' },
    ]);
  });

  it('changes in place what differs: the OID, the view and the grant stay', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const etl = uniqueName('etl');
    await byHand(servers, reader, etl);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(
      specOf(servers, reader, etl)
        .replace('fetch_size: 500', 'batch_size: 100')
        .replace('tag: character varying(20)[]', 'tag: {type: "text[]", column_name: tags}\n      note: text')
        .replace('id: bigint not null', 'id: {type: bigint, default: "1 + 1"}'),
    );
    const kept = async () => servers.local.query(`SELECT 'shop.orders'::regclass::oid, relacl::text FROM pg_class WHERE oid = 'shop.orders'::regclass`);
    const before = await kept();

    expect((await place.plan()).changes.map(({ details }) => details)).toEqual([
      ["option batch_size: added, '100'", 'option fetch_size: dropped'],
      [
        'column id: nullable',
        'column id: default none -> (1 + 1)',
        'column tag: character varying(20)[] -> text[]',
        "column tag: option column_name: added, 'tags'",
        'column note: added, text',
      ],
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await kept()).toEqual(before);
    expect(await servers.local.query('SELECT count(*)::int FROM shop.large')).toEqual([{ count: 50 }]);
  });

  it('names what stands in the way of a change, and runs nothing', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const etl = uniqueName('etl');
    await byHand(servers, reader, etl);
    await servers.local.query(`
      CREATE MATERIALIZED VIEW "Kept" AS SELECT tag FROM shop.orders WITH NO DATA;
      CREATE VIEW on_top AS SELECT * FROM shop.large;
      COMMENT ON COLUMN shop.orders.amount IS 'no dependent'`);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(specOf(servers, reader, etl).replace('type: "numeric(12,2)"', 'type: "numeric(14,2)"').replace('      tag: character varying(20)[]\n', ''));
    expect((await place.plan()).changes.flatMap(({ hazards }) => hazards)).toEqual([
      { id: 'column-dropped', message: 'Queries that name column tag will fail.' },
      { id: 'type-changed', message: 'Column amount will be read as numeric(14,2).' },
      { id: 'lock-taken', message: 'ACCESS EXCLUSIVE on shop.orders until the transaction ends: queries on it wait.' },
      { id: 'dependents-lost', message: 'materialized view public."Kept" goes with it.' },
      { id: 'dependents-recreated', message: 'view shop.large is dropped and created again.' },
      { id: 'dependents-recreated', message: 'view public.on_top is dropped and created again.' },
    ]);
    await expect(place.apply()).rejects.toMatchObject({ id: 'hazards-not-allowed' });
    await servers.local.query('DROP VIEW on_top; DROP VIEW shop.large; DROP MATERIALIZED VIEW "Kept"');
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
  });
});

describe.each(pairs(storyMajors()))('S1, with a spec that is pulled: local $local, remote $remote', (majors) => {
  it('plans to nothing, for a superuser and for a role that may not see everything, and no password is anywhere', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const etl = uniqueName('etl');
    await byHand(servers, reader, etl);

    const seen = await pull(servers.local.url);
    expect(seen.text).toContain('fetch_size: 500');
    expect(seen.text).toContain('column_name: total');
    const plan = await planWith(seen, servers.local.url, allSet(seen, reader.password));
    expect(changesOf(plan)).toEqual([]);

    const url = servers.local.urlFor({ user: etl, password: 'etl' });
    const partly = await pull(url);
    expect(partly.hiddenMappings).toBe(1);
    const unsure = await planWith(partly, url, allSet(partly, reader.password));
    expect(changesOf(unsure)).toEqual([]);
    expect(unsure.notices.map(({ address }) => address)).toContain('user mapping for PUBLIC on server shop');
    expect([seen, plan, partly, unsure].map((each) => JSON.stringify(each)).join('\n') + (await logOf(servers.local.cluster))).not.toContain(reader.password);
  });
});
