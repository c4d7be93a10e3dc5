import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const fdw = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** Says the peak memory of the process, in kilobytes, as its last line of stderr. */
const peak = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\nPEAK '+process.resourceUsage().maxRSS+'\\n'))`;

/* Node 20 reads these certificates at every start, for 60 ms. */
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

export interface Finished {
  readonly stdout: string;
  readonly seconds: number;
  readonly megabytes: number;
}

/** Runs the built command line as a user would. @throws where it exits with another status than the one expected */
export function runFdw(args: readonly string[], env: Readonly<Record<string, string>> = {}, expected = 0): Finished {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', peak, fdw, ...args], { encoding: 'utf8', maxBuffer: 1 << 30, env: { ...environment, ...env } });
  if (status !== expected) throw new Error(`fdw ${args[0] ?? ''} exits with ${String(status)}: ${stderr.slice(0, 2000)}`);
  return { stdout, seconds: (performance.now() - begin) / 1000, megabytes: Number(/PEAK (\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024 };
}
