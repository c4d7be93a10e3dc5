import { Ajv } from 'ajv';
import { spawnSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { TestDatabase } from '../servers/index.ts';
import { root } from './fdw.ts';
import { shop } from './shop.ts';

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
async function keepsTo(schema: string, text: string): Promise<object> {
  const valid = ajv.compile(JSON.parse(await readFile(join(root, 'schema', `${schema}.schema.json`), 'utf8')) as object);
  const json = JSON.parse(text) as object;
  expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
  return json;
}

const lastLine = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);

test('plan, apply, plan again: the answer on stdout, all around it on stderr, the exit code as asked', async () => {
  await using at = await shop();

  const plan = await at.run(['plan']);
  expect(plan.code).toBe(0);
  expect(lastLine(plan.stdout)).toBe('Plan: 6 to create, 0 to change, 0 to drop.');
  expect(plan.stderr).toContain('Carry it out with `fdw apply`.');
  expect(plan.stdout).toContain('password (sensitive)');
  expect((await at.run(['plan', '--quiet'])).stderr).toBe('');
  expect((await at.run(['plan', '--detailed-exitcode'])).code).toBe(2);

  const json = await at.run(['plan', '--json', '--detailed-exitcode', '--quiet']);
  expect(json).toMatchObject({ code: 2, stderr: '' });
  expect(await keepsTo('plan', json.stdout)).toMatchObject({ summary: { create: 6, update: 0, replace: 0, drop: 0 }, database: { name: at.local.name, chosen_by: 'FDW_DATABASE_URL' } });

  const refused = await at.run(['apply', '--quiet']);
  expect(refused.code).toBe(1);
  expect(lastLine(refused.stdout)).toBe('Plan: 6 to create, 0 to change, 0 to drop.');
  expect(refused.stderr).toMatchInlineSnapshot(`
    "Error: apply asks before it changes anything, and there is no terminal to ask
    at.
      → Approve with --yes.
    "
  `);
  const refusedJson = await at.run(['apply', '--json', '--quiet']);
  expect(refusedJson).toMatchObject({ code: 1, stderr: '' });
  expect(await keepsTo('error', refusedJson.stdout)).toMatchObject({ error: { id: 'approval-needed' } });

  const apply = await at.run(['apply', '--yes', '--quiet']);
  expect(apply).toMatchObject({ code: 0, stderr: '' });
  expect(lastLine(apply.stdout)).toBe('Applied: 6 created, 0 changed, 0 dropped.');
  const again = await at.run(['apply', '--yes', '--json', '--quiet']);
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(await keepsTo('apply', again.stdout)).toMatchObject({ changes: [], applied: { create: 0 }, statements: 0 });
  const clean = await at.run(['plan', '--detailed-exitcode']);
  expect(clean.code).toBe(0);
  expect(lastLine(clean.stdout)).toBe('No changes. Compared 1 server, 1 user mapping, 2 foreign tables with the spec.');

  for (const { stdout, stderr } of [plan, json, refused, apply, again, clean]) expect(stdout + stderr).not.toContain('geheim');
});

test('what the CLI prints does not change unseen', async () => {
  await using at = await shop();
  const { stdout } = await at.run(['plan']);
  const { cluster } = at.local;
  const anywhere = stdout
    .replaceAll(at.local.name, 'LOCAL')
    .replaceAll(at.remote.name, 'REMOTE')
    .replaceAll(/PostgreSQL \d+\.\d+/g, 'PostgreSQL VERSION')
    .replaceAll(/"user" '[^']+'/g, "\"user\" 'ROLE'")
    .replaceAll(at.serverOptions.port, 'PORT')
    .replaceAll(String(cluster.port), 'PORT')
    .replaceAll(/\s+/g, ' ');
  expect(anywhere).toMatchSnapshot();
});

describe('a saved plan', () => {
  test('is carried out once, and refused when the database has moved', async () => {
    await using at = await shop();
    const saved = await at.run(['plan', '--out', 'fdw.plan']);
    expect(saved.code).toBe(0);
    expect(saved.stderr).toContain('Carry it out with `fdw apply fdw.plan`.');
    const text = await readFile(join(at.folder, 'fdw.plan'), 'utf8');
    expect(text).not.toContain('geheim');
    expect((await at.run(['plan', '--out', '-', '--quiet'])).stdout).toBe(text);

    expect((await at.run(['apply', 'fdw.plan', '--yes'])).code).toBe(0);
    const stale = await at.run(['apply', '-', '--yes', '--json', '--quiet'], { input: text });
    expect(stale.code).toBe(1);
    expect(await keepsTo('error', stale.stdout)).toMatchObject({ error: { id: 'plan-stale' } });
  });

  test("is carried out over the connection of the spec's database, with its password", async () => {
    await using at = await shop();
    const specFile = join(at.folder, 'fdw.yaml');
    await writeFile(specFile, `database: \${env:LOCAL_URL}\n${await readFile(specFile, 'utf8')}`);
    const env = { FDW_DATABASE_URL: '', LOCAL_URL: at.local.url };
    expect((await at.run(['plan', '--out', 'fdw.plan'], { env })).code).toBe(0);

    const elsewhere = await at.run(['apply', 'fdw.plan', '--yes'], { env: { ...env, LOCAL_URL: `${at.local.url}x` } });
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toContain('A plan file holds none');
    const applied = await at.run(['apply', 'fdw.plan', '--yes'], { env });
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.stdout).toContain('from the plan file');
  });

  test('that cannot be written is an error', async () => {
    await using at = await shop();
    const { code, stderr } = await at.run(['plan', '--out', 'no/such/folder.plan', '--quiet']);
    expect(code).toBe(1);
    expect(stderr).toContain('Cannot write no/such/folder.plan');
    await expect(stat(join(at.folder, 'no'))).rejects.toThrow();
  });
});

test.each([
  ['text', ['apply', '--yes', '--quiet']],
  ['JSON', ['apply', '--yes', '--quiet', '--json']],
] as const)('Ctrl-C while an apply waits: 130, and nothing has happened (%s)', async (format, args) => {
  await using at = await shop();
  const other = await at.local.connect();
  // What keeps two applies apart.
  await other.query('SELECT pg_advisory_lock(6710391, 1)');
  const outcome = at.run(args, {
    started: (kill) => {
      void waitingForLock(at.local).then(() => {
        kill('SIGINT');
        // One key press can be two signals: npm hands on what the terminal sends to all. Two of a kind could become one on the way.
        kill('SIGTERM');
      });
    },
  });
  const { code, stdout, stderr } = await outcome;
  expect({ code, stdout: lastLine(stdout), stderr }).toMatchSnapshot();
  if (format === 'JSON') expect(await keepsTo('error', stdout)).toMatchObject({ error: { id: 'interrupted' } });
  await other.end();
  expect(await at.local.query("SELECT 1 FROM pg_namespace WHERE nspname = 'shop'")).toEqual([]);
  expect(await at.local.query("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'fdw/%' AND datname = current_database()")).toEqual([]);
});

/** Returns once an fdw waits for a lock in this database, or after five seconds. */
async function waitingForLock(database: TestDatabase): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const rows = await database.query(
      "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'fdw/%' AND wait_event_type = 'Lock' AND datname = current_database()",
    );
    if (rows.length > 0) return;
    await setTimeout(50);
  }
}

test('a reader that closes the pipe early is no error', async () => {
  await using at = await shop();
  const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${join(root, 'bin', 'run.js')}" plan --quiet | head -n 1`], {
    cwd: at.folder,
    env: { PATH: process.env['PATH'], HOME: at.folder, ...at.env },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
