import { Ajv } from 'ajv';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fdw, root, temporaryFolder } from './fdw.ts';

const errorSchema = JSON.parse(await readFile(join(root, 'schema', 'error.schema.json'), 'utf8')) as object;
const validError = new Ajv({ strict: true, allowUnionTypes: true }).compile(errorSchema);

/** Command lines that cannot be carried out, in the order of the snapshot. */
const mistakes: readonly (readonly string[])[] = [
  ['pln'],
  ['nothing-like-it'],
  ['--nope'],
  ['plan', '--databse=postgres://me:geheim@db/x'],
  ['plan', '--nope'],
  ['plan', 'postgres://me:geheim@db/x'],
  ['plan', '--spec'],
  ['plan', '--spec', 'a.yaml', '--spec', 'b.yaml'],
  ['plan', '--format', 'xml'],
  ['apply', 'a.plan', 'b.plan'],
  ['apply', 'no-such.plan', '--yes'],
  ['validate', '--spec', 'no-such.yaml'],
  ['init', '--ci', 'jenkins'],
  ['demo', '--keep', '--stop', 'x'],
];

test.each(mistakes.map((args) => [args.join(' '), args] as const))('%s', async (_, args) => {
  const text = await fdw(args);
  expect(text.code).toBe(1);
  expect(text.stdout).toBe('');
  expect(text.stderr).toMatchSnapshot();

  const json = await fdw([...args, '--json']);
  expect(json.code).toBe(1);
  expect(json.stderr).toBe('');
  expect(validError(JSON.parse(json.stdout)), JSON.stringify(validError.errors)).toBe(true);

  for (const { stdout, stderr } of [text, json]) {
    expect(stdout + stderr).not.toContain('geheim');
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
  }
});

test('not even DEBUG=* shows a password', async () => {
  const { stdout, stderr } = await fdw(['plan', '--database', 'postgres://me:geheim@db/x', '--spec', 'no-such.yaml'], { env: { DEBUG: '*', FDW_DEBUG: '1' } });
  expect(stdout + stderr).not.toContain('geheim');
});

test('--json and another format contradict each other', async () => {
  const { code, stdout } = await fdw(['plan', '--json', '--format', 'sql']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { id: 'usage' } });
});

test('problems of a spec come with their places, as text and as JSON', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'fdw.yaml'), 'version: 1\nservers:\n  shop:\n    optons: {}\n');
  const text = await fdw(['validate'], { cwd: folder.path });
  expect(text).toMatchObject({ code: 1, stdout: '' });
  expect(text.stderr).toMatchSnapshot();
  const json = await fdw(['validate', '--format', 'json'], { cwd: folder.path });
  expect(json).toMatchObject({ code: 1, stderr: '' });
  expect(validError(JSON.parse(json.stdout)), JSON.stringify(validError.errors)).toBe(true);
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { problems: [{ file: 'fdw.yaml', line: 4, column: 5 }] } });
});
