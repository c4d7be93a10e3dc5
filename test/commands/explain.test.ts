import { Ajv } from 'ajv';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './fdw.ts';
import { shop } from './shop.ts';

const schema = JSON.parse(await readFile(join(root, 'schema', 'explain.schema.json'), 'utf8')) as object;
const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

/** Without what differs between majors: estimates, and with them the size of things. */
// Where a line of numbers is wrapped depends on how many digits they have.
const steady = (text: string): string => text.replaceAll(/(fetches: .*)\n {15,}(.*)/g, '$1 $2').replaceAll(/[\d,]+ (rows?|round trips?)/g, 'N $1').replaceAll(/\(\d[^()]*B\)/g, '(N B)').replaceAll(/N (row|round trip)s?\b/g, 'N $1s').replaceAll(/[\d.]+ ms/g, 'N ms');

test('one query in full: its plan, what is sent, why the rest is here, what would help; the same as JSON', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const sql = 'SELECT customer_id, count(*)\nFROM shop.orders\nWHERE customer_id > 5 AND coalesce(total, 7) < 9\nGROUP BY 1';
  const { code, stdout, stderr } = await at.run(['explain', sql]);
  expect(code).toBe(0);
  expect(stderr).toContain('More: fdw rules ');
  expect(steady(stdout)).toMatchSnapshot();
  const analyzed = await at.run(['explain', '-', '--analyze', '--quiet'], { input: `${sql};\n` });
  expect({ code: analyzed.code, stderr: analyzed.stderr }).toEqual({ code: 0, stderr: '' });
  expect(analyzed.stdout).toMatch(/Really: \d+ row/);
  expect(analyzed.stdout).toMatch(/\nExecuted\n {2}\d+ rows? in [\d.]+ ms\n/);
  const json = JSON.parse((await at.run(['explain', sql, '--json', '--quiet'])).stdout) as object;
  expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
  expect(json).toMatchObject({ query: { verdict: 'partial', file: null }, tree: { runs: 'local', scans: [] } });
});

test('a file, one of several by its name; whatever else is told', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  await writeFile(join(at.folder, 'q.sql'), '-- fdw: name=first\nSELECT id FROM shop.orders;\n-- fdw: name=second\nSELECT count(*) FROM shop.orders;\n');
  const second = await at.run(['explain', 'q.sql', '--name', 'second', '--quiet']);
  expect(second.stdout).toMatch(/count\(\*\)[^]*\nfull: /);
  expect((await at.run(['explain', 'q.sql', '--name', 'q.sql:2', '--quiet'])).stdout).toContain('SELECT id FROM shop.orders');
  for (const args of [['q.sql'], ['q.sql', '--name', 'secnd'], ['CREATE TABLE x ()'], ['SELECT FROM nowhere'], ['SELECT 1; SELECT 2']]) {
    const { code, stdout, stderr } = await at.run(['explain', ...args, '--quiet']);
    expect({ args, code, stdout, stderr }).toMatchSnapshot();
  }
});
