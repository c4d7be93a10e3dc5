import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { specSchemaText } from '../src/spec/schema/schema-file.ts';
import { doctorPage } from './doctor-page.ts';
import { hazardsPage } from './hazards-page.ts';
import { manifestText } from './manifest.ts';
import { rulePages, rulesPage } from './rules-page.ts';
import { outputSchemas } from './schemas.ts';

/**
 * Writes the files that are made from code, `npm run generate`; with --check only says which are out of date,
 * and fails then. The bundle in `dist` must be fresh.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const generated: Readonly<Record<string, () => Promise<string>>> = {
  'oclif.manifest.json': () => manifestText(root),
  'docs/doctor.md': async () => doctorPage(),
  'docs/hazards.md': async () => hazardsPage(),
  'docs/rules.md': async () => rulesPage(),
  ...Object.fromEntries(Object.entries(rulePages()).map(([file, page]) => [file, async () => page])),
  'schema/fdw.schema.json': async () => specSchemaText(),
  ...Object.fromEntries(
    Object.entries(outputSchemas).map(([name, schema]) => [`schema/${name}`, async () => `${JSON.stringify(schema, null, 2)}\n`]),
  ),
};

const check = process.argv.includes('--check');
mkdirSync('docs/rules', { recursive: true });
for (const name of readdirSync('docs/rules')) {
  const file = `docs/rules/${name}`;
  if (file in generated) continue;
  if (check) {
    console.error(`${file} is of no rule: run \`npm run generate\` and commit it.`);
    process.exitCode = 1;
  } else rmSync(file);
}
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
