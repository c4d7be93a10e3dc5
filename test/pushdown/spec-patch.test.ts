import { describe, expect, test } from 'vitest';
import { loadSpec } from '../../src/spec/load-spec.ts';
import type { Spec } from '../../src/spec/types.ts';
import { sqlOf, workplace } from '../scenarios/flow.ts';
import { useShop } from './judging.ts';
import { patched } from './patched.ts';

const specText = `version: 1
servers:
  shop: {options: {host: nowhere.invalid, dbname: shop}}
  shop_ext: {options: {host: nowhere.invalid, dbname: shop}}
  shard\${each}:
    for_each: 0..1
    options: {host: nowhere.invalid, dbname: "s\${each}"}
schemas:
  shop:
    server: shop
    remote_schema: public
    overrides:
      orders:
        comment: One row for each order
tables:
  shop.batched: {server: shop, columns: {id: bigint, a: int}}
sharded_tables:
  public.sales:
    partition_by: list (region)
    columns: {id: bigint not null, region: text not null, qty: shop.quantity}
    gaps: allow
    partitions:
      sales_north: {server: shard0, values: [north]}
`;

/** A statement, and the remedy's part of the spec above: where it stands there, and what is to be written. */
const cases: readonly { readonly what: string; readonly sql: string; readonly patch: string }[] = [
  { what: 'a server', sql: "SELECT id FROM shop.orders WHERE handle = 'h1'", patch: '# shop: fdw.yaml:3:3\nservers:\n  shop:\n    options:\n      extensions: [citext]' },
  { what: 'a column of an import, in an override that is there', sql: 'SELECT id FROM shop.orders WHERE qty = 5', patch: '# shop.orders: fdw.yaml:13:7\nschemas:\n  shop:\n    overrides:\n      orders:\n        columns:\n          qty: {type: integer}' },
  { what: 'a table of an import without an override, by its name on the remote', sql: 'INSERT INTO shop."Größe ""x""" SELECT g FROM generate_series(1, 50) g', patch: '# shop.Größe "x": fdw.yaml:9:3\nschemas:\n  shop:\n    overrides:\n      sizes:\n        options:\n          batch_size: 100' },
  { what: 'the columns of a sharded table', sql: 'SELECT id FROM sales WHERE qty = 5', patch: '# public.sales: fdw.yaml:18:3\nsharded_tables:\n  public.sales:\n    columns:\n      qty: integer' },
  { what: 'servers that one entry stands for', sql: "SELECT * FROM events WHERE kind = 'x'", patch: '# shard0: fdw.yaml:5:3\n# shard1: fdw.yaml:5:3\nservers:\n  "shard${each}":\n    options:\n      async_capable: true' },
];

describe('a remedy as a part of the spec that the user has', () => {
  const shop = useShop(18);
  const load = async (): Promise<Spec> => {
    const { spec } = await loadSpec({ path: '-', readStdin: () => Promise.resolve(specText), env: {} });
    return spec;
  };
  const patches = async (sql: string): Promise<readonly (string | null)[]> => {
    const { clauses, remedies } = await shop().one(sql, { spec: await load() });
    return [...clauses.flatMap((clause) => clause.remedies), ...remedies].map(({ spec }) => spec?.replaceAll(': -:', ': fdw.yaml:') ?? null);
  };

  test.each(cases)('$what', async ({ sql, patch }) => {
    expect(await patches(sql)).toContain(patch);
  });

  test('none of what the spec does not name', async () => {
    const [remedy, ...more] = (await shop().one('INSERT INTO shop.invoices SELECT g, g, g FROM generate_series(1, 50) g', { spec: { ...(await load()), schemas: [] } })).clauses.flatMap((clause) => clause.remedies);
    expect(more).toEqual([]);
    expect(remedy).toMatchObject({ sql: "ALTER FOREIGN TABLE shop.invoices OPTIONS (ADD batch_size '100');", spec: null });
  });

  const spelled = `version: 1
servers:
  shop: {options: {host: nowhere.invalid, dbname: shop}}
tables:
  spelled.rows:
    server: shop
    options: {schema_name: public, table_name: orders}
    columns:
      id: bigint not null
      qty: shop.quantity not null default 3
      n:
        type: shop.quantity
        not_null: true
        column_name: count
        statistics: 50
      code: spelled.code not null
      note: text collate C not null
      mark: {type: text, collation: C, not_null: true}
      label: text not null
`;

  test.each([
    ['qty = 5', ['ALTER COLUMN qty TYPE integer']],
    ['n = 5', ['ALTER COLUMN n TYPE integer']],
    ["code = 'x'", ['ALTER COLUMN code TYPE text COLLATE']],
    ['note = label', ['ALTER COLUMN note TYPE text']],
    ['mark = label', ['ALTER COLUMN mark TYPE text']],
  ])('applied, it changes what the remedy says and nothing else: %s', async (condition, wanted) => {
    const { db } = shop();
    await using place = await workplace(db.url);
    await place.write(spelled);
    if ((await db.query("SELECT 1 FROM pg_namespace WHERE nspname = 'spelled'")).length === 0) {
      await db.query('CREATE SCHEMA spelled; CREATE DOMAIN spelled.code AS text COLLATE "C"');
      await place.apply();
    }
    expect(sqlOf(await place.plan())).toEqual([]);
    const { spec } = await loadSpec({ path: place.specPath, readStdin: () => Promise.resolve(''), env: {} });
    const { clauses } = await shop().one(`SELECT id FROM spelled.rows WHERE ${condition}`, { spec });
    const [remedy] = clauses.flatMap((clause) => clause.remedies).filter(({ sql }) => wanted.every((each) => sql.includes(each)));
    await place.write(patched(spelled, remedy?.spec ?? ''));
    const planned = sqlOf(await place.plan());
    expect(planned).toHaveLength(wanted.length);
    wanted.forEach((each, index) => { expect(planned[index]).toContain(each); });
  });
});
