import { Ajv } from 'ajv';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { driftRules } from '../../src/model/drift-rules.ts';
import { root } from './fdw.ts';
import { anyDatabase, shop } from './shop.ts';

const schema = JSON.parse(await readFile(join(root, 'schema', 'drift.schema.json'), 'utf8')) as object;
const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

/** Without what differs between runs and majors. */
const anywhere = (text: string): string => anyDatabase(text).replaceAll(/shop_ro_[0-9a-f]+/g, 'shop_ro').replaceAll(/PostgreSQL \d+\.\d+/g, 'PostgreSQL N');

/** Every format as it is, but for what differs between runs; JSON is valid by its schema. */
async function expectFiles(folder: string): Promise<void> {
  for (const format of ['markdown', 'github', 'junit', 'sarif', 'json']) expect(portable(await readFile(join(folder, `out.${format}`), 'utf8'))).toMatchSnapshot(format);
  const json: unknown = JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'));
  expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
}

/** The text of machine formats, which name the database too. */
const portable = (text: string): string =>
  anywhere(text)
    .replaceAll(/"(server_version_num|version_num|port)": \d+/g, '"$1": 0')
    .replaceAll(/\bt_[0-9a-f]{10}\b/g, 'DATABASE');

test('what the remote changed, in every format, with exit code 2; 0 where nothing drifts', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const clean = await at.run(['drift', '--quiet']);
  expect(anywhere(clean.stdout)).toMatchSnapshot('clean');
  expect({ code: clean.code, stderr: clean.stderr }).toEqual({ code: 0, stderr: '' });
  await at.remote.query(`
    ALTER TABLE customers RENAME region TO area;
    ALTER TABLE orders ADD channel text; ALTER TABLE orders ALTER total TYPE numeric(14,3); ALTER TABLE orders ALTER customer_id DROP NOT NULL;`);
  await at.local.query(`CREATE FOREIGN TABLE "by hand" (id int) SERVER shop OPTIONS (schema_name 'public', table_name 'gone')`);
  await mkdir(join(at.folder, '.git'));
  const files = ['json', 'markdown', 'github', 'junit', 'sarif'].flatMap((format) => ['--output', `${format}=out.${format}`]);
  const { code, stdout, stderr } = await at.run(['drift', '--quiet', ...files], { env: { GITHUB_STEP_SUMMARY: join(at.folder, 'summary.md') } });
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(anywhere(stdout)).toMatchSnapshot('text');
  await expectFiles(at.folder);
  const sarif = JSON.parse(await readFile(join(at.folder, 'out.sarif'), 'utf8')) as { runs: { results: { ruleId: string; locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[] };
  expect(sarif.runs[0]?.results.map(({ ruleId, locations }) => [ruleId, locations[0]?.physicalLocation.artifactLocation.uri])).toEqual([
    ['not-null-broken', 'fdw.yaml'], ['type-differs', 'fdw.yaml'], ['relation-gone', 'fdw.yaml'], ['column-renamed', 'fdw.yaml'], ['column-new', 'fdw.yaml'],
  ]);
  expect(await readFile(join(at.folder, 'summary.md'), 'utf8')).toMatch(/^### fdw drift\n/);
});

test('--sample looks at rows, and says how many, in every format', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  await at.remote.query(`INSERT INTO orders SELECT g, 1, -g FROM generate_series(1, 8) g`);
  await at.local.query(`
    CREATE TABLE by_customer (id bigint, customer_id bigint) PARTITION BY LIST (customer_id);
    CREATE FOREIGN TABLE of_two PARTITION OF by_customer FOR VALUES IN (2) SERVER shop OPTIONS (schema_name 'public', table_name 'orders');
    CREATE FOREIGN TABLE amounts (total numeric(12,2) NOT NULL, CONSTRAINT positive CHECK (total > 0)) SERVER shop OPTIONS (schema_name 'public', table_name 'orders')`);
  const files = ['json', 'markdown', 'github', 'junit', 'sarif'].flatMap((format) => ['--output', `${format}=out.${format}`]);
  const { code, stdout, stderr } = await at.run(['drift', '--quiet', '--sample', '1000', '--fail-on', 'wrong-results', ...files]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(anywhere(stdout)).toMatchSnapshot('text');
  await expectFiles(at.folder);
});

test('--fail-on is a threshold, and what is unknown fails too', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  await at.remote.query('ALTER TABLE orders ADD channel text');
  const codes = await Promise.all(['invisible', 'will-break', 'none'].map(async (word) => (await at.run(['drift', '--quiet', '--fail-on', word])).code));
  expect(codes).toEqual([2, 0, 0]);
  await at.local.query(`ALTER SERVER shop OPTIONS (SET port '1')`);
  const blind = await at.run(['drift', '--quiet', '--fail-on', 'wrong-results']);
  expect(blind.code).toBe(2);
  expect(anywhere(blind.stdout).replaceAll(/"[^"]*", port \d+|\b127\.0\.0\.1\b/g, 'HOST')).toContain('No drift; 1 server unknown. Compared 0 foreign tables on 0 servers.');
});

test('a name that leads to no foreign table is an error, with what there is', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const { code, stdout, stderr } = await at.run(['drift', '--quiet', '--server', 'shpo']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatchSnapshot();
  await writeFile(join(at.folder, 'fdw.yaml'), 'version: 2\n');
  expect((await at.run(['drift', '--quiet'])).code).toBe(1);
});

test('the page has every id', async () => {
  const page = await readFile(join(root, 'docs', 'drift.md'), 'utf8');
  expect(Object.keys(driftRules).filter((id) => !page.includes(`\`${id}\``))).toEqual([]);
});
