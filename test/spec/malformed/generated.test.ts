import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullSpec } from '../full-spec.ts';
import { brief, load, problemsOf } from '../load.ts';

const lines = fullSpec.split('\n');
/** Lines that hold a key and its value, or an element of a list that is text. */
const valueLines = lines.flatMap((line, index) => {
  const match = /^( *(?:- )?)([\w.]+: )?([^:#{]+)$/.exec(line);
  return match === null || (match[2] === undefined && !line.includes('- ')) ? [] : [{ index, start: `${match[1] ?? ''}${match[2] ?? ''}`, value: match[3] ?? '', keyed: match[2] !== undefined }];
});

function withLine(index: number, ...replacement: readonly string[]): string {
  return [...lines.slice(0, index), ...replacement, ...lines.slice(index + 1)].join('\n');
}

/** Ways to break any value of a spec. */
const breaks: Readonly<Record<string, (line: { readonly index: number; readonly start: string; readonly value: string }) => string>> = {
  'a tag': ({ index, start, value }) => withLine(index, `${start}!js ${value}`),
  'an alias of nothing': ({ index, start }) => withLine(index, `${start}*nothing`),
  'a missing variable': ({ index, start }) => withLine(index, `${start}"\${env:NOT_SET}"`),
  'lists in lists': ({ index, start }) => withLine(index, `${start}[[[]]]`),
  'a map of a map': ({ index, start }) => withLine(index, `${start}{zz: {zz: 1}}`),
  'an open quote': ({ index, start, value }) => withLine(index, `${start}"${value}`),
  'an open bracket': ({ index, start, value }) => withLine(index, `${start}[${value}`),
  'a control character': ({ index, start, value }) => withLine(index, `${start}${value}\u0007`),
  'a tab': ({ index, start, value }) => withLine(index, `\t${start}${value}`),
  'a second document': ({ index, start, value }) => withLine(index, `${start}${value}`, '---'),
};

describe('a spec with one broken value', () => {
  it('has many values to break', () => {
    expect(valueLines.length * Object.keys(breaks).length).toBeGreaterThan(300);
    expect(brief([])).toEqual([]);
  });
  it('is valid before', async () => {
    await expect(load(fullSpec)).resolves.toBeDefined();
  });
  for (const [name, broken] of Object.entries(breaks)) {
    it(`${name}: has a problem with a place`, async () => {
      for (const line of valueLines) {
        const problems = await problemsOf(broken(line));
        expect(problems.length, `line ${line.index + 1}`).toBeGreaterThan(0);
        expect(problems.every(({ at }) => at !== undefined)).toBe(true);
      }
    });
  }
  it('a key twice: names both places', async () => {
    for (const { index, start, keyed } of valueLines) {
      if (!keyed || start.includes('- ')) continue;
      const problems = await problemsOf(withLine(index, lines[index] ?? '', lines[index] ?? ''));
      const twice = problems.find(({ message }) => message.endsWith('is written twice'));
      expect(twice?.at?.line).toBe(index + 2);
      expect(twice?.hint).toMatch(new RegExp(`:${index + 1}:\\d+$`));
    }
  });
});

describe('any text and any bytes', () => {
  const settings = { seed: 20261123, numRuns: 150 };
  const yamlish = fc.constantFrom('{', '}', '[', ']', ':', ': ', ',', '"', "'", '|', '>', '&a ', '*a', '<<: ', '!!x ', '? ', '- ', '\n', '\n  ', '\t', '#', '%', '---\n', '${', '${env:A}', 'null', '~', '1', 'true', '\uFEFF', 'servers', 'é', '👩‍👩‍👧');

  it('load or have problems with places', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.array(yamlish, { maxLength: 40 }).map((parts) => parts.join('')));
    await fc.assert(fc.asyncProperty(text, async (given) => expectPlaces(given)), settings);
  });
  it('bytes do, too', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (given) => expectPlaces(given)), settings);
  });
  it('a spec with pieces cut out and put in does, too', async () => {
    const place = fc.nat({ max: fullSpec.length });
    const splice = fc.tuple(place, fc.nat({ max: 12 }), fc.array(yamlish, { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(splice, { minLength: 1, maxLength: 4 }), async (splices) => {
        const text = splices.reduce((spec, [at, cut, put]) => spec.slice(0, at) + put.join('') + spec.slice(at + cut), fullSpec);
        await expectPlaces(text);
      }),
      settings,
    );
  });
});

/** Nothing but a SpecError may come out, and no message may hold a line feed. */
async function expectPlaces(given: string | Uint8Array): Promise<void> {
  for (const { at, message } of await problemsOf(given)) {
    expect(at).toBeDefined();
    expect(message).not.toContain('\n');
  }
}
