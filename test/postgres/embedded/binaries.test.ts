import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePasswd, runtimeAccount } from '../../../src/postgres/embedded/account.ts';
import { readLinks, usableBinaries } from '../../../src/postgres/embedded/binaries.ts';
import { temporaryFolder } from '../../../src/postgres/embedded/folder.ts';
import { removeFolder } from '../../../src/postgres/embedded/index.ts';
import { findNativeFolder } from '../../../src/postgres/embedded/packages.ts';
import { canReach } from '../../../src/postgres/embedded/reach.ts';

const run = promisify(execFile);
const account = process.platform === 'win32' ? undefined : await runtimeAccount();

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(await temporaryFolder(account), 'fdw-test-'));
  await chmod(folder, 0o755);
});
afterAll(async () => {
  await chmod(join(folder, 'out-of-reach/native/lib'), 0o755).catch(() => undefined);
  await removeFolder(folder);
});

/** The package as npm leaves it when it runs no install script: no symbolic links, no x bits. */
async function unfinishedPackage(name: string): Promise<{ readonly native: string; readonly aLink: string }> {
  const native = join(folder, name, 'native');
  await mkdir(dirname(native));
  await cp(await findNativeFolder(), native, { recursive: true, verbatimSymlinks: true });
  const links = await readLinks(native);
  await Promise.all(links.map(({ target }) => rm(join(dirname(native), target), { force: true })));
  for (const program of ['initdb', 'postgres', 'pg_ctl']) await chmod(join(native, 'bin', program), 0o644);
  return { native, aLink: join(native, 'lib', basename(links[0]?.target ?? '')) };
}

async function version(program: string): Promise<string> {
  return (await run(program, ['--version'], account === undefined ? {} : { uid: account.uid, gid: account.gid })).stdout;
}

describe.runIf(process.platform === 'linux')('the binaries', () => {
  it('are finished in place where the install script was not run', async () => {
    const { native, aLink } = await unfinishedPackage('in-place');
    const binaries = await usableBinaries(native, account, join(folder, 'copy-not-needed'));
    expect(dirname(dirname(binaries.postgres))).toBe(native);
    expect((await lstat(aLink)).isSymbolicLink()).toBe(true);
    expect(await version(binaries.postgres)).toMatch(/^postgres \(PostgreSQL\) 18\./);
    expect(await version(binaries.initdb)).toMatch(/^initdb \(PostgreSQL\) 18\./);
  });

  it('are copied where they cannot be reached or finished', async () => {
    const { native } = await unfinishedPackage('out-of-reach');
    // For root: closed to the account that runs them. For everybody else: nothing can be added.
    await chmod(account === undefined ? join(native, 'lib') : dirname(native), account === undefined ? 0o555 : 0o700);
    const copy = join(folder, 'copy');
    const binaries = await usableBinaries(native, account, copy);
    expect(dirname(dirname(binaries.postgres))).toBe(copy);
    expect(await version(binaries.postgres)).toMatch(/^postgres \(PostgreSQL\) 18\./);
    expect(await version(binaries.initdb)).toMatch(/^initdb \(PostgreSQL\) 18\./);
  });
});

describe('the account', () => {
  it.each([
    ['an ordinary file', 'root:x:0:0:root:/root:/bin/sh\npostgres:x:101:104::/var/lib:/bin/sh\n', [{ name: 'root', uid: 0, gid: 0 }, { name: 'postgres', uid: 101, gid: 104 }]],
    ['lines that are none', '\n# comment\n+::::::\nx:y\nbad:x:a:b:::\n', []],
  ])('is read from %s', (_name, text, accounts) => {
    expect(parsePasswd(text)).toEqual(accounts);
  });

  it.runIf(process.platform !== 'win32')('reaches what is open to it', async () => {
    const stranger = { name: 'stranger', uid: 54321, gid: 54321 };
    const open = join(folder, 'open');
    await mkdir(join(open, 'inside'), { recursive: true });
    await chmod(open, 0o755);
    expect(await canReach(stranger, join(open, 'inside'))).toBe(true);
    await chmod(open, 0o750);
    expect(await canReach(stranger, join(open, 'inside'))).toBe(false);
    expect(await canReach({ ...stranger, gid: process.getgid?.() ?? 0 }, join(open, 'inside'))).toBe(true);
    expect(await canReach(stranger, join(open, 'nothing'))).toBe(false);
  });
});
