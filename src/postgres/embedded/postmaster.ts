import { execFile, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { ClusterFolder } from './folder.ts';
import { failed } from './init.ts';
import { freePort } from './port.ts';
import { isAlive } from './process.ts';
import { launch } from './run.ts';

/** A server that accepts connections on 127.0.0.1 and on the socket in its folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly child: ChildProcess;
}

const startLimitMs = 60_000;

/**
 * Starts a server on a data folder. Without `port`, a free one is taken; another process may be quicker to take
 * it, so a failure for that reason is tried again.
 */
export async function startPostmaster(binaries: Binaries, folder: ClusterFolder, account: Account | undefined, port?: number): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const chosen = port ?? (await freePort());
    const args = ['-D', folder.data, '-p', String(chosen)];
    const child = await launch({ program: binaries.postgres, args, account, folder: folder.path, log: folder.log });
    if (await becameReady(child, folder)) return { pid: child.pid ?? 0, port: chosen, child };
    const error = await failed('The PostgreSQL server did not start.', folder);
    const portTaken = /could not bind|could not create any TCP/.test(error.why ?? '');
    if (port !== undefined || !portTaken || attempt === 5) throw error;
  }
}

/**
 * Waits for the eighth line of postmaster.pid, as pg_ctl does (src/include/utils/pidfile.h, LOCK_FILE_LINE_PM_STATUS;
 * all of 14 to 18): `ready`, or `standby` for a server in recovery that takes no connections.
 */
async function becameReady(child: ChildProcess, folder: ClusterFolder): Promise<boolean> {
  const deadline = Date.now() + startLimitMs;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const lines = await pidFile(folder.data);
    if (lines[0] === String(child.pid) && (lines[7] ?? '').trim() === 'ready') return true;
    await pause(20);
  }
  if (child.exitCode === null) child.kill('SIGQUIT');
  return false;
}

/**
 * Stops the server of a data folder, whoever started it: a fast shutdown (SIGINT), after `limitMs` an immediate one
 * (SIGQUIT). A server that is not there is fine.
 */
export async function stopPostmaster(data: string, binaries: Binaries | undefined, limitMs = 5000): Promise<void> {
  const pid = await runningPid(data);
  if (pid === undefined) return;
  if (process.platform === 'win32' && binaries !== undefined) {
    await promisify(execFile)(binaries.pgCtl, ['stop', '-D', data, '-m', 'fast', '-w']).catch(() => undefined);
    return;
  }
  signal(pid, 'SIGINT');
  if (await gone(pid, limitMs)) return;
  signal(pid, 'SIGQUIT');
  await gone(pid, limitMs);
}

/** The process id in a data folder's postmaster.pid; undefined when there is none, or no such process. */
export async function runningPid(data: string): Promise<number | undefined> {
  const pid = Number((await pidFile(data))[0]);
  return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : undefined;
}

/** Waits for the process itself: postmaster.pid is removed some milliseconds before it is gone. */
async function gone(pid: number, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (!isAlive(pid)) return true;
    await pause(10);
  }
  return false;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone in the meantime.
  }
}

async function pidFile(data: string): Promise<readonly string[]> {
  return (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
}
