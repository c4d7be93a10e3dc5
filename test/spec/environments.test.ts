import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { mergeOver } from '../../src/spec/environments/merge.ts';
import { ProblemList } from '../../src/spec/problem-list.ts';
import { parseYaml } from '../../src/spec/yaml/parse.ts';
import type { Node } from '../../src/spec/yaml/node.ts';
import type { SpecServer } from '../../src/spec/types.ts';
import { brief, load } from './load.ts';

const base = `version: 1
extensions: [a, b]
servers:
  shop:
    type: x
    options: {host: a, port: 1, dbname: d}
    user_mappings: {public: {user: u, password: {env: A}}, etl: {user: e}}
tables:
  a.b: {server: shop, columns: {id: int, n: text}}
`;

function withOverlay(...lines: readonly string[]): string {
  return `${base}environments:\n  e:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

/** A server as `host=a port=1 | public user=u`. */
function shown(server: SpecServer | undefined): string {
  const text = (options: SpecServer['options']): string =>
    options.map(({ name, value }) => `${name}=${value.kind === 'text' ? value.text : value.kind === 'reference' ? JSON.stringify(value.reference) : ''}`).join(' ');
  return [text(server?.options ?? []), ...(server?.userMappings ?? []).map(({ role, options }) => `${role.kind === 'public' ? 'public' : role.name} ${text(options)}`)].join(' | ');
}

describe('an environment', () => {
  const mappings = 'public password={"source":"env","name":"A"} user=u | etl user=e';
  it.each([
    ['changes an option', '{options: {host: b}}', `dbname=d host=b port=1 | ${mappings}`],
    ['adds an option', '{options: {x: y}}', `dbname=d host=a port=1 x=y | ${mappings}`],
    ['removes an option', '{options: {port: null}}', `dbname=d host=a | ${mappings}`],
    ['removes all options', '{options: null}', ` | ${mappings}`],
    ['replaces a text by a list', '{options: {host: [b, c]}}', `dbname=d host=b,c port=1 | ${mappings}`],
    ['changes nothing with an empty map', '{options: {}}', `dbname=d host=a port=1 | ${mappings}`],
    ['removes a user mapping', '{user_mappings: {etl: }}', 'dbname=d host=a port=1 | public password={"source":"env","name":"A"} user=u'],
    ['adds a user mapping without options', '{user_mappings: {x: {}}}', `dbname=d host=a port=1 | ${mappings} | x `],
    ['replaces the reference to a secret', '{user_mappings: {public: {password: {file: /b}}}}', 'dbname=d host=a port=1 | public password={"source":"file","path":"/b"} user=u | etl user=e'],
  ])('%s', async (_, server, expected) => {
    const { spec, warnings } = await load(withOverlay(`servers: {shop: ${server}}`), {}, 'e');
    expect(shown(spec.servers[0])).toBe(expected);
    expect(warnings).toEqual([]);
  });

  it('changes nothing unless it is chosen', async () => {
    const { spec } = await load(withOverlay('servers: {shop: null}', 'database: "${env:NOT_SET}"'));
    expect(spec.servers.map(({ name }) => name.value)).toEqual(['shop']);
    expect(spec.database).toBeUndefined();
  });
  it('may say nothing', async () => {
    expect((await load(`${base}environments: {e: }`, {}, 'e')).spec.servers).toHaveLength(1);
  });
  it('adds, replaces and removes at the top', async () => {
    const { spec } = await load(withOverlay('database: d', 'extensions: [c]', 'servers: {other: {}}', 'tables: null'), {}, 'e');
    expect(spec.database).toMatchObject({ value: 'd', at: { line: 12, column: 15 } });
    expect(spec.extensions.map(({ name }) => name.value)).toEqual(['c']);
    expect(spec.servers.map(({ name }) => `${name.value} ${name.at.line}`)).toEqual(['shop 4', 'other 14']);
    expect(spec.tables).toEqual([]);
  });
  it('gives a column a long form, and keeps the order of columns', async () => {
    const { spec } = await load(withOverlay('tables: {a.b: {columns: {z: int, id: {type: bigint, not_null: true}}}}'), {}, 'e');
    expect(spec.tables[0]?.columns.map(({ name, type, notNull }) => [name.value, type.value, notNull])).toEqual([['id', 'bigint', true], ['n', 'text', false], ['z', 'int', false]]);
  });
  it('warns of a null that removes nothing', async () => {
    const { warnings } = await load(withOverlay('servers: {shop: {options: {prot: null}}, other: {user_mappings: {public: }}}'), {}, 'e');
    expect(brief(warnings)).toEqual(['12:32 there is no `prot` here that null could remove', '12:70 there is no `public` here that null could remove']);
  });
  it('never shows a password that is written out in it', async () => {
    const { warnings } = await load(withOverlay('servers: {shop: {user_mappings: {public: {password: hunter2}}}}'), {}, 'e');
    expect(brief(warnings)).toEqual(['12:57 the value of `password` is written out in the spec']);
    const [range] = warnings[0]?.at?.source.sensitive ?? [];
    expect(warnings[0]?.at?.source.text.slice(range?.start, range?.end)).toBe('hunter2');
  });
});

/** Without places, and with the text of every scalar. */
function plain(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.text;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return new Map(node.entries.map(({ key, value }) => [key, plain(value)]));
  }
}

function parsed(value: unknown): Node {
  const source = { file: '-', text: stringify(value) };
  const { node } = parseYaml(source, new ProblemList());
  if (node === undefined) throw new Error(`not parsed: ${source.text}`);
  return node;
}

describe('merging', () => {
  const none = (): void => undefined;
  const over = (base: Node, overlay: Node): Node => mergeOver(base, overlay, undefined, none);
  const key = fc.constantFrom('a', 'b', 'c');
  const { tree } = fc.letrec<{ tree: unknown; map: unknown }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, fc.constantFrom<unknown>('x', 'y', ['x'], ['y', 'z']), tie('map')),
    map: fc.dictionary(key, tie('tree'), { maxKeys: 3, noNullPrototype: true }),
  }));
  const map = fc.dictionary(key, tree, { maxKeys: 3, noNullPrototype: true }).map(parsed);

  it('is associative where nothing is removed', () => {
    // A value between two maps would cut them apart: the right one then has nothing to merge with.
    const kinds = (node: Node): boolean => node.kind !== 'map' || node.entries.every(({ key: name, value }) => (name === 'a') === (value.kind === 'map') && kinds(value));
    fc.assert(fc.property(map.filter(kinds), map.filter(kinds), map.filter(kinds), (a, b, c) => {
      expect(plain(over(over(a, b), c))).toEqual(plain(over(a, over(b, c))));
    }), { seed: 20261123, numRuns: 200 });
  });
  it('with nothing changes nothing, and over nothing gives itself', () => {
    fc.assert(fc.property(map, (a) => {
      expect(plain(over(a, parsed({})))).toEqual(plain(a));
      expect(plain(over(parsed({}), a))).toEqual(plain(a));
      expect(plain(over(a, a))).toEqual(plain(a));
    }), { seed: 20261123, numRuns: 100 });
  });
  it('with a null for each key leaves nothing', () => {
    fc.assert(fc.property(map, (a) => {
      const nulls = parsed(Object.fromEntries(a.kind === 'map' ? a.entries.map((entry) => [entry.key, null]) : []));
      expect(plain(over(a, nulls))).toEqual(new Map());
    }), { seed: 20261123, numRuns: 100 });
  });
});
