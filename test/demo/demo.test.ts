import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runDemo, stopDemo } from '../../src/demo/index.ts';
import { canReach } from '../../src/postgres/embedded/reach.ts';
import { removeFolder, runtimeAccount } from '../../src/postgres/embedded/index.ts';
import { fdw, leftIn, masked, ownTemporaryFolder, repository } from './run.ts';

/** Somebody else to run as, when we are root, this checkout and Node itself are open to them; else undefined: ourselves. */
const account = process.platform === 'win32' ? undefined : await runtimeAccount();
const ordinary = account !== undefined && (await canReach(account, repository)) && (await canReach(account, process.execPath)) ? account : undefined;

vi.setConfig({ testTimeout: 120_000 });

let temporary = '';
beforeAll(async () => {
  temporary = await ownTemporaryFolder(account);
});
afterAll(() => removeFolder(temporary));
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('fdw demo', () => {
  it('shows plan, apply, a query, no changes and check-pushdown, and leaves nothing behind', async () => {
    const run = fdw(['demo'], temporary);
    const code = await run.ended;
    expect(masked(run.stdout(), temporary)).toMatchSnapshot();
    expect(code).toBe(0);
    expect(await leftIn(temporary)).toEqual([]);
  });

  it.each([
    ['while the servers start', /Starting/, 'SIGINT', 'all'],
    ['while a command runs', /\$ fdw apply[^]* to create/, 'SIGTERM', 'it'],
  ] as const)('leaves nothing behind when it is interrupted %s', async (_when, text, signal, to) => {
    const run = fdw(['demo'], temporary);
    await run.said(text);
    run.signal(signal, to);
    expect(await run.ended).toBe(130);
    expect(run.output().split('Interrupted.')).toHaveLength(2);
    expect(await leftIn(temporary)).toEqual([]);
  });

  it('leaves nothing behind when a step fails, and says which', async () => {
    vi.stubEnv('TMPDIR', temporary);
    const demo = runDemo({
      keep: true,
      env: process.env,
      signal: new AbortController().signal,
      out: () => undefined,
      runFdw: async (args) => (args[0] === 'plan' ? 0 : 3),
    });
    await expect(demo).rejects.toMatchObject({ name: 'UserError', id: 'demo-step-failed', message: 'The demo failed at its step `fdw apply --yes`.' });
    expect(await leftIn(temporary)).toEqual([]);
  });
});

describe('fdw demo --keep', () => {
  it('leaves servers, spec and queries to go on with, until --stop; for an ordinary user, too', async () => {
    const run = fdw(['demo', '--keep'], temporary, ordinary);
    expect(await run.ended, run.output()).toBe(0);
    const said = run.stdout();
    expect(masked(said.slice(said.indexOf('Both servers keep running.')), temporary)).toMatchSnapshot();
    const folder = /folder {5}(\S+)/.exec(said)?.[1] ?? '';

    for (const database of ['analytics', 'shop']) {
      const url = new RegExp(`postgresql://\\S+/${database}$`, 'm').exec(said)?.[0];
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      expect((await client.query('SELECT current_database() AS name')).rows).toEqual([{ name: database }]);
      await client.end();
    }

    const byHand = await promisify(execFile)('sh', ['-c', `cd '${folder}' && . ./env.sh && fdw plan`], { env: { PATH: '/usr/bin:/bin', PGSSLMODE: 'disable' } });
    expect(byHand.stdout).toContain('No changes.');
    expect((await readFile(join(folder, 'env.sh'), 'utf8')).split('\n')[0]).toContain('open nothing else');

    const stopping = fdw(['demo', '--stop', folder], temporary, ordinary);
    expect(await stopping.ended, stopping.output()).toBe(0);
    expect(masked(stopping.stdout(), temporary)).toBe('Both servers are stopped, and <folder> is removed.\n');
    expect(await leftIn(temporary)).toEqual([]);
  });

  it.each([
    ['no such file', undefined, 'It has no demo.json.'],
    ['text', 'hello', 'Its demo.json was not written by fdw.'],
    ['a folder that is not a cluster', '{"clusters": ["/etc"]}', 'Its demo.json was not written by fdw.'],
    ['a path with dots', '{"clusters": ["/tmp/fdw-pg-x/../../etc"]}', 'Its demo.json was not written by fdw.'],
  ])('stops nothing for a folder with %s', async (name, state, why) => {
    const folder = join(temporary, `fdw-demo-${name.replaceAll(' ', '-')}`);
    await mkdir(folder);
    if (state !== undefined) await writeFile(join(folder, 'demo.json'), state);
    await expect(stopDemo(folder)).rejects.toMatchObject({ id: 'not-a-demo', why });
    await removeFolder(folder);
  });
});
