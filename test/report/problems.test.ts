import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/base/spec-error.ts';
import type { SourceFile } from '../../src/base/source.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import { renderProblems } from '../../src/report/problems.ts';
import { styleOf, type Surface } from '../../src/report/style.ts';
import { load, problemsOf } from '../spec/load.ts';

const plain: Surface = { style: styleOf(false), width: 80 };

async function rendered(text: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  return renderProblems(await problemsOf(text, env), plain);
}

const shown: Readonly<Record<string, string>> = {
  'unknown keys': 'version: 1\nservers:\n  shop:\n    usage: [analyst]\n    opitons: {}\n    host: shop.internal\n',
  'wrong types': 'version: one\nservers: [shop]\nschemas:\n  shop: {server: shop, import: {collate: yes}, types: creat}\n',
  'what is missing': 'version: 1\nservers: {shop: {}}\nschemas:\n  shop:\ntables:\n  a.b: {server: shpo}\n',
  'environment variables': 'version: 1\ndatabase: postgres://${env:DB_HOST}:${env:DB_PORT}/${DB}\n',
  'broken YAML': 'version: 1\nservers:\n\tshop: {}\n',
  'a reference in braces': 'version: 1\nservers: {shop: {options: {host: ${env:HOST}}}}\n',
  'a key twice': 'version: 1\nservers:\n  shop: {type: a}\n  shop: {type: b}\n',
  'an empty file': '',
  'a long line': `version: 1\nextensions: [${Array.from({ length: 60 }, (_, index) => `extension_${index}`).join(', ')}, {a: 1}, ${Array.from({ length: 60 }, (_, index) => `more_${index}`).join(', ')}]\n`,
  'wide characters and tabs': 'version: 1\nservers: {"会社":\t{"データ": 1}}\n',
  'a terminal\'s escape sequences': 'version: 1\n"\\e[31m\\u202egnp": 1\n',
  'secrets at the problem': 'version: 1\nservers:\n  shop:\n    user_mappings:\n      public: hunter2\n      etl: {password: [hunter2]}\n      other: {password: hunter2, password: hunter2}\n',
  'secrets beside the problem': 'version: 1\nservers: {s: {user_mappings: {a: {password: hunter2}}, usage: x}}\n',
  'secrets in broken YAML': 'version: 1\nservers: {s: {user_mappings: {a: {password: hunter2}}\npassword: "hunter2\n  hunter2\n',
  'a password in a URL': 'version: 1\ndatabase: [postgres://app:hunter2@db/x]\n',
};

describe('problems for people', () => {
  for (const [name, text] of Object.entries(shown)) {
    it(`${name}: looks so`, async () => {
      expect(await rendered(text)).toMatchSnapshot();
    });
  }
  it('warnings look so', async () => {
    const { warnings } = await load('version: 1\nservers: {s: {user_mappings: {a: {user: x, password: hunter2}}}}\n');
    expect(renderProblems(warnings, plain, 'warning')).toMatchSnapshot();
  });
  it('without a place they are a line', () => {
    expect(renderProblems([{ message: 'nothing works', at: undefined, hint: 'go home' }], plain)).toBe('error: nothing works\n     = go home');
  });
  it('in colour they say the same', async () => {
    const problems = await problemsOf(shown['wrong types'] ?? '');
    const colourful = renderProblems(problems, { style: styleOf(true), width: 80 });
    expect(colourful).toContain('\u001b[31m');
    expect(colourful.replaceAll(/\u001b\[\d+m/g, '')).toBe(renderProblems(problems, plain));
  });
});

describe('secrets', () => {
  const spots: readonly string[] = [
    'servers: {s: {user_mappings: {a: {password: "SECRET"}}}}',
    "servers: {s: {user_mappings: {a: {password: 'SECRET', sslpassword: SECRET}}}}",
    'servers: {s: {user_mappings: {a: {pasword: SECRET}}}}',
    'servers: {s: {password: SECRET}}',
    'servers: {s: {options: {password: SECRET, api_key: SECRET}}}',
    'servers: {s: {pasword: SECRET}}',
    'password: SECRET',
    'servers: {s: {user_mappings: SECRET}}'.replace('SECRET', '{a: SECRET}'),
    'servers: {s: {user_mappings: {a: [SECRET]}}}',
    'servers: {s: {wrapper: x_fdw, user_mappings: {a: {anything: SECRET}}}}',
    'servers: {s: {user_mappings: {a: {password: !secret SECRET}}}}',
    'servers: {s: {user_mappings: {a: {password: &p SECRET}}, bad: *p}}',
    'database: postgres://me:SECRET@host/db',
    'database: postgres://me:SEC@RET@host/db',
    'database: "host=x password=SECRET"',
    'database: "host=x password=\'SECRET SECRET\'"',
    'servers: {s: {user_mappings: {a: {password: "SECRET}}}}',
    'servers: {s: {user_mappings: {a: {password: SECRET}}}',
  ];
  it.each(spots)('%s: are never shown', async (spot) => {
    const text = `version: 1\n${spot.replaceAll('SECRET', 'hunter2')}\n`;
    const source = (await problemsOf(`${text}zzz: 1\n`))[0]?.at?.source;
    expect(source).toBeDefined();
    if (source === undefined) return;
    // A problem at every place of the line: whatever is marked, the secret stays hidden.
    const places = Array.from({ length: spot.length + 3 }, (_, column): Problem => ({ message: 'x', at: { source, line: 2, column: column + 1, endColumn: column + 3 } }));
    const output = renderProblems(places, plain) + (await rendered(`${text}zzz: 1\n`));
    expect(output).not.toMatch(/hunter2|hunt|er2@/);
  });
});

describe('the caret', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 300 }).filter((line) => !line.includes('\n'));

  it('stays in the width, under the line, wherever it points', () => {
    const range = fc.tuple(fc.nat({ max: 320 }), fc.nat({ max: 50 }));
    fc.assert(
      fc.property(text, range, range, fc.integer({ min: 40, max: 120 }), (line, [column, length], [from, size], width) => {
        const start = Math.min(from, line.length);
        const source: SourceFile = { file: 'f', text: line, sensitive: [{ start, end: Math.min(line.length, start + size) }] };
        const output = renderProblems([{ message: 'm', at: { source, line: 1, column: column + 1, endColumn: column + 1 + length } }], { ...plain, width }).split('\n');
        if (line === '') return;
        const [, shownLine = '', caretLine = ''] = output;
        expect(caretLine).toMatch(/^ {5}\| *\^+$/);
        expect(displayWidth(shownLine)).toBeLessThanOrEqual(width);
        expect(caretLine.length).toBeLessThanOrEqual(width + 1);
      }),
      { seed: 20261123, numRuns: 500 },
    );
  });
});
