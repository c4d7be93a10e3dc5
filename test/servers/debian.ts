/**
 * PostgreSQL 15 with mysql_fdw, and MariaDB, from Debian's packages: for what npm has no binaries of. See docs/testing.md.
 */
import { execFile, spawn } from 'node:child_process';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianDesk, missingOfDebian as missing, startDebianPostgres, until } from './debian-postgres.ts';
import { freePort } from './free-port.ts';
import type { Cluster } from './types.ts';

const run = promisify(execFile);

/** What is not installed here; empty: everything is there. */
export const missingOfDebian = missing('mysql_fdw', ['/usr/sbin/mariadbd', '/usr/bin/mariadb-install-db']);

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
  const desk = await debianDesk();
  const { folder, as, keep } = desk;
  const dispose = async (): Promise<void> => desk[Symbol.asyncDispose]();
  const [maria, socket, mariadbPort] = [join(folder, 'maria'), join(folder, 'maria.sock'), await freePort()];
  const mariadb = async (sql: string): Promise<string> => (await run('mariadb', ['--no-defaults', '--socket', socket, '--user=root', '--batch', '--execute', sql], as)).stdout;
  try {
    await mkdir(maria);
    if (as.uid !== undefined && as.gid !== undefined) await chown(maria, as.uid, as.gid);
    await run('mariadb-install-db', ['--no-defaults', `--datadir=${maria}`, '--auth-root-authentication-method=normal', '--skip-test-db'], as);
    keep(spawn('/usr/sbin/mariadbd', ['--no-defaults', `--datadir=${maria}`, `--socket=${socket}`, `--port=${mariadbPort}`, '--bind-address=127.0.0.1', `--pid-file=${join(folder, 'maria.pid')}`], { ...as, stdio: 'ignore' }));
    const cluster = await startDebianPostgres(desk);
    await until(async () => mariadb('SELECT 1'));
    return { cluster, mariadbPort, mariadb, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
