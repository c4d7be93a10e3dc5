import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './base/median.ts';

/*
 * How long the built `fdw` takes to say its version and a command's help, as a multiple of what bare node
 * takes for nothing. Median of eleven, the three taking turns, so that a busy machine slows all alike.
 * Fails when a limit is missed. Takes another path to `run.js` as its argument, for an installed package.
 */
const runs = 11;
const script = process.argv[2] ?? fileURLToPath(new URL('../bin/run.js', import.meta.url));
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

const candidates = [
  { name: 'node -e 0', args: ['-e', '0'], limit: undefined },
  { name: 'fdw --version', args: [script, '--version'], limit: 4 },
  { name: 'fdw plan --help', args: [script, 'plan', '--help'], limit: 5 },
] as const;

/** Milliseconds from the start of a process to its end. */
function time(args: readonly string[]): number {
  const begin = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { env, stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} exited with ${status}`);
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

const times = candidates.map((): number[] => []);
// One round beforehand, for the file cache and for V8's compile cache, which is there on every later run too.
for (const { args } of candidates) time(args);
for (let run = 0; run < runs; run++) candidates.forEach(({ args }, index) => times[index]?.push(time(args)));

const floor = median(times[0] ?? []);
for (const [index, { name, limit }] of candidates.entries()) {
  const value = median(times[index] ?? []);
  const ratio = value / floor;
  const verdict = limit === undefined ? '' : `  ${ratio.toFixed(2)} times bare node, at most ${limit}`;
  const missed = limit !== undefined && ratio > limit;
  if (missed) process.exitCode = 1;
  console.log(`${name.padEnd(16)} ${value.toFixed(0).padStart(4)} ms${verdict}${missed ? '  MISSED' : ''}`);
}
console.log(`Node ${process.versions.node}, median of ${runs}`);
