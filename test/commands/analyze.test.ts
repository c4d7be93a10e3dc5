import { Ajv } from 'ajv';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './fdw.ts';
import { anyDatabase, shop } from './shop.ts';

test('analyze says what is due, does it, and then finds nothing to do; the same as JSON', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  await at.remote.query(`INSERT INTO customers SELECT id, 'north' FROM generate_series(1, 1000) id; ANALYZE customers`);
  const dry = await at.run(['analyze', '--dry-run', '--quiet']);
  expect({ code: dry.code, stderr: dry.stderr }).toEqual({ code: 0, stderr: '' });
  expect(anyDatabase(dry.stdout)).toMatchSnapshot('dry run');
  const json = await at.run(['analyze', 'shop.customers', '--json', '--quiet']);
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(await readFile(join(root, 'schema', 'analyze.schema.json'), 'utf8')) as object);
  const answer: unknown = JSON.parse(json.stdout);
  expect(validate(answer), json.stdout).toBe(true);
  expect(answer).toMatchObject({ tables: [{ table: 'shop.customers', outcome: 'done', rows_after: 1000 }], summary: { done: 1 } });
  const rest = await at.run(['analyze', '--quiet']);
  expect(anyDatabase(rest.stdout).replace(/\d+\.\d s/, 'N s')).toMatchSnapshot('the rest');
  await at.local.query(`ALTER SERVER shop OPTIONS (SET port '1')`);
  expect((await at.run(['analyze', '--quiet'])).code).toBe(2);
  const slip = await at.run(['analyze', '--stale', 'much', '--quiet']);
  expect({ code: slip.code, stdout: slip.stdout }).toEqual({ code: 1, stdout: '' });
});
