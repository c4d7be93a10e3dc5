import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { manifestText } from './manifest.ts';

/**
 * Writes the files that are made from code, `npm run generate`; with --check only says which are out of date,
 * and fails then. The bundle in `dist` must be fresh.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const generated: Readonly<Record<string, () => Promise<string>>> = {
  'oclif.manifest.json': () => manifestText(root),
};

const check = process.argv.includes('--check');
for (const [file, make] of Object.entries(generated)) {
  const now = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const text = await make();
  if (text === now) continue;
  if (check) {
    console.error(`${file} is out of date: run \`npm run generate\` and commit it.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
}
