import { readFileSync } from 'node:fs';

/**
 * Whether a process runs. One that has ended but was not collected by its parent (an orphan in a container without
 * a proper init, for ever) does not; only Linux tells (proc(5), /proc/pid/stat, third field).
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    // Not Linux; or it has gone just now, and whoever asks again will know.
    return true;
  }
}
