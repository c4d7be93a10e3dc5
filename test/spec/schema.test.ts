import { Ajv } from 'ajv';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkShape } from '../../src/spec/check.ts';
import { ProblemList } from '../../src/spec/problem-list.ts';
import { specJsonSchema } from '../../src/spec/schema/json-schema.ts';
import { specSchemaText } from '../../src/spec/schema/schema-file.ts';
import { specShape } from '../../src/spec/schema/spec-shape.ts';
import { spanOf } from '../../src/spec/positions.ts';
import { parseYaml } from '../../src/spec/yaml/parse.ts';
import { fullSpec } from './full-spec.ts';
import { malformedCases } from './malformed/cases.ts';

const byAjv = new Ajv({ strict: true, allowUnionTypes: true }).compile(specJsonSchema());

/** What fdw's own structural check finds; undefined where the text is no YAML or breaks rules that JSON cannot express. */
function byFdw(text: string): readonly string[] | undefined {
  const source = { file: 'fdw.yaml', text };
  const problems = new ProblemList();
  const { node, wellFormed } = parseYaml(source, problems);
  if (node === undefined || !wellFormed || !problems.empty) return undefined;
  checkShape(node, specShape, 'the spec', spanOf(source, { start: 0, end: 1 }), problems);
  return problems.list().map(({ message }) => message);
}

/** @param value what the text says, where the caller knows it already */
function expectAgreement(text: string, value?: unknown): void {
  const found = byFdw(text);
  if (found === undefined) return;
  const valid = byAjv(value ?? parse(text, { merge: true, maxAliasCount: -1, logLevel: 'silent' }));
  expect(valid, `${text}\nfdw: ${found.join('; ')}\najv: ${JSON.stringify(byAjv.errors)}`).toBe(found.length === 0);
}

describe('the JSON Schema of the spec', () => {
  it('is the committed file', async () => {
    expect(await readFile('schema/fdw.schema.json', 'utf8')).toBe(specSchemaText());
  });

  it('describes every key and shows an example of it', () => {
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (key === 'properties') {
          for (const [name, of] of Object.entries(value as object)) {
            expect(Object.keys(of as object), `${path}.${name}`).toEqual(expect.arrayContaining(['description', 'examples']));
          }
        }
        if (key !== 'examples') visit(value, `${path}.${key}`);
      }
    };
    visit(specJsonSchema(), '');
  });

  it('accepts its own examples', () => {
    for (const example of specShape.examples ?? []) expect(byAjv(example), JSON.stringify(byAjv.errors)).toBe(true);
    for (const [key, { examples = [] }] of Object.entries(specShape.keys)) {
      expect(examples.length, key).toBeGreaterThan(0);
      for (const example of examples) expect(byAjv({ version: 1, [key]: example }), `${key}: ${JSON.stringify(byAjv.errors)}`).toBe(true);
    }
  });

  it('agrees with fdw on good specs', () => {
    expect(byFdw(fullSpec)).toEqual([]);
    expectAgreement(fullSpec);
    for (const text of goodSpecs) {
      expect(byFdw(text), text).toEqual([]);
      expectAgreement(text);
    }
  });

  it('agrees with fdw on malformed specs', () => {
    for (const { text } of malformedCases) if (typeof text === 'string' && text.length < 2000) expectAgreement(text);
  });

  it('agrees with fdw when any value of a spec is replaced by anything', () => {
    const whole: unknown = parse(fullSpec);
    const paths = pathsOf(whole);
    const anything = fc.oneof(
      fc.constantFrom<unknown>(null, true, 0, 1, 1.5, -1, '', 'all', 'full', 'remote', 'create', 'x', [], {}, ['x'], [null], [{}], { env: 'A' }, { env: 'A', file: 'b' }, { command: ['x'] }, { command: [] }, { except: ['x'] }, { x: null }, { x: {} }, { '': 'x' }),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), anything, (path, value) => {
        const spec = replaced(whole, path, value);
        // As JSON, which is YAML too, and made and read in a fraction of the time.
        expectAgreement(JSON.stringify(spec), spec);
      }),
      { seed: 20261123, numRuns: 1500 },
    );
  });
});

const goodSpecs: readonly string[] = [
  'version: 1',
  'version: 1.0',
  'version: 0x1',
  '{"version": 1, "servers": {}}',
  'version: 1\ndatabase:\nextensions:\nservers:\nschemas:\ntables:\npushdown:\n',
  'version: 1\nextensions: [a, 1, {b: }, {c: {}}, {d: {schema: x, version: 1.6}}]',
  'version: 1\nextensions: {a: , b: {version: "1"}}',
  'version: 1\nservers:\n  shop:\n  other: {type: , version: 16, options: , user_mappings: {public: , etl: {}}}',
  'version: 1\nservers: {s: {options: {a: yes, b: true, c: 010, d: null, e: "", f: [1, b], g: {env: X}, h: {file: y}, i: {command: [op, 1, ""]}}}}',
  'version: 1\nservers: {a: &a {options: &o {host: x}}, b: *a, c: {options: {<<: *o, port: 1}}}',
  'version: 1\nservers: {s: {}}\ntables: {a.b: {server: s, columns: {c: int, d: {type: int, default: , options: }}}}',
  'version: 1\ninclude:',
  'version: 1\ninclude: [a, 1]',
  'version: 1\nenvironments:',
  'version: 1\nenvironments: {a: , b: {}, c: {servers: , tables: {a.b: {columns: {c: , d: {not_null: true}}}}, schemas: {s: {tables: }}}}',
  'version: 1\nenvironments: {a: {servers: {s: , t: {options: {host: }, user_mappings: {public: , x: {password: {env: A}}}}}, pushdown: {checks: }}}',
  'version: 1\npushdown: {checks: [{name: 1, sql: SELECT 1, expect: }, {name: b, sql: x, expect: {}}]}',
];

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((item, index) => pathsOf(item, [...path, index]))];
  if (typeof value === 'object' && value !== null) return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
  return [path];
}

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === first ? replaced(item, rest, by) : item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === first ? replaced(item, rest, by) : item]));
}
