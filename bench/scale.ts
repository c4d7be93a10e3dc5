import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readCatalog } from '../src/catalog/read-catalog.ts';
import { diff } from '../src/diff/diff.ts';
import type { ActualState } from '../src/model/objects.ts';
import { connect } from '../src/postgres/connect.ts';
import { resolveTarget } from '../src/postgres/connection/resolve.ts';
import { type EmbeddedCluster, startEmbedded } from '../src/postgres/embedded/index.ts';
import type { Session } from '../src/postgres/session.ts';
import { watched } from '../test/remote/open.ts';
import { median } from './base/median.ts';
import { type Finished, runFdw } from './base/whole-process.ts';

/*
 * What many foreign tables cost, of 20 columns with an option each: an imported schema, and specs that were pulled, with the remote (an
 * imported schema again) and without (every table spelled out).
 *
 *   read       reading the catalogs and comparing, as a multiple of node-postgres fetching the same rows
 *   apply      creating all of them from a plan file, as a multiple of psql running the same statements in one transaction
 *   pull       the whole process, beside node-postgres fetching the rows of the local catalogs; what the remote has, Node's start
 *              and the writing of the spec come to that
 *   plan       the whole process of a plan that finds nothing to change: its time and its peak memory
 *   differing  the same of tables whose columns are all called differently, so that nothing of them is there once for many: memory only
 *   growth     of the time from the smaller number of tables to the larger, as a multiple of the tables' growth
 *
 * Medians of three, fdw and its floor by turns. Fails when a limit is missed. Takes numbers of tables as its arguments.
 */
const sizes = process.argv.slice(2).map(Number);
const [small, large] = sizes.length === 2 ? sizes : [1_000, 10_000];
const runs = 3;
const limits = { read: 2, apply: 1.3, growth: 1, megabytes: 400, differing: 600 };

const settings = { max_locks_per_transaction: 512, shared_buffers: '256MB' };
const local = await startEmbedded({ settings });
const remote = await startEmbedded({ packageName: 'postgres-14', settings });
const folder = await mkdtemp(join(tmpdir(), 'fdw-bench-'));
try {
  const smaller = await measure(small ?? 1_000);
  const larger = await measure(large ?? 10_000);
  await measureDiffering(large ?? 10_000);
  for (const [what, seconds] of smaller) {
    const growth = (larger.get(what) ?? Number.NaN) / seconds / ((large ?? 1) / (small ?? 1));
    report(`growth, ${what}`, `${growth.toFixed(2)} times the tables' growth`, !(growth <= limits.growth), `at most ${limits.growth}`);
  }
} finally {
  await Promise.all([local.stop(), remote.stop()]);
  await rm(folder, { recursive: true });
}

function report(what: string, figure: string, missed: boolean, limit: string): void {
  if (missed) process.exitCode = 1;
  console.log(`  ${what.padEnd(32)} ${figure}, ${limit}${missed ? '  MISSED' : ''}`);
}

function urlOf(cluster: EmbeddedCluster, database: string): string {
  return `postgres://${cluster.user}:${encodeURIComponent(cluster.password.reveal())}@${cluster.host}:${cluster.port}/${database}`;
}

async function session(cluster: EmbeddedCluster, database: string): Promise<Session> {
  return connect(await resolveTarget(urlOf(cluster, database), {}), { applicationName: 'fdw/bench', statementTimeout: 0 });
}

async function administer(cluster: EmbeddedCluster, sql: string): Promise<void> {
  const at = await session(cluster, 'postgres');
  await at.query(sql);
  await at.close();
}

/** Everything for one number of tables. @returns the seconds of each whole process */
async function measure(tables: number): Promise<ReadonlyMap<string, number>> {
  console.log(`${tables} foreign tables of 20 columns, median of ${runs}`);
  const name = `shop_${tables}`;
  await administer(remote, `CREATE DATABASE ${name}`);
  await fill(name, tables, (index) => `c${index}`);
  const spec = join(folder, `${name}.yaml`);
  await writeFile(spec, importingSpec(name));
  const seconds = new Map([['apply of the plan file', await applies(name, spec)]]);
  const floor = await reads(name);
  seconds.set('plan, imported schema', plans('plan, imported schema', spec, name));
  for (const [how, flags] of [['with the remote', []], ['without the remote', ['--no-remote']]] as const) {
    const pulled = pulls(`pull ${how}`, flags, name, floor);
    seconds.set(`pull ${how}`, pulled.seconds);
    seconds.set(`plan, pulled ${how}`, plans(`plan, pulled ${how}`, pulled.spec, name));
  }
  return seconds;
}

/** Tables of which nothing but two columns is like in another, the most that a spec of this size can hold: with a limit of its own. What it takes in time is in `measure`, where it has a floor. */
async function measureDiffering(tables: number): Promise<void> {
  console.log(`${tables} foreign tables of 20 columns, of which 18 are called as in no other table`);
  const name = `differing_${tables}`;
  const [spec, planFile, pulled] = [join(folder, `${name}.yaml`), join(folder, `${name}.plan`), join(folder, `${name}-pulled.yaml`)];
  await administer(remote, `CREATE DATABASE ${name}`);
  await fill(name, tables, (index) => `t#_column_${index}`);
  await anew(name);
  await writeFile(spec, importingSpec(name));
  run(['plan', '--spec', spec, '--database', urlOf(local, name), '--out', planFile]);
  run(['apply', planFile, '--yes', '--no-verify', '--database', urlOf(local, name)]);
  plans('plan, imported schema', spec, name, limits.differing);
  reportProcess('pull without the remote', [run(['pull', '--no-remote', '--out', pulled, '--database', urlOf(local, name)])], '', limits.differing);
  plans('plan, pulled without the remote', pulled, name, limits.differing);
}

/** @param floor seconds that node-postgres takes for the rows of the catalogs */
function pulls(what: string, flags: readonly string[], name: string, floor: number): { readonly spec: string; readonly seconds: number } {
  const specs = Array.from({ length: runs }, (_, turn) => join(folder, `${name}-pulled-${flags.length}-${turn}.yaml`));
  const finished = specs.map((spec) => run(['pull', ...flags, '--out', spec, '--database', urlOf(local, name)]));
  reportProcess(what, finished, `, ${(secondsOf(finished) / floor).toFixed(1)} times node-postgres (${floor.toFixed(2)} s)`);
  return { spec: specs[0] ?? '', seconds: secondsOf(finished) };
}

/** @param called the names of columns; # is the table's number */
async function fill(name: string, tables: number, called: (index: number) => string): Promise<void> {
  const at = await session(remote, name);
  const columns = Array.from({ length: 18 }, (_, index) => `${called(index)} ${['bigint', 'text', 'numeric(12,2)', 'timestamptz'][index % 4] ?? 'int'}`);
  // In steps: each table holds locks until its transaction ends.
  for (let start = 0; start < tables; start += 1000) {
    await at.query(`DO $$ BEGIN FOR i IN ${start}..${Math.min(start + 1000, tables) - 1} LOOP
      EXECUTE replace('CREATE TABLE public.t# (id bigint NOT NULL, note varchar(20), ${columns.join(', ')})', '#', i::text); END LOOP; END $$`);
  }
  await at.query('ANALYZE pg_catalog.pg_class, pg_catalog.pg_attribute');
  await at.close();
}

function importingSpec(name: string): string {
  return `version: 1
extensions: [postgres_fdw]
servers:
  shop:
    options: {host: 127.0.0.1, port: ${remote.port}, dbname: ${name}}
    user_mappings: {public: {user: ${remote.user}, password: {env: SHOP_PUBLIC_PASSWORD}}}
schemas:
  shop: {server: shop, remote_schema: public, tables: all}
`;
}

function run(args: readonly string[]): Finished {
  return runFdw(args, { SHOP_PUBLIC_PASSWORD: remote.password.reveal() });
}

/**
 * Carries out a plan of the spec, and lets psql run the same statements, each on a database that has seen nothing but the planning.
 * @returns seconds of an apply
 */
async function applies(name: string, spec: string): Promise<number> {
  const [script, planFile, floor] = [join(folder, `${name}.sql`), join(folder, `${name}.plan`), `${name}_psql`];
  const planned: Finished[] = [];
  const applied: Finished[] = [];
  const floors: number[] = [];
  for (let turn = 0; turn < runs; turn++) {
    await anew(name);
    planned.push(run(['plan', '--spec', spec, '--database', urlOf(local, name), '--out', planFile]));
    await administer(local, 'CHECKPOINT');
    applied.push(run(['apply', planFile, '--yes', '--no-verify', '--database', urlOf(local, name)]));
    await anew(floor);
    await writeFile(script, run(['plan', '--spec', spec, '--database', urlOf(local, floor), '--format', 'sql']).stdout);
    await administer(local, 'CHECKPOINT');
    floors.push(psql(script, urlOf(local, floor)));
  }
  await administer(local, `DROP DATABASE ${floor}`);
  reportProcess('plan of all creates', planned);
  reportProcess('apply of the plan file', applied);
  // By turns: what else the machine does then is nearly the same for both.
  const ratio = median(applied.map(({ seconds }, turn) => seconds / (floors[turn] ?? Number.NaN)));
  report('apply beside psql', `${ratio.toFixed(2)} times psql (${median(floors).toFixed(2)} s)`, ratio > limits.apply, `at most ${limits.apply}`);
  return secondsOf(applied);
}

async function anew(database: string): Promise<void> {
  await administer(local, `DROP DATABASE IF EXISTS ${database}`);
  await administer(local, `CREATE DATABASE ${database}`);
}

/** @returns the seconds that psql takes for a script */
function psql(script: string, url: string): number {
  const begin = performance.now();
  const { error, status, stderr } = spawnSync('psql', ['-X', '-q', '-o', '/dev/null', '-f', script, url], { encoding: 'utf8', env: { ...process.env, SHOP_PUBLIC_PASSWORD: remote.password.reveal() } });
  if (error !== undefined) throw new Error('The floor of an apply is psql, and there is none here.', { cause: error });
  if (status !== 0) throw new Error(`psql: ${stderr.slice(0, 2000)}`);
  return (performance.now() - begin) / 1000;
}

/** The catalog's queries by fdw, and the same by node-postgres alone. @returns seconds of the latter */
async function reads(name: string): Promise<number> {
  const at = await session(local, name);
  const asked: { readonly sql: string; readonly params: readonly unknown[] | undefined }[] = [];
  const listening = watched(at, async (sql, params) => void asked.push({ sql, params }));
  const scope = { schemas: ['shop'] };
  await at.query('BEGIN');
  const actual: ActualState = await readCatalog(listening, scope);
  const bare = new pg.Client(urlOf(local, name));
  await bare.connect();
  const floors: number[] = [];
  const times: number[] = [];
  for (let turn = 0; turn < runs; turn++) {
    const begin = performance.now();
    for (const { sql, params } of asked) await bare.query(sql, params === undefined ? undefined : [...params]);
    const middle = performance.now();
    diff(actual, await readCatalog(at, scope), () => remote.password);
    floors.push(middle - begin);
    times.push(performance.now() - middle);
  }
  await bare.end();
  await at.close();
  const ratio = median(times) / median(floors);
  report('read and compare', `${median(times).toFixed(0)} ms, ${ratio.toFixed(2)} times node-postgres (${median(floors).toFixed(0)} ms, ${asked.length} queries)`, ratio > limits.read, `at most ${limits.read}`);
  return median(floors) / 1000;
}

function plans(what: string, spec: string, name: string, most = limits.megabytes): number {
  const finished = Array.from({ length: runs }, () => run(['plan', '--spec', spec, '--database', urlOf(local, name)]));
  if (!finished.every(({ stdout }) => stdout.includes('No changes'))) throw new Error(`${what}: there are changes: ${finished[0]?.stdout.slice(-500) ?? ''}`);
  reportProcess(what, finished, '', most);
  return secondsOf(finished);
}

function reportProcess(what: string, finished: readonly Finished[], beside = '', most = limits.megabytes): void {
  const megabytes = Math.max(...finished.map((each) => each.megabytes));
  report(what, `${secondsOf(finished).toFixed(2)} s${beside}, ${megabytes.toFixed(0)} MB`, megabytes > most, `at most ${most} MB`);
}

function secondsOf(finished: readonly Finished[]): number {
  return median(finished.map(({ seconds }) => seconds));
}
