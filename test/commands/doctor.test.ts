import { Ajv } from 'ajv';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { administer } from '../servers/index.ts';
import { root } from './fdw.ts';
import { anyDatabase, shop } from './shop.ts';

test('doctor shows how servers are, fails for what is wrong, and gives the same as JSON', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);

  const healthy = await at.run(['doctor']);
  expect(healthy.code).toBe(0);
  const shown = anyDatabase(healthy.stdout)
    .replaceAll(/[\d.]+ ms/g, 'N ms')
    .replaceAll(/PostgreSQL [\d.]+/g, 'PostgreSQL N')
    .replaceAll(/than the [\d.]+/g, 'than the N')
    .replaceAll(/\d+ in use/g, 'N in use')
    .replaceAll(at.remote.name, 'remote')
    .replaceAll(/shop_ro_\w+/g, 'shop_ro')
    // Roles belong to the whole cluster: those of other tests would be named. test/health/readers.test.ts holds this check.
    .replace(/\n +\w+ +role-mappings[^]*?(?=\n\n)/, '');
  // Wrapping depends on how long the real names were.
  expect(shown.replaceAll(/\n {34}(?! )/g, ' ')).toMatchSnapshot();
  expect((await at.run(['doctor', '--fail-on', 'warning'])).code).toBe(2);

  const json = await at.run(['doctor', '--json', '--quiet']);
  expect(json.stderr).toBe('');
  const answer: unknown = JSON.parse(json.stdout);
  const schema = JSON.parse(await readFile(join(root, 'schema', 'doctor.schema.json'), 'utf8')) as object;
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);

  await administer(at.remote.cluster, `ALTER DATABASE ${at.remote.name} ALLOW_CONNECTIONS false`);
  const ill = await at.run(['doctor', '--quiet']);
  expect(ill.code).toBe(2);
  expect(ill.stdout).toContain('The remote of server "shop" refused the login.');
  expect(ill.stdout).not.toContain(at.env.SHOP_PASSWORD);
});

test('doctor holds a server to what the spec expects of it', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const spec = await readFile(join(at.folder, 'fdw.yaml'), 'utf8');
  await writeFile(join(at.folder, 'fdw.yaml'), spec.replace('    user_mappings:', '    expect: {role: standby, max_lag: 1 fortnight}\n    user_mappings:'));
  const wrong = await at.run(['doctor']);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('`1 fortnight` has no unit that is known here');
  await writeFile(join(at.folder, 'fdw.yaml'), spec.replace('    user_mappings:', '    expect: {role: standby, max_lag: 1 min}\n    user_mappings:'));
  const missed = await at.run(['doctor']);
  expect(missed.code).toBe(2);
  expect(missed.stdout).toContain('expected role standby, but it is a primary');
});

test('doctor --watch goes on until it is interrupted', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const outcome = await at.run(['doctor', '--watch', '--interval', '1', '--json', '--quiet'], {
    started: (kill) => setTimeout(() => { kill('SIGINT'); }, 6_000),
  });
  expect(outcome.code).toBe(130);
  expect(outcome.stdout.match(/"summary"/g)?.length).toBeGreaterThan(1);
});
