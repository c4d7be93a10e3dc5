import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { normaliseArgv, wantsJson } from '../../src/commands/base/argv.ts';
import { redact } from '../../src/commands/base/redact.ts';
import { hasColours } from '../../src/commands/base/streams.ts';
import { fdw, temporaryFolder } from './fdw.ts';

const terminal = { isTTY: true, columns: 80 };
const pipe = { isTTY: false, columns: 0 };

test.each([
  ['a terminal', terminal, {}, false, true],
  ['a pipe', pipe, {}, false, false],
  ['--no-color', terminal, { FORCE_COLOR: '1' }, true, false],
  ['NO_COLOR', terminal, { NO_COLOR: '1' }, false, false],
  ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, false, true],
  ['FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '1' }, false, true],
  ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false, false],
  ['FORCE_COLOR over NO_COLOR, as in Node', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, false, false],
] as const)('colours: %s', (_, stream, env, flag, expected) => {
  expect(hasColours(stream, env, flag)).toBe(expected);
});

const escape = '\u001B[';

test('colours are decided for each stream, and --no-color wins', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'fdw.yaml'), 'version: 1\nnothing: 1\n');
  const run = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> =>
    (await fdw(['validate', ...args], { cwd: folder.path, env })).stderr;
  expect(await run([], {})).not.toContain(escape);
  expect(await run([], { FORCE_COLOR: '1' })).toContain(escape);
  expect(await run(['--no-color'], { FORCE_COLOR: '1' })).not.toContain(escape);
  expect(await run([], { NO_COLOR: '1' })).not.toContain(escape);
});

test('what lies in the home folder for a plugin of ours is no business of ours', async () => {
  await using home = await temporaryFolder();
  await mkdir(join(home.path, '.local', 'share', 'fdw', 'package.json'), { recursive: true });
  expect((await fdw(['--version'], { env: { HOME: home.path } })).stderr).toBe('');
});

test('help has colours like everything else', async () => {
  expect((await fdw(['--help'], { env: { NO_COLOR: '1' } })).stdout).not.toContain(escape);
  expect((await fdw(['plan', '--help', '--no-color'])).stdout).not.toContain(escape);
});

test.each([
  [['plan', '--json'], true],
  [['plan', '--format=json'], true],
  [['plan', '--format', 'json'], true],
  [['plan', '--format', 'text'], false],
  [['check-pushdown', '--', '--json'], false],
] as const)('JSON is asked for: %j', (argv, expected) => {
  expect(wantsJson(argv)).toBe(expected);
});

test.each([
  [['help', 'plan'], ['plan', '--help']],
  [['--quiet', '--no-color', 'plan', '--json'], ['plan', '--quiet', '--no-color', '--json']],
  [['--quiet'], ['--help']],
  [[], ['--help']],
  [['--version'], ['--version']],
] as const)('arguments in the order that oclif reads: %j', (argv, expected) => {
  expect(normaliseArgv(argv)).toEqual(expected);
});

test.each([
  ['postgres://me:geheim@db/x', 'postgres://me:(sensitive)@db/x'],
  ["host=db password='ge heim' dbname=x", 'host=db password=(sensitive) dbname=x'],
  ['postgres://db/x?password=geheim&sslmode=require', 'postgres://db/x?password=(sensitive)&sslmode=require'],
  ['the value hunter22 of a variable', 'the value (sensitive) of a variable'],
])('what looks like a password does not pass: %s', (text, expected) => {
  expect(redact(text, { APP_PASSWORD: 'hunter22', PATH: '/usr/bin' })).toBe(expected);
});
