import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../../src/postgres/embedded/folder.ts';
import type { Account } from '../../src/postgres/embedded/index.ts';

export const repository = join(import.meta.dirname, '../..');

/** A folder for temporary files that everybody may use, so that what a demo leaves behind can be seen. */
export async function ownTemporaryFolder(account: Account | undefined): Promise<string> {
  const folder = await mkdtemp(join(account === undefined ? tmpdir() : await temporaryFolder(account), 'demo-test-'));
  await chmod(folder, 0o777);
  return folder;
}

/** `fdw …` as a process of its own, as it was built last (`npm test` builds first). */
export interface Run {
  /** Both streams so far. */
  readonly output: () => string;
  /** Standard output alone: progress, which depends on the machine's speed, is not there. */
  readonly stdout: () => string;
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number | null>;
  /** Waits until it has said that. */
  readonly said: (text: RegExp) => Promise<void>;
  /** Sends it a signal; to all that it started as well, as a terminal does for Ctrl-C. */
  readonly signal: (name: NodeJS.Signals, to: 'it' | 'all') => void;
}

export function fdw(args: readonly string[], temporary: string, account?: Account): Run {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
  const child = spawn(process.execPath, [join(repository, 'bin/run.js'), ...args], {
    cwd: temporary,
    env: { ...env, HOME: temporary, TMPDIR: temporary, FDW_DATABASE_URL: 'postgresql://127.0.0.1:1/not-this-one', PGSSLMODE: 'verify-full' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own.
    detached: true,
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
  });
  let [text, stdout] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; stdout += chunk; });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => { resolve(code); }));
  const said = async (wanted: RegExp): Promise<void> => {
    while (!wanted.test(text)) {
      if (child.exitCode !== null) throw new Error(`it ended before it said ${String(wanted)}:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const signal: Run['signal'] = (name, to) => {
    if (child.pid !== undefined) process.kill(to === 'all' && process.platform !== 'win32' ? -child.pid : child.pid, name);
  };
  return { output: () => text, stdout: () => stdout, ended, said, signal };
}

/** What fdw left in a folder for temporary files, and the processes that still work there (Linux only). */
export async function leftIn(temporary: string): Promise<readonly string[]> {
  const files = (await readdir(temporary)).filter((name) => name.startsWith('fdw-'));
  const pids = process.platform === 'linux' ? (await readdir('/proc')).filter((name) => /^\d+$/.test(name)) : [];
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return [...files, ...commands.filter((command) => command.includes(temporary)).map((command) => command.replaceAll('\0', ' '))];
}

/** What differs from run to run, replaced. */
export function masked(output: string, temporary: string): string {
  return output
    .replaceAll(new RegExp(`${temporary}/fdw-demo-\\w+`, 'g'), '<folder>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replaceAll(/port: \d+/g, 'port: <port>')
    .replaceAll(/port '\d+'/g, "port '<port>'")
    .replaceAll(/\d{4}-\d\d-\d\d/g, '<date>')
    .replaceAll(/about [\d,]+ row/g, 'about <n> row')
    // Where a line with numbers is wrapped depends on their digits.
    .replaceAll(/(?<=fetches: )about [^:]+?\sinstead\s+of\s[^:]+?\sround\s+trips?/g, 'about <n> rows (<n> kB) in <n> round trips instead of <n> rows (<n> kB) in <n> round trips')
    .replaceAll(/rows? \([\d.]+ [kMG]?B\)/g, 'rows (<n> kB)')
    .replaceAll(/[\d,]+ round trips?/g, '<n> round trips')
    .replaceAll(/PostgreSQL 18\.\d+/g, 'PostgreSQL 18.x')
    .replaceAll(/postgres:[\w-]+@/g, 'postgres:<password>@');
}
