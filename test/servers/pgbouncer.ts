/** pgbouncer from Debian's package, in front of a cluster. See docs/testing.md. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { runtimeAccount } from '../../src/postgres/embedded/index.ts';
import { freePort } from './free-port.ts';
import type { Cluster } from './types.ts';
import { urlOf } from './url.ts';

const program = '/usr/sbin/pgbouncer';

/** Whether there is one here. */
export const hasPgbouncer = existsSync(program);

/** A pooler; disposing of it stops it. `cluster` is the cluster behind it, as it is reached through the pooler. */
export interface Pooler {
  readonly cluster: Cluster;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1; its users are those of the cluster's superuser alone. */
export async function startPgbouncer(behind: Cluster, mode: 'session' | 'transaction'): Promise<Pooler> {
  const account = await runtimeAccount();
  const folder = await mkdtemp(join(tmpdir(), 'fdw-pgbouncer-'));
  const port = await freePort();
  const users = join(folder, 'users');
  await writeFile(users, `"${behind.user}" "${behind.password}"\n`);
  await writeFile(join(folder, 'pgbouncer.ini'), `[databases]
* = host=${behind.host} port=${behind.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = ${mode}
`);
  if (account !== undefined) for (const path of [folder, users]) await chown(path, account.uid, account.gid);
  const child = spawn(program, ['-q', join(folder, 'pgbouncer.ini')], { stdio: 'ignore', ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }) });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const cluster: Cluster = { ...behind, host: '127.0.0.1', port, internalHost: '127.0.0.1', internalPort: port, socket: undefined };
  const dispose = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answering(cluster);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { cluster, [Symbol.asyncDispose]: dispose };
}

async function answering(cluster: Cluster): Promise<void> {
  for (let tries = 1; ; tries++) {
    const client = new pg.Client({ connectionString: urlOf(cluster, 'postgres') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
