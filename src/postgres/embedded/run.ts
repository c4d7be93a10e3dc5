import { spawn, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { UserError } from '../../base/user-error.ts';
import type { Account } from './account.ts';

/** How a program of PostgreSQL is started. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly account: Account | undefined;
  /** A folder that the account can reach: PostgreSQL wants to know where it is. */
  readonly folder: string;
  /** Where its output is appended. */
  readonly log: string;
}

/**
 * Starts a program in a session of its own (Ctrl-C at the terminal is not for it), its output going to a file, so
 * that it needs nothing from us any more.
 */
export async function launch({ program, args, account, folder, log }: Launch): Promise<ChildProcess> {
  const output = await open(log, 'a');
  try {
    const child = spawn(program, [...args], {
      cwd: folder,
      env: cleanEnvironment(folder),
      stdio: ['ignore', output.fd, output.fd],
      detached: true,
      windowsHide: true,
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => { reject(cannotRun(program, account, cause)); });
    });
    return child;
  } finally {
    await output.close();
  }
}

/** Waits until a process has ended. @returns its exit code; null after a signal */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((resolve) => child.once('exit', (code) => { resolve(code); }));
}

/**
 * Our environment without what would change PostgreSQL's mind: its own variables, the locale (macOS refuses to
 * start a server without LC_ALL), and the home folder, whose .pgpass and certificates postgres_fdw would read.
 */
function cleanEnvironment(folder: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_') && !name.startsWith('LANG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', HOME: folder };
}

function cannotRun(program: string, account: Account | undefined, cause: Error): UserError {
  return new UserError('embedded-postgres-failed', `PostgreSQL's program ${program} could not be started.`, {
    why: cause.message,
    todo: account === undefined ? 'Check that the file can be executed on this system.' : `Check that the user ${account.name} may execute it, or run fdw as an ordinary user.`,
    cause,
  });
}
