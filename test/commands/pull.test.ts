import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDatabase } from '../servers/index.ts';
import { shop } from './shop.ts';

test('pull --out writes a spec that plans to nothing, and never overwrites a file', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);

  const pulled = await at.run(['pull', '--out', 'pulled.yaml']);
  expect(pulled.code).toBe(0);
  expect(pulled.stdout).toBe('Wrote pulled.yaml\n');
  expect(pulled.stderr).toContain('Set the variable that its comment names');
  expect(pulled.stderr).toContain('`fdw plan --spec pulled.yaml`');
  const text = await readFile(join(at.folder, 'pulled.yaml'), 'utf8');
  expect(await at.run(['pull', '--quiet'])).toEqual({ code: 0, stdout: text, stderr: '' });
  expect(text).not.toContain(at.env.SHOP_PASSWORD);

  const plan = await at.run(['plan', '--spec', 'pulled.yaml', '--detailed-exitcode'], { env: { SHOP_PUBLIC_PASSWORD: at.env.SHOP_PASSWORD } });
  expect(plan.stdout).toContain('No changes.');
  expect(plan.code).toBe(0);

  const again = await at.run(['pull', '--out', 'pulled.yaml', '--server', 'nothing']);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('pulled.yaml exists already; nothing was written.');
  expect(await readFile(join(at.folder, 'pulled.yaml'), 'utf8')).toBe(text);
});

test('pull of a database without foreign servers says so beside an empty spec', async () => {
  await using at = await shop();
  await using empty = await createDatabase();
  const { code, stdout, stderr } = await at.run(['pull', '--database', empty.url]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\n\nversion: 1\n$/);
  // On a slow machine progress stands before it.
  expect(stderr).toMatch(/(^|\n)The database has no foreign servers: the spec is empty.\n$/);
});

test('pull names what is near a server that does not exist', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const { code, stderr } = await at.run(['pull', '--server', 'shp']);
  expect(code).toBe(1);
  expect(stderr).toContain('Did you mean shop?');
});
