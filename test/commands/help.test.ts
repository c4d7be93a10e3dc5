import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fdw, root } from './fdw.ts';

const commands = ['apply', 'check-pushdown', 'demo', 'drift', 'explain', 'init', 'plan', 'pull', 'rules', 'snapshot', 'validate'];

/** Without what differs between machines. */
const anywhere = (text: string): string => text.replaceAll(/fdw\/\S+ \S+ node-\S+/g, 'fdw/VERSION PLATFORM node-VERSION');

test('the overview names every command, how to begin and the exit codes', async () => {
  const { code, stdout, stderr } = await fdw(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(anywhere(stdout)).toMatchSnapshot();
});

test.each(commands)('help of %s', async (command) => {
  const { code, stdout, stderr } = await fdw([command, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('EXAMPLES');
  expect(stdout).toMatchSnapshot();
});

test('`fdw`, `fdw help`, `fdw help plan` and `fdw --quiet plan --help` are help too', async () => {
  const [overview, plan] = await Promise.all([fdw(['--help']), fdw(['plan', '--help'])]);
  expect(await fdw([])).toEqual(overview);
  expect(await fdw(['help'])).toEqual(overview);
  expect(await fdw(['help', 'plan'])).toEqual(plan);
  expect(await fdw(['--quiet', 'plan', '--help'])).toEqual(plan);
});

test('--version says which fdw, where, on which Node', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const { code, stdout, stderr } = await fdw(['--version']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`fdw/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
});

interface Flag { readonly type: string; readonly char?: string; readonly options?: string[]; readonly default?: string; readonly multiple?: boolean }
interface Manifest { readonly commands: Record<string, { args: Record<string, object>; flags: Record<string, Flag> }> }

test('commands, arguments and flags are what they were', async () => {
  const manifest = JSON.parse(await readFile(join(root, 'oclif.manifest.json'), 'utf8')) as Manifest;
  const surface = Object.entries(manifest.commands).map(([name, { args, flags }]) => ({
    command: name,
    args: Object.keys(args),
    flags: Object.entries(flags).map(([flag, { type, char, options, default: preset, multiple }]) =>
      [`--${flag}`, char === undefined ? '' : `-${char}`, type, options?.join('|') ?? '', preset === undefined ? '' : `default ${preset}`, multiple === true ? 'multiple' : ''].filter(Boolean).join(' '),
    ),
  }));
  expect(surface).toMatchSnapshot();
});
