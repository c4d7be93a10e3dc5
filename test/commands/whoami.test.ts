import { Ajv } from 'ajv';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accessLinks } from '../../src/model/access.ts';
import { root } from './fdw.ts';
import { anyDatabase, shop } from './shop.ts';

test('whoami follows a role to the remote; 2 where a link is missing; the same as JSON', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const whole = await at.run(['whoami', at.local.cluster.user, 'shop.orders', '--quiet']);
  expect({ code: whole.code, stderr: whole.stderr }).toEqual({ code: 0, stderr: '' });
  expect(anyDatabase(whole.stdout).replaceAll(/shop_ro_\w+/g, 'shop_ro')).toMatchSnapshot();
  await at.local.query('DROP USER MAPPING FOR PUBLIC SERVER shop');
  const broken = await at.run(['whoami', at.local.cluster.user, 'shop.orders', '--json', '--quiet']);
  expect({ code: broken.code, stderr: broken.stderr }).toEqual({ code: 2, stderr: '' });
  const answer: unknown = JSON.parse(broken.stdout);
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(await readFile(join(root, 'schema', 'whoami.schema.json'), 'utf8')) as object);
  expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
  expect(answer).toMatchObject({ object: 'shop.orders', summary: { missing: 1, unknown: 0 } });
  const slip = await at.run(['whoami', at.local.cluster.user, 'shop.nothing', '--quiet']);
  expect({ code: slip.code, stdout: slip.stdout }).toEqual({ code: 1, stdout: '' });
});

test('the page has every link', async () => {
  const page = await readFile(join(root, 'docs', 'whoami.md'), 'utf8');
  expect(accessLinks.filter((link) => !page.includes(`| \`${link}\` |`))).toEqual([]);
});
