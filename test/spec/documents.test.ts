import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reasonIds } from '../../src/model/rules.ts';
import { loadSpec } from '../../src/spec/load-spec.ts';
import { specShape } from '../../src/spec/schema/spec-shape.ts';
import type { Shape } from '../../src/spec/schema/shape.ts';
import { brief, load, problemsOf } from './load.ts';

const document = await readFile('docs/spec.md', 'utf8');
const examples = [...document.matchAll(/^```yaml\n([^]*?)^```$/gm)].map((match) => ({ line: document.slice(0, match.index).split('\n').length, text: match[1] ?? '' }));
/** Those that begin with their path are files of one spec. */
const fileOf = ({ text }: { readonly text: string }): string | undefined => /^# (\S+\.yaml)\n/.exec(text)?.[1];
const env = { DATABASE_URL: 'postgres://db.internal/analytics' };

/** Every key that a spec can have, by name. */
function keysOf(shape: Shape): readonly string[] {
  switch (shape.kind) {
    case 'object':
      return Object.entries(shape.keys).flatMap(([key, of]) => [key, ...keysOf(of)]);
    case 'list':
    case 'map':
      return keysOf(shape.of);
    case 'choice':
      return [shape.scalar, shape.list, shape.map].flatMap((way) => (way === undefined ? [] : keysOf(way)));
    default:
      return [];
  }
}

describe('docs/spec.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(8);
  });
  it.each(examples.filter((example) => fileOf(example) === undefined))('line $line loads', async ({ text }) => {
    expect(brief(await problemsOf(text, env))).toEqual([]);
    const { warnings } = await load(text, env);
    expect(brief(warnings)).toEqual(text.includes('only-for-tests') ? [expect.stringContaining('`password` is written out')] : []);
  });
  it('its files load as one spec', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fdw-docs-'));
    try {
      for (const example of examples) {
        const file = fileOf(example);
        if (file === undefined) continue;
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), example.text);
      }
      const { spec, warnings } = await loadSpec({ path: join(folder, 'fdw.yaml'), env });
      expect([spec.servers.length, spec.tables.length, warnings.length]).toEqual([1, 1, 0]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  it('names every key, and shows all but the kinds of clauses in an example', () => {
    const shown = examples.map(({ text }) => text).join('\n');
    const clauses = new Set(['distinct', 'window', 'sort', 'limit', 'set-operation', 'lock', 'insert', 'update', 'delete', 'output']);
    // Reasons are listed in rules.md.
    for (const key of new Set(keysOf(specShape).filter((each) => clauses.has(each) || !reasonIds.some((id) => id === each)))) {
      expect(document).toMatch(new RegExp(`\`\\{?${key}[\`:]`));
      if (!clauses.has(key)) expect(shown).toMatch(new RegExp(`\\b${key}:`));
    }
  });
});

describe('the starter spec', async () => {
  const template = await readFile('templates/fdw.yaml', 'utf8');

  it('begins with the line for editors', () => {
    expect(template).toMatch(/^# yaml-language-server: \$schema=\.\/node_modules\/fdw\/schema\/fdw\.schema\.json\n/);
  });
  it('loads as it is, without a warning', async () => {
    expect((await load(template)).warnings).toEqual([]);
  });
  it('loads with everything that is commented out', async () => {
    const [head, ...rest] = template.split(/^(?=version: 1$)/m);
    expect(head).toBeDefined();
    const whole = rest.join('').replaceAll(/^(\s*)# (?=\s*(?:- )?[a-z_.]+:(?: |$)|\s{2})/gm, '$1');
    expect(whole).toContain('\ntables:\n');
    expect(whole).toContain('\ndatabase: ');
    expect(brief(await problemsOf(whole, env))).toEqual([]);
  });
});
