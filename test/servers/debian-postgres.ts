/** PostgreSQL 15 from Debian's packages: for extensions that npm has no binaries of. See docs/testing.md. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runtimeAccount } from '../../src/postgres/embedded/index.ts';
import { freePort } from './free-port.ts';
import type { Cluster, Settings } from './types.ts';

const run = promisify(execFile);
const bin = '/usr/lib/postgresql/15/bin';
const initdb = `${bin}/initdb`;

/** What is not installed here of the server, an extension and other files that a test needs; empty: everything is there. */
export const missingOfDebian = (extension: string, others: readonly string[] = []): readonly string[] =>
  [initdb, `/usr/share/postgresql/15/extension/${extension}.control`, ...others].filter((path) => !existsSync(path));

/** A folder that Debian's servers may write to, and how to start what works in it. */
export interface DebianDesk {
  readonly folder: string;
  /** Owner and environment of its processes. */
  readonly as: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly uid?: number; readonly gid?: number };
  /** Ends this process with the desk. */
  readonly keep: (child: ChildProcess) => void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Disposing of it stops what was started in it and removes it. */
export async function debianDesk(): Promise<DebianDesk> {
  const account = await runtimeAccount();
  const folder = await mkdtemp(join(tmpdir(), 'fdw-debian-'));
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  const children: ChildProcess[] = [];
  return {
    folder,
    as: { cwd: folder, env: { PATH: '/usr/bin:/bin', HOME: folder, LC_ALL: 'C' }, ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }) },
    keep: (child) => void children.push(child),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(children.map(async (child) => {
        if (child.exitCode !== null) return;
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGINT');
        await Promise.race([gone, sleep(5_000).then(() => child.kill('SIGKILL'))]);
      }));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a server there, on a free port of 127.0.0.1: some three seconds. Anybody may log in. */
export async function startDebianPostgres({ folder, as, keep }: DebianDesk, settings: Settings = {}): Promise<Cluster> {
  const [data, log, port] = [join(folder, 'data'), join(folder, 'postgres.log'), await freePort()];
  await run(initdb, ['--pgdata', data, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'], as);
  const all: Settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: 'off', ...settings };
  const logged = await open(log, 'a');
  keep(spawn(`${bin}/postgres`, ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])], { ...as, stdio: ['ignore', 'ignore', logged.fd] }));
  await logged.close();
  await until(async () => run(`${bin}/pg_isready`, ['--host', '127.0.0.1', '--port', String(port)], as));
  return { major: 15, host: '127.0.0.1', port, internalHost: '127.0.0.1', internalPort: port, user: 'postgres', password: 'any', socket: folder, log: { file: log } };
}

/** Tries for ten seconds. */
export async function until(ready: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await ready();
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(100);
    }
  }
}
