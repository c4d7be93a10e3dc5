import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * One small process beside ours. It holds a pipe to us; when we are gone, by whatever way (SIGKILL included), the
 * pipe closes, and it stops the servers whose folders it was told to watch and removes those folders. It knows a
 * server by the postmaster.pid in its data folder, which goes when the server ends.
 *
 * Plain JavaScript for `node -e`: it must not depend on where our own code lies, bundled or not.
 */
const program = `
const fs = require('node:fs'), path = require('node:path');
const folders = new Set();
const pidOf = (folder) => {
  try { return Number(fs.readFileSync(path.join(folder, 'data', 'postmaster.pid'), 'utf8').split('\\n')[0]) || 0; } catch { return 0; }
};
const signal = (pid, name) => { try { process.kill(pid, name); } catch {} };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
async function end(folder) {
  const pid = pidOf(folder);
  for (let i = 0; pid > 0 && pidOf(folder) === pid && i < 100; i++) {
    if (i === 0) signal(pid, 'SIGINT');
    if (i === 50) signal(pid, 'SIGQUIT');
    await pause(100);
  }
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});
require('node:readline').createInterface({ input: process.stdin })
  .on('line', (line) => { if (line[0] === '+') folders.add(line.slice(1)); else folders.delete(line.slice(1)); })
  .on('close', async () => { await Promise.allSettled([...folders].map(end)); process.exit(0); });
`;

let watchdog: ChildProcess | undefined;

/** From now on, `folder` (a cluster's) does not survive this process, nor does the server in it. */
export function watch(folder: string): void {
  watchdog ??= start();
  watchdog.stdin?.write(`+${folder}\n`);
}

/** Ends the watch over a folder: it was removed, or is meant to stay. */
export function unwatch(folder: string): void {
  watchdog?.stdin?.write(`-${folder}\n`);
}

function start(): ChildProcess {
  // A session of its own: Ctrl-C at the terminal must not reach it before it has done its work.
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, windowsHide: true, env: { ...process.env, NODE_OPTIONS: '' } });
  // Without it we are only less tidy after a SIGKILL.
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  // Lets our process end while the pipe is open.
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}
