import fc from 'fast-check';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { joinFiles } from '../../src/spec/files/join.ts';
import { loadSpec } from '../../src/spec/load-spec.ts';
import { ProblemList } from '../../src/spec/problem-list.ts';
import { specShape } from '../../src/spec/schema/spec-shape.ts';
import type { MapNode, Node } from '../../src/spec/yaml/node.ts';
import { parseYaml } from '../../src/spec/yaml/parse.ts';
import { caught } from './load.ts';

type Files = Readonly<Record<string, string>>;

/** Runs with files of these texts, `version: 1` in front of each, in a folder of their own. */
async function withFiles<Result>(files: Files, use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'fdw-include-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text.startsWith('!') ? text.slice(1) : `version: 1\n${text}`);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `file:line:column message = hint` of each problem. */
function problemsIn(files: Files, environment?: string, root = 'fdw.yaml'): Promise<readonly string[]> {
  return withFiles(files, async (folder) => {
    const problems = await caught(() => loadSpec({ path: join(folder, root), env: {}, environment }));
    return problems.map(({ at, message, hint }) => `${at?.source.file}:${at?.line}:${at?.column} ${message} = ${hint}`.replaceAll(`${folder}/`, ''));
  });
}

const table = 'tables: {a.b: {server: s, columns: {id: int}}}';

describe('a spec of several files', () => {
  it('is one spec', async () => {
    const files = {
      'fdw.yaml': `include: [s/*.yaml, t.yaml]\ndatabase: d\nextensions: [a]\n${table}`,
      's/1.yaml': 'servers: {s: {}}\nextensions: {b: {schema: x}}\npushdown: {queries: [q], checks: [{name: a, sql: x}]}',
      's/2.yaml': 'servers: {t: {}}\npushdown: {role: r, queries: [p], checks: [{name: b, sql: x}]}\nenvironments: {e: {database: e}}',
      't.yaml': 'tables: {a.c: {server: t, columns: {id: int}}}',
    };
    await withFiles(files, async (folder) => {
      const { spec, warnings } = await loadSpec({ path: join(folder, 'fdw.yaml'), env: {}, environment: 'e' });
      expect(warnings).toEqual([]);
      expect(spec.database?.value).toBe('e');
      expect(spec.extensions.map(({ name, schema }) => [name.value, schema?.value])).toEqual([['a', undefined], ['b', 'x']]);
      expect(spec.servers.map(({ name }) => name.value)).toEqual(['s', 't']);
      expect(spec.tables.map(({ name }) => [name.value.name, name.at.source.file])).toEqual([['b', join(folder, 'fdw.yaml')], ['c', join(folder, 't.yaml')]]);
      expect(spec.pushdown).toMatchObject({ role: 'r', queries: [{ value: 'q' }, { value: 'p' }], checks: [{ name: { value: 'a' } }, { name: { value: 'b' } }] });
      expect(spec.source.file).toBe(join(folder, 'fdw.yaml'));
    });
  });
  it('may be a folder, whose files are in the order of their names', async () => {
    await withFiles({ 'b.yml': 'servers: {b: {}}', 'a.yaml': 'servers: {a: {}}', 'c.txt': '!no', '.d.yaml': '!no', 'sub/e.yaml': '!no' }, async (folder) => {
      expect((await loadSpec({ path: folder, env: {} })).spec.servers.map(({ name }) => name.value)).toEqual(['a', 'b']);
    });
  });
  it('takes paths from the file that they stand in', async () => {
    const secret = 'servers: {s: {user_mappings: {a: {password: {file: pw}}, b: {password: {command: [./pw]}}}}}';
    await withFiles({ 'fdw.yaml': 'include: [x/a.yaml]', 'x/a.yaml': 'include: [../y/b.yaml]', 'y/b.yaml': secret }, async (folder) => {
      const { spec } = await loadSpec({ path: join(folder, 'fdw.yaml'), env: {} });
      expect(spec.secrets.map(({ value }) => value)).toEqual([{ source: 'file', path: join(folder, 'y/pw') }, { source: 'command', argv: [join(folder, 'y/pw')] }]);
    });
  });
  it('reads a file once, by whatever name', async () => {
    await withFiles({ 'fdw.yaml': 'include: [a.yaml, ./b.yaml, "*.yaml"]', 'a.yaml': 'include: [c.yaml]', 'b.yaml': 'include: [d.yaml]', 'c.yaml': 'servers: {s: {}}' }, async (folder) => {
      await symlink(join(folder, 'c.yaml'), join(folder, 'd.yaml'));
      expect((await loadSpec({ path: join(folder, 'fdw.yaml'), env: {} })).spec.servers).toHaveLength(1);
    });
  });
  it('may be included from standard input, and by environment variables', async () => {
    await withFiles({ 'a.yaml': 'servers: {s: {}}' }, async (folder) => {
      const text = 'version: 1\ninclude: ["${env:DIR}/a.yaml"]\n';
      expect((await loadSpec({ path: '-', readStdin: () => Promise.resolve(text), env: { DIR: folder } })).spec.servers).toHaveLength(1);
    });
  });
  it('may have a base that only an environment completes', async () => {
    const files = { 'fdw.yaml': 'include: [t.yaml]\nservers: {s: {}}\nenvironments: {e: {tables: {a.b: {server: s}}}}', 't.yaml': 'tables: {a.b: {columns: {id: int}}}' };
    expect(await problemsIn(files, 'e')).toEqual([]);
    expect(await problemsIn(files)).toEqual(['t.yaml:2:10 `a.b` has no `server` = add `server: shop`']);
  });
});

describe('a malformed spec of several files', () => {
  const included = (text: string, more = ''): Files => ({ 'fdw.yaml': `include: [a.yaml]\nservers: {s: {}}${more}`, 'a.yaml': text });
  const cases: readonly (readonly [name: string, files: Files, problems: readonly string[], environment?: string])[] = [
    ['a file that does not exist', { 'fdw.yaml': 'include: [a.yaml]\ntables: {a.b: {server: nope}}' }, ['fdw.yaml:2:11 the file does not exist = paths start from the folder of the file that includes them']],
    ['a folder', { 'fdw.yaml': 'include: [x]', 'x/a.yaml': '' }, ['fdw.yaml:2:11 this is a folder, not a file = paths start from the folder of the file that includes them']],
    ['a glob of nothing', { 'fdw.yaml': 'include: [x/*.yaml]' }, ['fdw.yaml:2:11 no file matches `x/*.yaml` = patterns start from the folder of the file that includes']],
    ['a missing variable', { 'fdw.yaml': 'include: ["${env:X}.yaml"]' }, ['fdw.yaml:2:12 the environment variable X is not set = set it, or give a default: `${env:X:-…}`']],
    ['an empty path', { 'fdw.yaml': 'include: ["${env:X:-}"]' }, ['fdw.yaml:2:11 the path of this file is empty = the environment variable is empty']],
    ['itself', { 'fdw.yaml': 'include: [./fdw.yaml]' }, ['fdw.yaml:2:11 the file `fdw.yaml` includes itself = it is included at fdw.yaml:2:11']],
    ['a loop', { 'fdw.yaml': 'include: [a.yaml]', 'a.yaml': 'include: [b.yaml]', 'b.yaml': 'include: [a.yaml]' }, ['b.yaml:2:11 the file `a.yaml` includes itself = it is included at a.yaml:2:11, then at b.yaml:2:11']],
    ['no YAML', included('!a: ['), ['a.yaml:1:4 this bracket is never closed = close it, and indent what is inside deeper than its key']],
    ['UTF-16', included('!\0a\0b'), ['a.yaml:1:1 the file is UTF-16, not UTF-8 = save it as UTF-8']],
    ['an empty file', included('!'), ['a.yaml:1:1 the spec is empty = start with `version: 1`; `fdw init` writes a commented spec']],
    ['no version', included('!servers: {}'), ['a.yaml:1:1 the spec has no `version` = add `version: 1`']],
    ['another version', included('!version: 2'), ['a.yaml:1:10 `version` must be `1`, not `2` = this release of fdw reads version 1']],
    ['a list', included('!- a'), ['a.yaml:1:1 the spec must be a map of keys, not a list = for example {version: 1, servers: {shop: {options: {host: shop.internal, dbname: shop}, user_mappings: {public: {user: shop_ro, password: {env: SHOP_RO_PASSWORD}}}}}}'.slice(0, 52)]],
    ['an unknown key', included('server: {}'), ['a.yaml:2:1 `server` is not a key of the spec = did you mean `servers`?']],
    ['a server twice', included('servers: {t: {}, s: {}}'), ['a.yaml:2:18 the server `s` is given twice = it is also given at fdw.yaml:3:11']],
    ['a schema twice', included('schemas: {x: {server: s}}', '\nschemas: {x: {server: s}}'), ['a.yaml:2:11 the imported schema `x` is given twice = it is also given at fdw.yaml:4:11']],
    ['a table twice', included(table, `\n${table}`), ['a.yaml:2:10 the table `a.b` is given twice = it is also given at fdw.yaml:4:10']],
    ['a table twice in other quotes', included(table, `\ntables: {'"a".b': {server: s, columns: {id: int}}}`), ['a.yaml:2:10 the table `a.b` is given twice = it is also given at fdw.yaml:4:10']],
    ['a table listed elsewhere', included(table, '\nschemas: {a: {server: s, tables: [b]}}'), ['a.yaml:2:10 the table `a.b` is given twice = it is also given at fdw.yaml:4:35']],
    ['an extension twice', included('extensions: [x]', '\nextensions: {x: }'), ['a.yaml:2:14 the extension `x` is listed twice = it is first listed at fdw.yaml:4:14']],
    ['an extension twice in maps', included('extensions: {x: }', '\nextensions: {x: }'), ['a.yaml:2:14 the extension `x` is given twice = it is also given at fdw.yaml:4:14']],
    ['an environment twice', included('environments: {e: {}}', '\nenvironments: {e: {}}'), ['a.yaml:2:16 the environment `e` is given twice = it is also given at fdw.yaml:4:16']],
    ['a check twice', included('pushdown: {checks: [{name: c, sql: x}]}', '\npushdown: {checks: [{name: c, sql: x}]}'), ['a.yaml:2:28 two checks have the name `c` = the first is at fdw.yaml:4:28']],
    ['a database twice', included('database: a', '\ndatabase: a'), ['a.yaml:2:1 `database` is given twice = it is also given at fdw.yaml:4:1']],
    ['a role twice', included('pushdown: {role: a}', '\npushdown: {role: a}'), ['a.yaml:2:12 `role` is given twice = it is also given at fdw.yaml:4:12']],
    ['a server that no file has', included('schemas: {x: {server: t}}'), ['a.yaml:2:23 the schema `x` is on a server `t`, which the spec does not have = did you mean `s`?']],
    ['problems in both', included('foo: 1', '\nbar: 1'), ['fdw.yaml:4:1 `bar` is not a key of the spec', 'a.yaml:2:1 `foo` is not a key of the spec']],
    ['a bad name in an environment of another file', included('environments: {e: {servers: {"": {}}}}'), ['a.yaml:2:30 a name in `servers` is empty = undefined'], 'e'],
    ['a missing variable in a file that is included', included('database: "${env:X}"'), ['a.yaml:2:12 the environment variable X is not set = set it, or give a default: `${env:X:-…}`']],
    ['include in an environment', { 'fdw.yaml': 'environments: {e: {include: [a]}}' }, ['fdw.yaml:2:20 `include` is not a key of an environment = it stands at the top, outside of `environments`']],
    ['include as text', { 'fdw.yaml': 'include: a.yaml' }, ['fdw.yaml:2:10 `include` must be a list, not text = for example [servers/*.yaml]']],
    ['include of nothing', { 'fdw.yaml': 'include: [""]' }, ['fdw.yaml:2:11 an element of `include` must be text; it is empty']],
    ['include of a map', { 'fdw.yaml': 'include: [{file: a}]' }, ['fdw.yaml:2:11 an element of `include` must be text, not a map']],
  ];
  for (const [name, files, expected, environment] of cases) {
    it(name, async () => {
      const problems = await problemsIn(files, environment);
      expect(problems.map((problem, index) => problem.slice(0, expected[index]?.length))).toEqual(expected);
    });
  }
  it('an empty folder', async () => {
    expect(await problemsIn({ 'x/y.txt': '' }, undefined, 'x')).toEqual(['x:1:1 the folder holds no spec = its *.yaml and *.yml files are read; `fdw init` writes a starter spec']);
  });
  it('a password in a file is hidden there', async () => {
    await withFiles(included('servers: {t: {user_mappings: {a: {password: hunter2}}}, u: 1}'), async (folder) => {
      const [problem] = await caught(() => loadSpec({ path: join(folder, 'fdw.yaml'), env: {} }));
      const [range] = problem?.at?.source.sensitive ?? [];
      expect(problem?.at?.source.text.slice(range?.start, range?.end)).toBe('hunter2');
    });
  });
});

describe('joining files', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const file = fc.record(
    { database: fc.constantFrom('x', 'y'), servers: fc.dictionary(key, fc.constant({}), { noNullPrototype: true }), extensions: fc.array(key), pushdown: fc.record({ queries: fc.array(key), role: key }, { requiredKeys: [], noNullPrototype: true }) },
    { requiredKeys: [], noNullPrototype: true },
  ).map((value): MapNode => {
    const { node } = parseYaml({ file: '-', text: stringify({ version: 1, ...value }) }, new ProblemList());
    if (node?.kind !== 'map') throw new Error('not parsed');
    return node;
  });
  const plain = (node: Node): unknown =>
    node.kind === 'scalar' ? node.text : node.kind === 'list' ? node.items.map(plain) : new Map(node.entries.map((entry) => [entry.key, plain(entry.value)]));
  const join = (...files: readonly MapNode[]): MapNode => joinFiles(files, specShape, new ProblemList());

  it('is associative', () => {
    fc.assert(fc.property(file, file, file, (a, b, c) => {
      const whole = plain(join(a, b, c));
      expect(plain(join(join(a, b), c))).toEqual(whole);
      expect(plain(join(a, join(b, c)))).toEqual(whole);
    }), { seed: 20261123, numRuns: 150 });
  });
});
