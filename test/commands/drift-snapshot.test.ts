import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyDatabase, shop } from './shop.ts';

const file = 'fdw.snapshot.json';
const formats = ['json', 'markdown', 'github', 'junit', 'sarif'] as const;

type Shop = Awaited<ReturnType<typeof shop>>;
let at: Shop;

beforeAll(async () => {
  at = await shop();
  await at.remote.query(`
    CREATE EXTENSION citext VERSION '1.5'; CREATE EXTENSION hstore;
    CREATE SCHEMA sales; CREATE TABLE sales.leads (id int, email citext); CREATE TABLE sales.deals (id int, worth numeric);
    CREATE SCHEMA stock; CREATE TABLE stock.items (id int, name text); CREATE TABLE stock.places (id int);
    CREATE TABLE returns (id bigint, reason text); CREATE TABLE notes (id bigint, body text NOT NULL);
    GRANT USAGE ON SCHEMA sales, stock TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA public, sales, stock TO PUBLIC`);
  const path = join(at.folder, 'fdw.yaml');
  await writeFile(path, `${(await readFile(path, 'utf8')).replace('extensions: [postgres_fdw]', 'extensions: [postgres_fdw, citext]')}  sales: {server: shop, tables: all}\n  stock: {server: shop, tables: [items, places]}\n`);
  await mkdir(join(at.folder, '.git'));
  expect(await at.run(['snapshot', '--out', file])).toMatchObject({ code: 0 });
  expect(await at.run(['apply', '--yes'])).toMatchObject({ code: 0 });
  // As if the remote had been upgraded since.
  const text = await readFile(join(at.folder, file), 'utf8');
  await writeFile(join(at.folder, file), text.replace(/"server_version_num": \d+/, '"server_version_num": 130002'));
  await at.remote.query(`
    ALTER EXTENSION citext UPDATE TO '1.6'; DROP EXTENSION hstore; CREATE EXTENSION pgcrypto VERSION '1.3';
    ALTER SCHEMA sales RENAME TO retail; DROP TABLE stock.places; ALTER TABLE stock.items RENAME name TO label;
    ALTER TABLE returns RENAME TO refunds; ALTER TABLE refunds ADD at date; CREATE TABLE extra (id int); ALTER TABLE notes SET SCHEMA stock;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC`);
});
afterAll(async () => at[Symbol.asyncDispose]());

/** Without what differs between runs and majors. */
const portable = (text: string): string =>
  anyDatabase(text)
    .replaceAll(/shop_ro_[0-9a-f]+/g, 'shop_ro')
    .replaceAll(/"(server_version_num|version_num|port)": \d+/g, '"$1": 0')
    .replaceAll(/\bt_[0-9a-f]{10}\b/g, 'DATABASE')
    .replaceAll(/(PostgreSQL)\s+1[4-9]\.\d+/g, '$1 N');

test('what the remote changed since: a schema is one finding, renames are guessed, versions are told, in every format', async () => {
  const { code, stdout, stderr } = await at.run(['drift', '--snapshot', file, ...formats.flatMap((format) => ['--output', `${format}=out.${format}`]), '--quiet']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(portable(stdout)).toMatchSnapshot('text');
  for (const format of formats) expect(portable(await readFile(join(at.folder, `out.${format}`), 'utf8'))).toMatchSnapshot(format);
});
