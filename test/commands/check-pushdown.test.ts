import { Ajv } from 'ajv';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './fdw.ts';
import { shop } from './shop.ts';

const schema = JSON.parse(await readFile(join(root, 'schema', 'check-pushdown.schema.json'), 'utf8')) as object;
const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const full = 'SELECT id FROM shop.orders WHERE total > 5;\n';
const none = 'SELECT id FROM shop.orders WHERE random() > 0.5;\n';

test('0 when nothing is missed, 2 when an expectation is, 1 when a query cannot be judged; the same for JSON', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const cases = {
    'full.sql': { text: `-- fdw: name=all-there expect=full\n${full}${none}`, code: 0 },
    'missed.sql': { text: `${full}-- fdw: name=held expect=full\n${none}`, code: 2 },
    'broken.sql': { text: `-- fdw: name=held expect=full\n${none}SELECT nothing FROM nowhere;\n`, code: 1 },
  };
  for (const [file, { text, code }] of Object.entries(cases)) {
    await writeFile(join(at.folder, file), text);
    const human = await at.run(['check-pushdown', file, '--quiet']);
    expect({ file, code: human.code, stderr: human.stderr }).toEqual({ file, code, stderr: '' });
    // Estimates are the planner's own and differ between majors.
    expect(human.stdout.replaceAll(/about [\d,]+ rows( \([^)]*\), [\d,]+ round trips)?/g, (_, size: string | undefined) => `about N rows${size === undefined ? '' : ' (… B), N round trips'}`)).toMatchSnapshot(file);
    const machine = await at.run(['check-pushdown', file, '--json', '--quiet']);
    expect({ file, code: machine.code, stderr: machine.stderr }).toEqual({ file, code, stderr: '' });
    expect(valid(JSON.parse(machine.stdout)), JSON.stringify(valid.errors)).toBe(true);
  }
});

test('queries come from files, --query and standard input', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  await writeFile(join(at.folder, 'a.sql'), full);
  const { code, stdout } = await at.run(['check-pushdown', 'a.sql', '-', '--query', full, '--json', '--quiet'], { input: none });
  expect(code).toBe(0);
  const { queries } = JSON.parse(stdout) as { queries: { file: string | null; verdict: string }[] };
  expect(queries.map(({ file, verdict }) => [file, verdict])).toEqual([['a.sql', 'full'], ['-', 'none'], [null, 'full']]);
});

test('several formats at once: one on standard output, others in files, the summary of a step of GitHub', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  await mkdir(join(at.folder, '.git'));
  await writeFile(join(at.folder, 'a.sql'), `-- fdw: name=held expect=full\n${none}`);
  await writeFile(join(at.folder, 'summary.md'), 'before\n');
  const args = ['check-pushdown', 'a.sql', '--quiet', '--format', 'github', '--output', 'sarif=out.sarif', '--output', 'junit=out.xml'];
  const { code, stdout, stderr } = await at.run(args, { env: { GITHUB_STEP_SUMMARY: join(at.folder, 'summary.md') } });
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(stdout).toMatch(/^::error file=a\.sql,line=2,endLine=2,col=1,endColumn=48,title=fdw%3A expectation-missed::held: expected the verdict full/);
  expect(await readFile(join(at.folder, 'summary.md'), 'utf8')).toMatch(/^before\n### fdw check-pushdown\n/);
  expect(await readFile(join(at.folder, 'out.xml'), 'utf8')).toMatch(/^<\?xml/);
  const { version } = JSON.parse(await readFile(join(at.folder, 'out.sarif'), 'utf8')) as { version: string };
  expect(version).toBe('2.1.0');
  const instead = await at.run(['check-pushdown', 'a.sql', '--quiet', '--output', 'markdown=-']);
  expect({ code: instead.code, first: instead.stdout.split('\n')[0] }).toEqual({ code: 2, first: '### fdw check-pushdown' });
});

test.each([
  ['--output', 'sarf=x'],
  ['--output', 'sarif'],
  ['--output', 'json=-', '--format', 'text'],
])('refuses %s %s before it does anything', async (...args) => {
  await using at = await shop();
  const { code, stdout, stderr } = await at.run(['check-pushdown', '--query', 'SELECT 1', '--quiet', ...args]);
  expect({ code, stdout, stderr }).toMatchSnapshot();
});

const baselineSchema = JSON.parse(await readFile(join(root, 'schema', 'pushdown-baseline.schema.json'), 'utf8')) as object;

test('a baseline is written, held to, and taken along', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  const check = async (text: string, ...args: string[]): Promise<{ code: number | null; baseline: unknown; missed: string[] }> => {
    await writeFile(join(at.folder, 'a.sql'), text);
    const { code, stdout } = await at.run(['check-pushdown', 'a.sql', '--json', '--quiet', ...args]);
    const json = JSON.parse(stdout) as { baseline: unknown; queries: { missed: string[] }[] };
    expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
    return { code, baseline: json.baseline, missed: json.queries.flatMap((each) => each.missed) };
  };
  const named = (sql: string): string => `-- fdw: name=mine\n${sql}`;
  expect(await check(named(full))).toEqual({ code: 0, baseline: null, missed: [] });
  expect((await check(named(full), '--update-baseline')).code).toBe(0);
  const written = await readFile(join(at.folder, 'fdw.pushdown.json'), 'utf8');
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  expect(ajv.validate(baselineSchema, JSON.parse(written)), JSON.stringify(ajv.errors)).toBe(true);
  expect(written).toMatchSnapshot();
  const steady = { file: 'fdw.pushdown.json', updated: false, new: [], improved: [], gone: [] };
  expect(await check(named(full))).toEqual({ code: 0, baseline: steady, missed: [] });
  const missed = ['the baseline has the verdict full, but it is none now'];
  expect(await check(named(none))).toEqual({ code: 2, baseline: steady, missed });
  expect(await check(named(none), '--fail-on', 'none')).toEqual({ code: 0, baseline: steady, missed });
  expect(await check(`${named(full)}${none}`)).toEqual({ code: 0, baseline: { ...steady, new: ['a.sql:3'] }, missed: [] });
  expect((await check(`${named(full)}${none}`, '--fail-on', 'new')).code).toBe(2);
  expect((await check(named(none), '--update-baseline')).code).toBe(0);
  expect((await check(named(full))).baseline).toEqual({ ...steady, improved: ['mine: the baseline has the verdict none, and it is full now'] });
  const human = await at.run(['check-pushdown', 'a.sql', '--quiet']);
  expect(human.stdout).toContain('improved: mine: the baseline has the verdict none, and it is full now\n--update-baseline takes this into fdw.pushdown.json.');
});

test.each([
  ['--baseline', 'nowhere.json'],
  ['--fail-on', 'none,danger'],
])('refuses %s %s', async (...args) => {
  await using at = await shop();
  const { code, stdout, stderr } = await at.run(['check-pushdown', '--query', 'SELECT 1', '--quiet', ...args]);
  expect({ code, stdout, stderr }).toMatchSnapshot();
});

test('without anything to judge it says so', async () => {
  await using at = await shop();
  const { code, stdout, stderr } = await at.run(['check-pushdown', '--quiet']);
  expect({ code, stdout, stderr }).toMatchSnapshot();
});

test('remotes are asked directly where --remote-url or FDW_REMOTE_URL allow it; no password is shown', async () => {
  await using at = await shop();
  expect((await at.run(['apply', '--yes'])).code).toBe(0);
  await at.remote.query('GRANT UPDATE ON orders TO PUBLIC');
  await writeFile(join(at.folder, 'write.sql'), 'UPDATE shop.orders SET total = 1 WHERE id = 5;\n');
  const args = ['check-pushdown', 'write.sql', '--remote'];
  const without = await at.run(args);
  expect({ code: without.code, told: without.stdout.includes('--remote-url') }).toEqual({ code: 2, told: true });
  const { url, cluster: { password } } = at.remote;
  const runs = await Promise.all([at.run(args, { env: { FDW_REMOTE_URL: `shop=${url}\n` } }), at.run([...args, '--remote-url', `shop=${url}`])]);
  for (const run of runs) {
    expect(run.code).toBe(0);
    expect(run.stdout + run.stderr).not.toContain(password);
  }
  const quiet = ['check-pushdown', 'write.sql', '--quiet'];
  const wrong = [['--remote', '--remote-url', `shpo=${url}`], ['--remote', '--remote-url', url], ['--remote-url', `shop=${url}`]];
  for (const { code, stdout, stderr } of await Promise.all(wrong.map((each) => at.run([...quiet, ...each])))) {
    expect({ code, stdout, stderr }).toMatchSnapshot();
    expect(stderr).not.toContain(password);
  }
});
