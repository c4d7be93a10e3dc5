import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bareEnv, fdw, root, temporaryFolder } from './fdw.ts';
import { shop } from './shop.ts';

const runJs = join(root, 'bin', 'run.js');
/* util-linux's, which takes a command by -c and gives its exit code with -e; others do not. */
const { stdout: scriptVersion } = spawnSync('script', ['--version'], { encoding: 'utf8' });
const hasScript = (scriptVersion ?? '').includes('util-linux');

/**
 * Runs the command line at a pseudo-terminal, and types each answer when its question appears.
 * @returns what the terminal showed, and the exit code
 */
function atTerminal(args: string, at: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv }, answers: readonly (readonly [question: string, typed: string])[]) {
  return new Promise<{ readonly code: number | null; readonly shown: string }>((resolve, reject) => {
    const child = spawn('script', ['-qefc', `stty cols 100; exec "${process.execPath}" "${runJs}" ${args}`, '/dev/null'], {
      cwd: at.cwd,
      env: bareEnv({ TERM: 'xterm', ...at.env }),
      stdio: 'pipe',
    });
    const left = [...answers];
    let shown = '';
    let from = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      const [question, typed] = left[0] ?? [];
      if (question === undefined || typed === undefined || !shown.slice(from).includes(question)) return;
      left.shift();
      from = shown.length;
      child.stdin.write(typed);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, shown }));
  });
}

describe.skipIf(!hasScript)('at a terminal', () => {
  test('apply asks, and carries out what was approved', async () => {
    await using at = await shop();
    const no = await atTerminal('apply', { cwd: at.folder, env: at.env }, [['Carry out this plan?', 'n\r']]);
    expect(no.code).toBe(1);
    expect(no.shown).toContain('Not approved: nothing was changed.');

    const interrupted = await atTerminal('apply', { cwd: at.folder, env: at.env }, [['Carry out this plan?', '\u0003']]);
    expect(interrupted.code).toBe(130);
    expect(await at.local.query("SELECT 1 FROM pg_namespace WHERE nspname = 'shop'")).toEqual([]);

    const yes = await atTerminal('apply', { cwd: at.folder, env: at.env }, [['Carry out this plan?', 'y\r']]);
    expect(yes.code).toBe(0);
    expect(yes.shown).toContain('Applied: 6 created, 0 changed, 0 dropped.');
    expect(yes.shown).toContain('\u001B[32m');
    expect(yes.shown).not.toContain('geheim');
  });

  test('a plan that replaces something wants the name of the database', async () => {
    await using at = await shop();
    expect((await at.run(['apply', '--yes'])).code).toBe(0);
    await at.writeSpec('shop2');
    const question = `Type the database's name (${at.local.name})`;
    const servers = (): Promise<readonly object[]> => at.local.query("SELECT 1 FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = ftserver WHERE srvname = 'shop2'");

    const unasked = await atTerminal('apply', { cwd: at.folder, env: at.env }, [[question, 'yes\r']]);
    expect(unasked.shown).toContain('--allow table-replaced');
    expect(unasked.shown).not.toContain(question);

    const wrong = await atTerminal('apply --allow table-replaced', { cwd: at.folder, env: at.env }, [[question, 'yes\r']]);
    expect(wrong.code).toBe(1);
    expect(wrong.shown).toContain('2 to replace');
    expect(await servers()).toHaveLength(0);

    const right = await atTerminal('apply --allow table-replaced', { cwd: at.folder, env: at.env }, [[question, `${at.local.name}\r`]]);
    expect(right.code).toBe(0);
    expect(await servers()).toHaveLength(2);
  });

  test('plan and apply ask whether what is gone was renamed, and then keep it with what stands on it', async () => {
    await using at = await shop();
    expect((await at.run(['apply', '--yes'])).code).toBe(0);
    await at.local.query('CREATE VIEW regions AS SELECT region FROM shop.customers');
    await at.remote.query('ALTER TABLE customers RENAME region TO area');
    const question = 'Was column region of shop.customers to area renamed?';
    const unasked = await at.run(['plan']);
    expect(unasked.stdout.replace(/\s+/g, ' ')).toContain('column region may have been renamed to area');
    expect(unasked.stdout).toContain('column region: dropped');

    const no = await atTerminal('plan', { cwd: at.folder, env: at.env }, [[question, 'n\r']]);
    expect(no.shown).toContain('column region: dropped');
    const interrupted = await atTerminal('apply', { cwd: at.folder, env: at.env }, [[question, '\u0003']]);
    expect(interrupted.code).toBe(130);

    const one = await atTerminal('plan --out fdw.plan', { cwd: at.folder, env: at.env }, [[question, 'y\r']]);
    expect(one.shown).toContain('column region: renamed to area');
    await at.remote.query('ALTER TABLE orders RENAME TO purchases');
    const both = await atTerminal('apply', { cwd: at.folder, env: at.env }, [['Which of these were renamed?', 'a'], ['foreign table', '\r'], ['Carry out this plan?', 'y\r']]);
    expect(both.code).toBe(0);
    expect(both.shown).toContain('name: shop.orders -> shop.purchases');
    expect((await at.run(['plan'])).stdout).toContain('No changes.');
    expect(await at.local.query("SELECT pg_get_viewdef('regions'::regclass) LIKE '%area AS region%' AS follows")).toEqual([{ follows: true }]);
  });

  test('init asks where the spec goes, and writes it', async () => {
    await using folder = await temporaryFolder();
    const { code, shown } = await atTerminal('init', { cwd: folder.path }, [
      ['Where shall the spec go?', 'db/spec.yaml\r'],
      ['Write a GitHub workflow', 'y\r'],
    ]);
    expect(code).toBe(0);
    expect(shown).toContain('fdw validate --spec');
    const workflow = await readFile(join(folder.path, '.github', 'workflows', 'fdw.yml'), 'utf8');
    expect(workflow).toContain('SPEC: "db/spec.yaml"');
    expect(workflow.match(/npx --yes fdw .*/g)?.every((command) => command.includes('--spec "$SPEC"'))).toBe(true);
    expect(await readFile(join(folder.path, 'db', 'spec.yaml'), 'utf8')).toContain('yaml-language-server');
  });

  test('Ctrl-C at a question of init: 130, and no file', async () => {
    await using folder = await temporaryFolder();
    expect((await atTerminal('init', { cwd: folder.path }, [['Where shall the spec go?', '\u0003']])).code).toBe(130);
    expect(existsSync(join(folder.path, 'fdw.yaml'))).toBe(false);
  });
});

describe('an apply that takes its time', () => {
  test('says what it is at once the plan is shown', async () => {
    await using at = await shop();
    expect((await at.run(['apply', '--yes'])).code).toBe(0);
    await at.remote.query('ALTER TABLE orders ADD channel text');
    const reader = await at.local.connect();
    await reader.query('BEGIN; LOCK TABLE pg_class IN ACCESS SHARE MODE; SELECT count(*) FROM shop.orders');
    const applying = at.run(['apply', '--yes', '--lock-timeout', '20s']);
    setTimeout(() => void reader.query('COMMIT'), 3_000);
    const { code, stderr, stdout } = await applying;
    expect({ code, applied: stdout.includes('Applied: 0 created, 1 changed, 0 dropped.') }).toEqual({ code: 0, applied: true });
    expect(stderr).toContain('update foreign table shop.orders (1 of 1) …');
  });
});

describe('init without a terminal', () => {
  test('writes a spec that is valid, and a workflow when asked to', async () => {
    await using folder = await temporaryFolder();
    const { code, stdout, stderr } = await fdw(['init', '--ci', 'github'], { cwd: folder.path });
    expect({ code, stdout, stderr }).toMatchSnapshot();
    const validated = await fdw(['validate'], { cwd: folder.path, env: { SHOP_PASSWORD: 'x', DATABASE_URL: 'postgresql://db/app' } });
    expect({ code: validated.code, stderr: validated.stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('prints the spec for --spec -', async () => {
    await using folder = await temporaryFolder();
    const { code, stdout, stderr } = await fdw(['init', '--spec', '-'], { cwd: folder.path });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^# yaml-language-server/);
    expect(await fdw(['init', '--spec', '-', '--ci', 'github'], { cwd: folder.path })).toMatchObject({ code: 1, stdout: '' });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('never overwrites, neither the one file nor the other', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'fdw.yaml'), 'mine\n');
    const first = await fdw(['init', '--ci', 'github'], { cwd: folder.path });
    expect(first).toMatchObject({ code: 1, stdout: '' });
    expect(first.stderr).toContain('fdw.yaml exists already; nothing was written.');
    expect(existsSync(join(folder.path, '.github'))).toBe(false);

    const workflows = join(folder.path, '.github', 'workflows');
    await mkdir(workflows, { recursive: true });
    await writeFile(join(workflows, 'fdw.yml'), 'mine too\n');
    expect(await fdw(['init', '--spec', 'other.yaml', '--ci', 'github'], { cwd: folder.path })).toMatchObject({ code: 1, stdout: '' });
    expect(existsSync(join(folder.path, 'other.yaml'))).toBe(false);
    expect(await readFile(join(folder.path, 'fdw.yaml'), 'utf8')).toBe('mine\n');
  });
});
