import { spawn } from 'node:child_process';
import type { RunFdw } from '../../demo/types.ts';
import { InterruptionTold, interruptedExitCode } from './interrupt.ts';

/**
 * Runs this very fdw as a child process on our streams; an abort sends it SIGINT, so that it cleans up too.
 * @throws InterruptionTold when it told the user of an abort itself
 */
export const runOwnCommand: RunFdw = (args, { cwd, env, signal }) =>
  new Promise((resolve, reject) => {
    const script = process.argv[1] ?? '';
    const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: 'inherit' });
    const interrupt = (): void => {
      child.kill('SIGINT');
    };
    signal.addEventListener('abort', interrupt, { once: true });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', interrupt);
      if (signal.aborted && code === interruptedExitCode) reject(new InterruptionTold());
      else resolve(code ?? interruptedExitCode);
    });
  });
