import { describe, expect, it } from 'vitest';
import { type Pair, pair, pairs, storyMajors, uniqueName } from '../servers/index.ts';
import { remoteDrift } from '../../src/flows/drift.ts';
import { request } from '../drift/drift.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';
import { makeShop, shopServer, type ShopReader } from './shop.ts';

const specOf = (servers: Pair, reader: ShopReader): string => `version: 1
extensions: [postgres_fdw]
${shopServer(servers, reader)}
schemas:
  shop: {server: shop, remote_schema: public, tables: [customers, orders]}
`;

/** What must survive: OIDs, the view's text, who may read it and whose it is. */
const kept = async ({ local }: Pair) =>
  local.query(`
    SELECT c.oid, c.relname, c.relacl::text, c.relowner::regrole::text, CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition
    FROM pg_class c WHERE c.relnamespace IN ('shop'::regnamespace, 'public'::regnamespace) AND c.relkind IN ('v', 'm', 'f') ORDER BY c.relname`);

describe.each(pairs(storyMajors()))('S3: the remote changes while a view exists, local $local, remote $remote', (majors) => {
  it('follows with ALTERs alone: the view, the grants and the OIDs stay', async () => {
    await using servers = await pair(majors);
    const { local, remote } = servers;
    const reader = await makeShop(servers);
    const analyst = uniqueName('analyst');
    await using place = await workplace(local.url, { SHOP_PASSWORD: reader.password });
    await place.write(specOf(servers, reader));
    await place.apply();
    await local.query(`
      CREATE ROLE ${analyst}; CREATE VIEW v AS SELECT id, note FROM shop.orders; CREATE MATERIALIZED VIEW m AS SELECT id FROM v;
      CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(note) FROM shop.orders; END;
      GRANT SELECT ON v, shop.orders TO ${analyst}; GRANT SELECT (id) ON shop.customers TO ${analyst}`);
    const before = await kept(servers);

    await remote.query(`
      ALTER TABLE orders ADD COLUMN channel text; ALTER TABLE customers RENAME name TO full_name; ALTER TABLE orders ALTER total TYPE numeric(14,2)`);
    await remote.query("ALTER TYPE order_status ADD VALUE 'refunded' AFTER 'paid'");
    await expect(local.query('SELECT name FROM shop.customers')).rejects.toThrow('column "name" does not exist');

    const drift = await remoteDrift(request({ database: local.url }));
    expect(drift.report.findings.map(({ class: how, subject, message, guess }) => [how, subject, message, guess])).toMatchInlineSnapshot(`
      [
        [
          "breaks-now",
          "name",
          "the remote has no column name any more, maybe renamed to full_name: queries that read it fail",
          true,
        ],
        [
          "will-break",
          "shop.order_status",
          "type shop.order_status (public.order_status on the remote): the remote has 'refunded' besides: a row with such a label cannot be read here",
          false,
        ],
        [
          "will-break",
          "total",
          "it is numeric(12,2) here and numeric(14,2) on the remote: a larger number of the remote cannot be read here",
          false,
        ],
        [
          "invisible",
          "channel",
          "the remote has a column channel of type text besides",
          false,
        ],
      ]
    `);

    const plan = await place.plan();
    expect(plan.changes.map(({ address, details }) => [address, ...details])).toEqual([
      ['type shop.order_status', "label 'refunded': added after 'paid'"],
      ['foreign table shop.customers', 'column name: dropped', 'column full_name: added, text'],
      ['foreign table shop.orders', 'column total: numeric(12,2) -> numeric(14,2)', 'column channel: added, text'],
    ]);
    for (const statement of sqlOf(plan)) expect(statement).toMatch(/^ALTER (FOREIGN TABLE|TYPE) /);

    const holder = await local.connect();
    await holder.query('BEGIN; SELECT id FROM v LIMIT 1');
    const started = Date.now();
    await expect(place.apply({ lockTimeout: 100, retries: 1 })).rejects.toMatchObject({ id: 'lock-not-available' });
    expect(Date.now() - started).toBeLessThan(8_000);
    expect(changesOf(await place.plan())).toEqual(changesOf(plan)); // Nothing half done.
    await holder.query('COMMIT');

    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await kept(servers)).toEqual(before);
    expect(await local.query('SELECT f() IS NOT NULL AS f, (SELECT count(full_name)::int FROM shop.customers) AS names, (SELECT count(*)::int FROM v) AS v')).toEqual([{ f: true, names: 20, v: 100 }]);
  });
});

describe.each(pairs())('S3: the remote renames a table, local $local, remote $remote', (majors) => {
  it('is told, and with a yes renamed here too, where it would have been pruned', async () => {
    await using servers = await pair(majors);
    const { local, remote } = servers;
    const reader = await makeShop(servers);
    await using place = await workplace(local.url, { SHOP_PASSWORD: reader.password });
    await place.write(specOf(servers, reader).replace('tables: [customers, orders]', 'tables: {except: [customers]}, prune: true'));
    await place.apply();
    const before = await local.query("SELECT 'shop.orders'::regclass::oid AS oid");
    await remote.query('ALTER TABLE orders RENAME TO purchases');

    const rename = { kind: 'foreign-table', from: { schema: 'shop', name: 'orders' }, to: { schema: 'shop', name: 'purchases' } } as const;
    const unasked = await place.plan();
    expect(unasked.summary).toMatchObject({ create: 1, drop: 1 });
    expect(unasked.notices.map(({ address }) => address)).toEqual(['foreign table shop.purchases']);
    const asked = await place.plan({ renames: [rename] });
    expect(asked.notices).toEqual([]);
    expect(sqlOf(asked)).toEqual(['ALTER FOREIGN TABLE shop.orders RENAME TO purchases', "ALTER FOREIGN TABLE shop.purchases\n  OPTIONS (SET table_name 'purchases')"]);

    await place.apply({}, { renames: [rename] });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await local.query("SELECT 'shop.purchases'::regclass::oid AS oid")).toEqual(before);
  });
});

/** Each way to alter a foreign table, as what a spec says before and after. */
const alters: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'an option added': ['columns: {id: int, note: text}', 'options: {fetch_size: 10}, columns: {id: int, note: text}'],
  'an option set': ['options: {fetch_size: 10}, columns: {id: int, note: text}', 'options: {fetch_size: 20}, columns: {id: int, note: text}'],
  'an option dropped': ['options: {fetch_size: 10}, columns: {id: int, note: text}', 'columns: {id: int, note: text}'],
  'a column added': ['columns: {id: int, note: text}', 'columns: {id: int, note: text, more: date}'],
  'a column dropped': ['columns: {id: int, note: text, more: date}', 'columns: {id: int, note: text}'],
  'a column of another type': ['columns: {id: int, note: text, more: date}', 'columns: {id: int, note: text, more: timestamp}'],
  'a column of another collation': ['columns: {id: int, note: text, more: text}', 'columns: {id: int, note: text, more: {type: text, collation: C}}'],
  'NOT NULL': ['columns: {id: int, note: text}', 'columns: {id: int not null, note: text}'],
  'NULL again': ['columns: {id: int not null, note: text}', 'columns: {id: int, note: text}'],
  'a default': ['columns: {id: int, note: text}', 'columns: {id: {type: int, default: 1}, note: text}'],
  'an option of a column': ['columns: {id: int, note: text}', 'columns: {id: {type: int, column_name: key}, note: text}'],
  'a comment': ['columns: {id: int, note: text}', 'comment: c, columns: {id: int, note: text}'],
  'a grant': ['columns: {id: int, note: text}', 'grants: {insert: [public]}, columns: {id: int, note: text}'],
};

describe.each(pairs(storyMajors()))('every ALTER of a foreign table, major $local', ({ local: major }) => {
  it('leaves the OID, views, materialized views, functions and grants alone', async () => {
    await using servers = await pair({ local: major });
    const { local } = servers;
    await using place = await workplace(local.url);
    const cases = Object.values(alters);
    const spec = (at: 0 | 1): string => `version: 1\nextensions: [postgres_fdw]\nservers: {far: }\ntables:\n${cases.map((each, index) => `  shop.t${index}: {server: far, ${each[at]}}`).join('\n')}\n`;
    await place.write(spec(0));
    await place.apply();
    for (const index of cases.keys()) {
      await local.query(`
        CREATE VIEW v${index} AS SELECT id, note FROM shop.t${index}; CREATE MATERIALIZED VIEW m${index} AS SELECT id FROM v${index} WITH NO DATA;
        CREATE FUNCTION f${index}() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(id) FROM shop.t${index}; END;
        GRANT SELECT ON v${index}, shop.t${index} TO pg_monitor`);
    }
    const before = await kept(servers);
    await place.write(spec(1));
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(cases.map((_, index) => `update foreign table shop.t${index}`));
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    const granted = Object.keys(alters).indexOf('a grant');
    const others = (rows: Awaited<ReturnType<typeof kept>>) => rows.filter(({ relname }) => relname !== `t${granted}`);
    const after = await kept(servers);
    expect(others(after)).toEqual(others(before));
    expect(after.map(({ oid }) => oid)).toEqual(before.map(({ oid }) => oid));
  });
});
