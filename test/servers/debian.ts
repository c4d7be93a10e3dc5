/**
 * PostgreSQL 15 with mysql_fdw, and MariaDB, from Debian's packages: for what npm has no binaries of. See docs/testing.md.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runtimeAccount } from '../../src/postgres/embedded/index.ts';
import { freePort } from './free-port.ts';
import type { Cluster } from './types.ts';

const run = promisify(execFile);
const bin = '/usr/lib/postgresql/15/bin';
const needed = [`${bin}/initdb`, '/usr/share/postgresql/15/extension/mysql_fdw.control', '/usr/sbin/mariadbd', '/usr/bin/mariadb-install-db'];

/** What is not installed here; empty: everything is there. */
export const missingOfDebian: readonly string[] = needed.filter((path) => !existsSync(path));

/** Both servers; disposing of them stops them and removes their data. */
export interface DebianServers {
  readonly cluster: Cluster;
  readonly mariadbPort: number;
  /** Runs SQL in MariaDB as its root. */
  mariadb(sql: string): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts both on free ports of 127.0.0.1: some five seconds. */
export async function startDebianServers(): Promise<DebianServers> {
  const account = await runtimeAccount();
  const folder = await mkdtemp(join(tmpdir(), 'fdw-debian-'));
  const [data, maria] = [join(folder, 'data'), join(folder, 'maria')];
  await mkdir(maria);
  if (account !== undefined) for (const path of [folder, maria]) await chown(path, account.uid, account.gid);
  const as = { cwd: folder, env: { PATH: '/usr/bin:/bin', HOME: folder, LC_ALL: 'C' }, ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }) };
  const [port, mariadbPort] = [await freePort(), await freePort()];
  const socket = join(folder, 'maria.sock');
  const children: ChildProcess[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(children.map(async (child) => {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await Promise.race([gone, sleep(5_000).then(() => child.kill('SIGKILL'))]);
    }));
    await rm(folder, { recursive: true, force: true });
  };
  const mariadb = async (sql: string): Promise<string> => (await run('mariadb', ['--no-defaults', '--socket', socket, '--user=root', '--batch', '--execute', sql], as)).stdout;
  try {
    await run(`${bin}/initdb`, ['--pgdata', data, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'], as);
    await run('mariadb-install-db', ['--no-defaults', `--datadir=${maria}`, '--auth-root-authentication-method=normal', '--skip-test-db'], as);
    const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: 'off' };
    children.push(spawn(`${bin}/postgres`, ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])], { ...as, stdio: 'ignore' }));
    children.push(spawn('/usr/sbin/mariadbd', ['--no-defaults', `--datadir=${maria}`, `--socket=${socket}`, `--port=${mariadbPort}`, '--bind-address=127.0.0.1', `--pid-file=${join(folder, 'maria.pid')}`], { ...as, stdio: 'ignore' }));
    await until(async () => mariadb('SELECT 1'));
    await until(async () => run(`${bin}/pg_isready`, ['--host', '127.0.0.1', '--port', String(port)], as));
  } catch (error) {
    await dispose();
    throw error;
  }
  const cluster: Cluster = { major: 15, host: '127.0.0.1', port, internalHost: '127.0.0.1', internalPort: port, user: 'postgres', password: 'any', socket: folder, log: { file: '/dev/null' } };
  return { cluster, mariadbPort, mariadb, [Symbol.asyncDispose]: dispose };
}

async function until(ready: () => Promise<unknown>): Promise<void> {
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
