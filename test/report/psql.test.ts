import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { SecretReference } from '../../src/model/secret-reference.ts';
import { planScript } from '../../src/report/plan-script.ts';
import { inert } from '../../src/report/psql/inert.ts';
import { ident, literal } from '../../src/sql/quote.ts';
import { statement } from '../../src/sql/statement.ts';
import { bareEnv, temporaryFolder } from '../commands/fdw.ts';
import { createDatabase, type TestDatabase } from '../servers/index.ts';
import { change, planOf } from './plans.ts';

test.each([
  ['a[1:n]', 'a[1: n]'],
  [`a[1:"N"] :'v' :{?v}`, `a[1: "N"] : 'v' : {?v}`],
  ["'a:b' \":c\" E'\\':d' 'x'::text x := 1", "'a:b' \":c\" E'\\':d' 'x'::text x := 1"],
  ['$$:a$$ $q$ :b $$ $q$ -- :c\n:d', '$$:a$$ $q$ :b $$ $q$ -- :c\n: d'],
  ['/* :a /* :b */ :c */ :d', '/* :a /* :b */ :c */ : d'],
])('what psql would take for a variable is none any more: %s', (sql, expected) => {
  expect(inert(sql)).toBe(expected);
});

test('quoted text stays as it is, whatever is in it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const sql = `SELECT ${literal(text)} AS ${ident(text === '' ? 'x' : text)}`;
    expect(inert(sql)).toBe(sql);
  }));
});

const psql = spawnSync('psql', ['--version']).status === 0;

/** Runs a script as users do, `fdw plan --format sql | psql`. */
function runScript(script: string, database: TestDatabase, env: NodeJS.ProcessEnv, more: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync('psql', ['-X', '-q', ...more, database.url], { input: script, env: bareEnv(env), encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A plan that writes a secret into a comment, where it can be read again. */
function planWith(reference: SecretReference) {
  return planOf([
    change({
      action: 'create',
      kind: 'schema',
      address: 'schema s',
      server: undefined,
      statements: [statement('CREATE SCHEMA s'), { parts: ['COMMENT ON SCHEMA s IS ', { reference, variable: 's_password' }] }],
    }),
  ]);
}

const comment = async (database: TestDatabase): Promise<unknown> =>
  (await database.query("SELECT obj_description(oid, 'pg_namespace') AS text FROM pg_namespace WHERE nspname = 's'"))[0]?.['text'];

describe.skipIf(!psql)('in psql', () => {
  const awkward = `it's "a" \\ $HOME \`id\` :x %s ü`;

  test('a secret comes from the environment', async () => {
    await using database = await createDatabase();
    const script = planScript(planWith({ source: 'env', name: 'SECRET_OF_MINE' }));
    expect(runScript(script, database, { SECRET_OF_MINE: awkward })).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await comment(database)).toBe(awkward);
  });

  test('a secret comes from a file of any name', async () => {
    await using database = await createDatabase();
    await using folder = await temporaryFolder();
    const path = join(folder.path, "it's `a` :name $x \"ü\"");
    await writeFile(path, `${awkward}\n`);
    expect(runScript(planScript(planWith({ source: 'file', path })), database, {})).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await comment(database)).toBe(awkward);
  });

  test('a secret comes from a command, whatever its arguments are', async () => {
    await using database = await createDatabase();
    const script = planScript(planWith({ source: 'command', argv: ['printf', '%s\\n', awkward] }));
    expect(runScript(script, database, {})).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await comment(database)).toBe(awkward);
  });

  test('a secret of a command that no shell could be given is asked for by its own name', async () => {
    await using database = await createDatabase();
    expect(runScript(planScript(planWith({ source: 'command', argv: ['printf', 'x\n'] })), database, { S_PASSWORD: 'other' }).status).toBe(0);
    expect(await comment(database)).toBe('other');
  });

  test('a secret that the spec spells out is asked for by its own name', async () => {
    await using database = await createDatabase();
    const script = planScript(planWith({ source: 'literal', value: new Secret('geheim') }));
    expect(script).not.toContain('geheim');
    expect(runScript(script, database, { S_PASSWORD: 'other' }).status).toBe(0);
    expect(await comment(database)).toBe('other');
  });

  test('psql -v wins', async () => {
    await using database = await createDatabase();
    const script = planScript(planWith({ source: 'env', name: 'NOT_SET' }));
    expect(runScript(script, database, {}, ['-v', 's_password=given']).status).toBe(0);
    expect(await comment(database)).toBe('given');
  });

  test.each([
    ['variable', { source: 'env', name: 'NOT_SET' }, 'the environment variable NOT_SET is not set'],
    ['program', { source: 'command', argv: ['/no/such/program'] }, 'the program /no/such/program gave none'],
    ['output', { source: 'command', argv: ['true'] }, 'the program true gave none'],
    ['good end', { source: 'command', argv: ['sh', '-c', 'echo x; exit 3'] }, 'the program sh gave none'],
    ['file', { source: 'file', path: '/no/such/file' }, 'the file /no/such/file cannot be read'],
  ] as const)('a missing %s stops it before anything is done', async (_, reference, words) => {
    await using database = await createDatabase();
    const { status, stderr } = runScript(planScript(planWith(reference)), database, {});
    expect(status).toBe(3);
    expect(stderr).toContain(words);
    expect(await comment(database)).toBeUndefined();
  });

  test('an error rolls back what ran before it', async () => {
    await using database = await createDatabase();
    const statements = [statement('CREATE SCHEMA s'), statement('CREATE SCHEMA s')];
    const script = planScript(planOf([change({ action: 'create', kind: 'schema', address: 'schema s', server: undefined, statements })]));
    expect(runScript(script, database, {}).status).toBe(3);
    expect(await comment(database)).toBeUndefined();
  });

  test('nothing in names, values and comments does anything to psql', async () => {
    await using database = await createDatabase();
    const value = ":HOST :'HOST' \\! touch /tmp/owned\n\\! id\n`id`; -- $$ /* '";
    const statements = [
      statement(`CREATE SCHEMA ${ident(value)}`),
      statement(`COMMENT ON SCHEMA ${ident(value)} IS ${literal(value)}`),
      statement('CREATE TABLE public.t (a int[], "HOST" int, b int[] GENERATED ALWAYS AS (a[1:"HOST"]) STORED)'),
    ];
    const hazards = [{ id: 'dependents' as const, message: value }];
    const script = planScript(planOf([change({ action: 'create', kind: 'schema', address: value, server: undefined, statements, hazards })]));
    expect(runScript(script, database, {})).toEqual({ status: 0, stdout: '', stderr: '' });
    const [row] = await database.query("SELECT nspname, obj_description(oid, 'pg_namespace') AS text FROM pg_namespace WHERE nspname = $1", [value]);
    expect(row).toEqual({ nspname: value, text: value });
  });
});
