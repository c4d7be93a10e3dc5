import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSpec } from '../../src/spec/load-spec.ts';
import type { LoadedSpec } from '../../src/spec/types.ts';
import { fullSpec } from './full-spec.ts';
import { brief, caught, load, withFile } from './load.ts';

/** The spec without places, as plain data. */
function plain({ spec }: LoadedSpec): unknown {
  const { source: _, ...rest } = spec;
  const relative = (value: unknown): unknown => (typeof value === 'string' ? value.replace(process.cwd(), '<folder>') : value);
  return JSON.parse(JSON.stringify(rest, (key, value: unknown) => (key === 'at' ? undefined : relative(value))));
}

async function optionsOf(options: string, env: NodeJS.ProcessEnv = {}): Promise<Record<string, unknown>> {
  const { spec } = await load(`version: 1\nservers:\n  s:\n    options:\n${options.replaceAll(/^/gm, '      ')}\n`, env);
  return Object.fromEntries((spec.servers[0]?.options ?? []).map(({ name, value }) => [name, value.kind === 'text' ? value.text : value]));
}

describe('a spec that uses every key', () => {
  it('is read', async () => {
    expect(plain(await load(fullSpec))).toMatchSnapshot();
  });
  it('has nothing to warn about', async () => {
    expect((await load(fullSpec)).warnings).toEqual([]);
  });
  it('is read the same with CRLF and a byte order mark', async () => {
    expect(plain(await load(`\uFEFF${fullSpec.replaceAll('\n', '\r\n')}`))).toEqual(plain(await load(fullSpec)));
  });
  it('knows where its values stand', async () => {
    const { spec } = await load(fullSpec);
    const places = [spec.servers[0]?.name, spec.schemas[0]?.remoteSchema, spec.tables[0]?.name, spec.tables[0]?.columns[0]?.type, spec.pushdown.checks[0]?.sql];
    expect(places.map((placed) => placed && `${placed.at.line}:${placed.at.column}-${placed.at.endColumn}`)).toEqual(['22:3-7', '57:20-26', '159:3-25', '189:11-26', '245:12-44']);
  });
});

describe('options', () => {
  it.each(['010', '1e3', 'yes', '0x1F', '5432', 'true', 'True', '+1', '.5', '1_000', '2026-11-23', '0o17', 'NULL_', "it's", 'a: b'.replace(': ', ':'), '-c app.tenant=a', '12:30', '.inf'])('%s stays as it is written', async (text) => {
    expect(await optionsOf(`x: ${text}`)).toEqual({ x: text });
  });
  it.each([
    ['"a\\tb"', 'a\tb'],
    ["'it''s'", "it's"],
    ['"null"', 'null'],
    ["''", ''],
    ['a   # comment', 'a'],
    ['!!str 010', '010'],
    ['a\n  b', 'a b'],
    ['|\n  a\n  b\n', 'a\nb\n'],
    ['>-\n  a\n  b\n', 'a b'],
  ])('%j in YAML is %j', async (written, text) => {
    expect(await optionsOf(`x: ${written}`)).toEqual({ x: text });
  });
  it('are dropped by null', async () => {
    expect(await optionsOf('a: null\nb: ~\nc:\nd: x')).toEqual({ d: 'x' });
  });
  it('take a list as a comma-separated value, with quotes where extensions need them', async () => {
    expect(await optionsOf('host: [a, b, 010]\nextensions: [citext, Upper, with space, "a,b", "uuid-ossp"]')).toEqual({
      host: 'a,b,010',
      extensions: 'citext,"Upper","with space","a,b","uuid-ossp"',
    });
  });
  it('take values from the environment', async () => {
    expect(await optionsOf('host: ${env:H}.internal\nport: ${env:P:-5432}\nx: $${env:H}', { H: 'shop' })).toEqual({ host: 'shop.internal', port: '5432', x: '${env:H}' });
  });
  it('are shared by anchors and merge keys; what is written wins', async () => {
    const { spec } = await load('version: 1\nservers:\n  a: {options: &o {host: a, port: 1}}\n  b: {options: {<<: *o, host: b}}\n  c: {options: {port: 2, <<: [*o, {dbname: c, host: x}]}}\n  d: {options: {"<<": x}}\n');
    expect(spec.servers.map(({ options }) => options.map(({ name, value }) => `${name}=${value.kind === 'text' ? value.text : ''}`).join(' '))).toEqual([
      'host=a port=1', 'host=b port=1', 'dbname=c host=a port=2', '<<=x',
    ]);
  });
  it('may be called like parts of every JavaScript object', async () => {
    expect(await optionsOf('__proto__: a\nconstructor: b\ntoString: c')).toEqual(Object.fromEntries([['__proto__', 'a'], ['constructor', 'b'], ['toString', 'c']]));
  });
});

describe('user mappings', () => {
  it.each(['public', '"public"', "'public'", '!!str public'])('%s is PUBLIC', async (key) => {
    const { spec } = await load(`version: 1\nservers: {s: {user_mappings: {${key}: {user: x}}}}`);
    expect(spec.servers[0]?.userMappings[0]?.role).toEqual({ kind: 'public' });
  });
  it.each(['current_user', 'user', 'session_user', 'CURRENT_USER', 'none', '123', 'true', 'Public'])('%s is a role', async (key) => {
    const { spec } = await load(`version: 1\nservers: {s: {user_mappings: {${key}: }}}`);
    expect(spec.servers[0]?.userMappings[0]).toMatchObject({ role: { kind: 'role', name: key }, options: [] });
  });
  it('warn of PUBLIC in capitals, which is a role', async () => {
    expect(brief((await load('version: 1\nservers: {s: {user_mappings: {PUBLIC: }}}')).warnings)).toEqual(['2:31 `PUBLIC` is the name of a role here']);
  });
  it('take secrets as references', async () => {
    const text = 'version: 1\nservers: {s: {user_mappings: {a: {password: {env: A}}, b: {password: {file: x/y}}, c: {password: {file: /x}}, d: {password: "${env:D}"}, e: {user: {env: U}}}}}';
    const { spec, warnings } = await withFile(Buffer.from(text), async (path) => {
      const loaded = await loadSpec({ path, env: { D: 'hunter2' } });
      expect(loaded.spec.servers[0]?.userMappings[1]?.options).toEqual([{ name: 'password', value: { kind: 'reference', reference: { source: 'file', path: join(path, '..', 'x', 'y') } } }]);
      return loaded;
    });
    const references = spec.servers[0]?.userMappings.map(({ options }) => options[0]?.value);
    expect(references?.[0]).toEqual({ kind: 'reference', reference: { source: 'env', name: 'A' } });
    expect(references?.[2]).toEqual({ kind: 'reference', reference: { source: 'file', path: '/x' } });
    expect(references?.[3]).toEqual({ kind: 'reference', reference: { source: 'env', name: 'D' } });
    expect(references?.[4]).toEqual({ kind: 'reference', reference: { source: 'env', name: 'U' } });
    expect(warnings).toEqual([]);
  });
  it('take secrets from programs: in PATH, or in the folder of the spec', async () => {
    const text = 'version: 1\nservers: {s: {user_mappings: {a: {password: {command: [op, read, "$${x}", "", 010]}}, b: {password: {command: [bin/pw, a/b]}}, c: {password: {command: [/bin/pw]}}}}}';
    await withFile(Buffer.from(text), async (path) => {
      const { spec, warnings } = await loadSpec({ path, env: {} });
      expect(spec.secrets.map(({ value }) => (value.source === 'command' ? value.argv : undefined))).toEqual([
        ['op', 'read', '${x}', '', '010'], [join(path, '..', 'bin/pw'), 'a/b'], ['/bin/pw'],
      ]);
      expect(warnings).toEqual([]);
    });
  });
  it('take a password written out with a warning, and never show it', async () => {
    const loaded = await load('version: 1\nservers: {s: {user_mappings: {a: {password: hunter2, pw: hunter2}}}}');
    expect(brief(loaded.warnings)).toEqual(['2:45 the value of `password` is written out in the spec', '2:58 the value of `pw` is written out in the spec']);
    const { source: _, ...rest } = loaded.spec;
    expect(JSON.stringify(rest, (key, value: unknown) => (key === 'at' ? undefined : value))).not.toContain('hunter2');
  });
  it('of another wrapper keep all but the user secret', async () => {
    const { warnings } = await load('version: 1\nservers: {s: {wrapper: x_fdw, user_mappings: {a: {username: u, key_id: k}}}}');
    expect(brief(warnings)).toEqual(['2:72 the value of `key_id` is written out in the spec']);
  });
});

describe('warnings', () => {
  it.each([
    ['a password in the database', 'database: postgres://app:hunter2@db/x', ['2:11 the password of the database is written out in the spec']],
    ['a password in a connection string', 'database: host=db password=hunter2', ['2:11 the password of the database is written out in the spec']],
    ['a name with two dots', 'servers: {s: {}}\ntables: {a.b.c: {server: s, columns: {d: int}}}', ['3:10 `a.b.c` is read as the table `b.c` in the schema `a`']],
    ['a collation with a dot', 'servers: {s: {}}\ntables: {a.b: {server: s, columns: {d: {type: text, collation: en_US.utf8}}}}', ['3:64 `en_US.utf8` is read as the collation `utf8` in the schema `en_US`']],
    ['none for a port', 'database: postgres://db:5432/x?options=a@b', []],
    ['none for references', 'database: postgres://app:${env:PW}@db/x', []],
  ])('%s', async (_, text, warnings) => {
    expect(brief((await load(`version: 1\n${text}`, { PW: 'x' })).warnings)).toEqual(warnings);
  });
});

describe('files', () => {
  const problems = (path: string): Promise<readonly string[]> => caught(() => loadSpec({ path, env: {} })).then(brief);

  it('that do not exist, are folders or may not be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fdw-spec-'));
    try {
      const closed = join(folder, 'closed.yaml');
      await writeFile(closed, 'version: 1');
      await chmod(closed, 0);
      expect(await problems(join(folder, 'none.yaml'))).toEqual(['1:1 the file does not exist']);
      expect(await problems(join(closed, 'fdw.yaml'))).toEqual(['1:1 the file does not exist']);
      expect(await problems('a\0b')).toEqual(['1:1 the path holds a NUL character']);
      // root may read everything
      expect(await problems(closed)).toEqual(process.getuid?.() === 0 ? [] : ['1:1 there is no permission to read the file']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  it('of 80 MB are refused at once', async () => {
    await withFile(Buffer.from('version: 1\n'), async (path) => {
      const file = await open(path, 'r+');
      await file.truncate(80 * 1024 * 1024);
      await file.close();
      const before = process.cpuUsage();
      expect(await problems(path)).toEqual(['1:1 the file has more than 64 MB (80 MB)']);
      expect(process.cpuUsage(before).user).toBeLessThan(200_000);
    });
  });
  it('without an end are, too', async () => {
    expect(await problems('/dev/zero')).toEqual(['1:1 the file has more than 64 MB']);
  });
  it('that are pipes which nobody writes to are empty', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fdw-spec-'));
    try {
      await mkdir(join(folder, 'x'));
      const path = join(folder, 'pipe');
      execFileSync('mkfifo', [path]);
      expect(await problems(path)).toEqual(['1:1 the spec is empty']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  it('are named in places as the user named them', async () => {
    await withFile(Buffer.from('version: 2'), async (path) => {
      const [problem] = await caught(() => loadSpec({ path, env: {} }));
      expect(problem?.at?.source.file).toBe(path);
    });
  });
});
