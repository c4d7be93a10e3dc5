import { Ajv } from 'ajv';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
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

test('every format says what is wrong, where the spec names the server, and writes files beside the answer', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const path = join(at.folder, 'fdw.yaml');
  await writeFile(path, (await readFile(path, 'utf8')).replace('    user_mappings:', '    expect: {role: standby, tls: required}\n    user_mappings:'));
  await mkdir(join(at.folder, '.git'));
  const formats = ['json', 'markdown', 'junit', 'sarif'];
  const { code, stdout, stderr } = await at.run(['doctor', '--quiet', '--format', 'github', ...formats.flatMap((format) => ['--output', `${format}=out.${format}`])], { env: { GITHUB_STEP_SUMMARY: join(at.folder, 'summary.md') } });
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  // What depends on the machine, its clock and the roles of other tests is held elsewhere: here the expectations, and how lines look.
  const steady = (text: string): string => text.split('\n').filter((line) => /expectation|testsuite|^\||^#|^$/.test(line) && !/role-mappings|round-trip|reachable/.test(line)).join('\n')
    .replaceAll(at.remote.name, 'remote').replaceAll(/shop_ro_\w+/g, 'shop_ro').replaceAll(/\d+ (warnings?|unknown)/g, 'N $1').replaceAll(/(tests|skipped)="\d+"/g, '$1="N"');
  expect(steady(stdout)).toMatchSnapshot('github');
  expect(steady(await readFile(join(at.folder, 'out.junit'), 'utf8'))).toMatchSnapshot('junit');
  expect(steady(await readFile(join(at.folder, 'out.markdown'), 'utf8'))).toMatchSnapshot('markdown');
  expect(await readFile(join(at.folder, 'summary.md'), 'utf8')).toBe(await readFile(join(at.folder, 'out.markdown'), 'utf8'));
  const sarif = JSON.parse(await readFile(join(at.folder, 'out.sarif'), 'utf8')) as { runs: { results: { ruleId: string; ruleIndex: number; level: string; message: object; locations: object[] }[]; tool: { driver: { rules: { id: string }[] } } }[] };
  expect(sarif.runs[0]?.results.filter(({ ruleId }) => ruleId === 'expectation').map(({ ruleIndex: _, ...result }) => result)).toMatchSnapshot('sarif');
  expect(sarif.runs[0]?.tool.driver.rules.find(({ id }) => id === 'expectation')).toMatchSnapshot('rule');
  const json = JSON.parse(await readFile(join(at.folder, 'out.json'), 'utf8')) as { database: { through_pooler: boolean } };
  expect(json.database.through_pooler).toBe(false);
  const watched = await at.run(['doctor', '--watch', '--format', 'junit']);
  expect({ code: watched.code, stdout: watched.stdout, stderr: watched.stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('--watch shows text or JSON again and again, not junit.') as string });
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
