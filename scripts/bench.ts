import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * `npm run bench`: runs every measurement in `bench`, one after the other, so that none slows another. Each starts
 * what it needs and exits with 1 when it misses a limit; then so does this, after the last.
 */
const folder = fileURLToPath(new URL('../bench/', import.meta.url));
const [first, names] = ['startup.ts', readdirSync(folder).filter((name) => name.endsWith('.ts')).sort()];
// Start-up first: after the others the disk is still busy with their databases.
for (const name of [first, ...names.filter((name) => name !== first)]) {
  console.log(`# bench/${name}`);
  const { status, error } = spawnSync(process.execPath, [...process.execArgv, `${folder}${name}`], { stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exitCode = 1;
}
