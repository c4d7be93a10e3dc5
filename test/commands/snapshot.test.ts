import { Ajv } from 'ajv';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './fdw.ts';
import { shop } from './shop.ts';

const schema = JSON.parse(await readFile(join(root, 'schema', 'snapshot.schema.json'), 'utf8')) as object;
const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const file = 'fdw.snapshot.json';

type Shop = Awaited<ReturnType<typeof shop>>;
let at: Shop;

beforeAll(async () => {
  at = await shop();
  await at.remote.query(`
    CREATE EXTENSION citext;
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN sku AS varchar(20) DEFAULT 'none' CHECK (VALUE <> '');
    CREATE TYPE spot AS (x int, label sku);
    CREATE TYPE span AS RANGE (subtype = numeric);
    CREATE TABLE "Odd ""one""" (id int GENERATED ALWAYS AS IDENTITY, email citext, moods mood[], at spot, lasts span, "some text" text COLLATE "C" NOT NULL,
      twice int GENERATED ALWAYS AS (2) STORED, stamp timestamp(3) with time zone, UNIQUE ("some text", email));
    CREATE TABLE events (day date NOT NULL) PARTITION BY RANGE (day);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE VIEW rich AS SELECT id, total FROM orders;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC;`);
  const path = join(at.folder, 'fdw.yaml');
  await writeFile(path, (await readFile(path, 'utf8')).replace('extensions: [postgres_fdw]', 'extensions: [postgres_fdw, citext]'));
});
afterAll(async () => at[Symbol.asyncDispose]());

const read = (): Promise<string> => readFile(join(at.folder, file), 'utf8');
/** Without what differs between majors and machines. */
const anywhere = (text: string): string => text.replace(/"server_version_num": \d+/, '"server_version_num": N').replace(/"collation": \{ "provider".*\}/, '"collation": …');

/** The spec, changed. */
async function edited(change: (spec: string) => string, run: () => Promise<void>): Promise<void> {
  const path = join(at.folder, 'fdw.yaml');
  const spec = await readFile(path, 'utf8');
  await writeFile(path, change(spec));
  await run().finally(() => writeFile(path, spec));
}

test('it is written before anything is applied: sorted, a line for a column, always the same, without secrets and addresses', async () => {
  const { code, stdout, stderr } = await at.run(['snapshot', '--out', file]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain(`Wrote ${file}: 5 relations of 1 remote schema behind 1 server.`);
  const text = await read();
  expect(anywhere(text)).toMatchSnapshot();
  expect(valid(JSON.parse(text)), JSON.stringify(valid.errors)).toBe(true);
  for (const secret of [at.env.SHOP_PASSWORD, 'shop_ro', ...Object.values(at.serverOptions)]) expect(text).not.toContain(secret);
  expect((await at.run(['snapshot', '--quiet'])).stdout).toBe(text);
});

test('a plan from it is the plan from the remote, also where there is no remote; apply carries it out unless the remote has changed', async () => {
  interface Planned { readonly changes: object[]; readonly notices: { address: string }[] }
  const live = JSON.parse((await at.run(['plan', '--json'])).stdout) as Planned;
  const without = await at.run(['plan', '--json', '--snapshot', file, '--out', 'fdw.plan']);
  const planned = JSON.parse(without.stdout) as Planned;
  expect(planned.changes).toEqual(live.changes);
  expect(planned.changes.length).toBeGreaterThan(8);
  expect(planned.notices.map(({ address }) => address)).toEqual([...live.notices.map(({ address }) => address), `snapshot ${file}`]);
  await edited((spec) => spec.replace(/"port":"\d+"/, '"port":"1"'), async () => {
    expect((await at.run(['plan'])).code).toBe(1);
    const { code, stdout } = await at.run(['plan', '--snapshot', file]);
    expect(code).toBe(0);
    expect(stdout).toContain('? snapshot fdw.snapshot.json: ');
  });
  await at.remote.query('ALTER TABLE orders ADD channel text');
  const refused = await at.run(['apply', 'fdw.plan', '--yes']);
  expect({ code: refused.code, stderr: refused.stderr }).toEqual({ code: 1, stderr: expect.stringContaining('relation public.orders behind server shop has changed') as string });
  await at.remote.query('ALTER TABLE orders DROP channel');
  expect((await at.run(['apply', 'fdw.plan', '--yes'])).code).toBe(0);
});

test('validate holds names against it, with places and what was meant', async () => {
  expect((await at.run(['validate', '--snapshot', file])).code).toBe(0);
  const problems = async (tables: string): Promise<string> => {
    let said = '';
    await edited((spec) => spec.replace('tables: all', tables), async () => {
      const { code, stderr } = await at.run(['validate', '--snapshot', file, '--quiet']);
      expect(code).toBe(1);
      said = stderr;
    });
    return said.replaceAll(/^fdw\.yaml:\d+/gm, 'fdw.yaml:N').replaceAll(/^ +\d+ \|/gm, '   N |');
  };
  expect(await problems('tables: [ordres, events_1]')).toMatchSnapshot('listed');
  expect(await problems('tables: {except: [custmers]}, overrides: {rihc: {comment: x}}')).toMatchSnapshot('except and overrides');
  expect(await problems('tables: all, import: {default: true}')).toMatchSnapshot('defaults');
});

test('check-pushdown --offline judges with it, with no database at all', async () => {
  const query = 'SELECT id FROM shop.orders WHERE total > 5';
  const { code, stdout } = await at.run(['check-pushdown', '--offline', '--snapshot', file, '--query', query, '--json'], { env: { FDW_DATABASE_URL: '', SHOP_PASSWORD: '' } });
  expect(JSON.parse(stdout)).toMatchObject({ queries: [{ verdict: 'full' }] });
  expect(code).toBe(0);
  const told = await at.run(['explain', query, '--offline', '--snapshot', file, '--json'], { env: { FDW_DATABASE_URL: '', SHOP_PASSWORD: '' } });
  expect(JSON.parse(told.stdout)).toMatchObject({ query: { verdict: 'full' }, tree: { type: 'Foreign Scan' } });
  const refused = await at.run(['explain', query, '--snapshot', file]);
  expect({ code: refused.code, stderr: refused.stderr }).toEqual({ code: 1, stderr: expect.stringContaining('--offline') as string });
});

test('offline, what the binaries have no type for is left out and told, and the rest is judged', async () => {
  const other = 'geometry.snapshot.json';
  await writeFile(join(at.folder, other), (await read()).replaceAll('citext', 'geometry'));
  const tables = 'tables:\n  shop.places: {server: shop, columns: {id: bigint, place: nosuch.point}}\n';
  await edited((spec) => `${spec.replace('postgres_fdw, citext', 'postgres_fdw, geometry')}${tables}`, async () => {
    await writeFile(join(at.folder, 'queries.sql'), 'SELECT id FROM shop."Odd ""one""" WHERE id = 5;\nSELECT id FROM shop.places WHERE id = 5;\nSELECT email FROM shop."Odd ""one""";\n');
    const { code, stdout, stderr } = await at.run(['check-pushdown', 'queries.sql', '--offline', '--snapshot', other, '--json'], { env: { FDW_DATABASE_URL: '', SHOP_PASSWORD: '' } });
    expect({ code, stderr: stderr.includes('at ') }).toEqual({ code: 1, stderr: false });
    const told = JSON.parse(stdout) as { queries: { verdict: string; error: { message: string } | null }[]; warnings: { message: string; line: number }[] };
    expect(told.queries).toMatchObject([{ verdict: 'full' }, { verdict: 'full' }, { verdict: 'error', error: { message: 'column "email" does not exist' } }]);
    expect(told.warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('left out here: column Odd "one".email has the type public.geometry of extension geometry') as string,
      expect.stringContaining('left out here: "nosuch.point" is not a type of the local database') as string,
      expect.stringContaining('extension geometry is not among the embedded binaries') as string,
    ]);
  });
});

test('drift --snapshot says what the remote has changed since, of every part of it', async () => {
  const clean = await at.run(['drift', '--snapshot', file, '--quiet']);
  expect({ code: clean.code, stderr: clean.stderr }).toEqual({ code: 0, stderr: '' });
  expect(clean.stdout).toContain(`No drift. Compared 5 relations on 1 server with ${file}.`);
  await at.remote.query(`
    DROP VIEW rich; CREATE TABLE extra (id int); CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
    ALTER TABLE customers RENAME region TO area; ALTER TABLE customers DROP CONSTRAINT customers_pkey;
    ALTER TABLE orders ALTER total TYPE numeric(14,3), ALTER customer_id DROP NOT NULL, ADD UNIQUE (customer_id);
    ALTER TABLE "Odd ""one""" ALTER "some text" TYPE text COLLATE "POSIX", ALTER twice DROP EXPRESSION;
    ALTER TYPE mood ADD VALUE 'happy'; ALTER DOMAIN sku SET DEFAULT 'x';`);
  const { code, stdout } = await at.run(['drift', '--snapshot', file, '--json']);
  expect(code).toBe(2);
  const { findings } = JSON.parse(stdout) as { findings: { id: string; class: string; tables: string[]; subject: string | null; message: string }[] };
  expect(findings.map((found) => [found.class, found.id, ...found.tables, found.subject, found.message].join(' | '))).toMatchSnapshot();
  expect((await at.run(['drift', '--snapshot', file, '--server', 'nosuch'])).stderr).toContain(`${file} has no server "nosuch".`);
});
