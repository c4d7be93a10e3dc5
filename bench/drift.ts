import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../src/postgres/connect.ts';
import { resolveTarget } from '../src/postgres/connection/resolve.ts';
import { type EmbeddedCluster, startEmbedded } from '../src/postgres/embedded/index.ts';
import type { Session } from '../src/postgres/session.ts';
import { median } from './base/median.ts';
import { type Finished, runFdw } from './base/whole-process.ts';

/*
 * What `fdw drift` of many foreign tables of 20 columns on one server costs, whole process, as a multiple of IMPORT FOREIGN SCHEMA of the same
 * tables; and its peak memory. Where nothing drifts, and where every table does: two findings each, written as text and as JSON.
 *
 *
 *   --sample    where every table promises a NOT NULL that the remote does not keep: rows of each are looked at. The whole process as a multiple of
 *               node-postgres reading as many rows of each table, one after the other
 *   the plan    of a spec that spells all of them out: what its notices cost, which is the time that --no-drift saves, as a multiple of IMPORT
 *
 * Medians of three, taking turns; of the last two one run. Fails when a limit is missed. Takes the number of tables as its argument.
 */
const tables = Number(process.argv[2] ?? 10_000);
const runs = 3;
const limits = { ratio: 2, sample: 3, notices: 2, megabytes: 400 };
const rows = 10;

const settings = { max_locks_per_transaction: 512, shared_buffers: '256MB' };
const local = await startEmbedded({ settings });
const remote = await startEmbedded({ packageName: 'postgres-14', settings });
const folder = await mkdtemp(join(tmpdir(), 'fdw-bench-'));
try {
  await fillRemote();
  await importAll();
  console.log(`${tables} foreign tables of 20 columns, 18 local, 14 remote, median of ${runs}`);
  await measure('nothing drifts', 0, 'No drift');
  await eachTable(remote, (table) => `ALTER TABLE big.${table} ALTER note TYPE varchar(30), ADD fresh int`);
  const floor = await measure('every table drifts', 2, `${tables} will-break, ${tables} invisible`);
  await measureNotices(floor);
  await eachTable(remote, (table) => `ALTER TABLE big.${table} ALTER id DROP NOT NULL; INSERT INTO big.${table} (id) SELECT generate_series(1, ${rows})`);
  await measureSample();
} finally {
  await Promise.all([local.stop(), remote.stop()]);
  await rm(folder, { recursive: true });
}

function urlOf(cluster: EmbeddedCluster): string {
  return `postgres://${cluster.user}:${encodeURIComponent(cluster.password.reveal())}@${cluster.host}:${cluster.port}/postgres`;
}

async function session(cluster: EmbeddedCluster): Promise<Session> {
  return connect(await resolveTarget(urlOf(cluster), {}), { applicationName: 'fdw/bench', statementTimeout: 0 });
}

/** In steps: each table holds locks until its transaction ends. @param sql of a table's name, t0 and so on */
async function eachTable(cluster: EmbeddedCluster, sql: (table: string) => string): Promise<void> {
  const at = await session(cluster);
  for (let start = 0; start < tables; start += 1000) {
    const names = Array.from({ length: Math.min(1000, tables - start) }, (_, index) => `t${start + index}`);
    await at.query(`BEGIN; ${names.map(sql).join('; ')}; COMMIT`);
  }
  await at.query('ANALYZE pg_catalog.pg_class, pg_catalog.pg_attribute');
  await at.close();
}

async function fillRemote(): Promise<void> {
  const columns = Array.from({ length: 17 }, (_, index) => `c${index} ${['bigint', 'text', 'numeric(12,2)', 'timestamptz'][index % 4] ?? 'int'}`).join(', ');
  const at = await session(remote);
  await at.query("CREATE SCHEMA big; CREATE TYPE big.mood AS ENUM ('good', 'bad')");
  await at.close();
  await eachTable(remote, (table) => `CREATE TABLE big.${table} (id bigint NOT NULL, note varchar(20), mood big.mood, ${columns})`);
}

async function importAll(): Promise<void> {
  const at = await session(local);
  await at.query(`CREATE EXTENSION postgres_fdw; CREATE SCHEMA big; CREATE TYPE big.mood AS ENUM ('good', 'bad');
    CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${remote.port}', dbname 'postgres');
    CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS ("user" '${remote.user}', password '${remote.password.reveal()}');
    IMPORT FOREIGN SCHEMA big FROM SERVER shop INTO big`);
  await at.query('ANALYZE pg_catalog.pg_class, pg_catalog.pg_attribute, pg_catalog.pg_foreign_table');
  await at.close();
}

async function imports(): Promise<number> {
  const at = await session(local);
  const begin = performance.now();
  await at.query('BEGIN; CREATE SCHEMA mirror; IMPORT FOREIGN SCHEMA big FROM SERVER shop INTO mirror; ROLLBACK');
  const seconds = (performance.now() - begin) / 1000;
  await at.close();
  return seconds;
}

/** @param status the exit code, `says` what the text has in it @returns seconds of IMPORT FOREIGN SCHEMA */
async function measure(what: string, status: number, says: string): Promise<number> {
  const floors: number[] = [];
  const drifts: Finished[] = [];
  for (let run = 0; run < runs; run++) {
    floors.push(await imports());
    drifts.push(runFdw(['drift', '--quiet', '--database', urlOf(local), '--output', `json=${join(folder, 'drift.json')}`], {}, status));
  }
  if (!drifts.every(({ stdout }) => stdout.includes(says))) throw new Error(`${what}: ${drifts[0]?.stdout.slice(-500) ?? ''}`);
  const [seconds, floor] = [median(drifts.map((each) => each.seconds)), median(floors)];
  const megabytes = Math.max(...drifts.map((each) => each.megabytes));
  const missed = seconds / floor > limits.ratio || megabytes > limits.megabytes;
  if (missed) process.exitCode = 1;
  console.log(`  ${what.padEnd(20)} ${seconds.toFixed(2)} s, ${(seconds / floor).toFixed(2)} times IMPORT FOREIGN SCHEMA (${floor.toFixed(2)} s), at most ${limits.ratio}; ${megabytes.toFixed(0)} MB, at most ${limits.megabytes}${missed ? '  MISSED' : ''}`);
  return floor;
}

function report(what: string, figure: string, limit: string, missed: boolean): void {
  if (missed) process.exitCode = 1;
  console.log(`  ${what.padEnd(20)} ${figure}, at most ${limit}${missed ? '  MISSED' : ''}`);
}

/** @param floor seconds of IMPORT FOREIGN SCHEMA */
async function measureNotices(floor: number): Promise<void> {
  const spec = join(folder, 'fdw.yaml');
  runFdw(['pull', '--quiet', '--no-remote', '--database', urlOf(local), '--out', spec]);
  await writeFile(spec, (await readFile(spec, 'utf8')).replace(/password: \{env: \w+\}/, 'password: {env: PW}'));
  const env = { PW: remote.password.reveal() };
  const without = runFdw(['plan', '--quiet', '--no-drift', '--spec', spec, '--database', urlOf(local)], env);
  const told = runFdw(['plan', '--quiet', '--spec', spec, '--database', urlOf(local)], env);
  if (!told.stdout.includes(`${tables} of ${tables} foreign tables that the spec spells out differ`)) throw new Error(`no notice: ${told.stdout.slice(-1000)}`);
  const cost = told.seconds - without.seconds;
  report('notices of a plan', `${cost.toFixed(2)} s more than ${without.seconds.toFixed(2)}, ${(cost / floor).toFixed(2)} times IMPORT FOREIGN SCHEMA; ${told.megabytes.toFixed(0)} MB instead of ${without.megabytes.toFixed(0)}`, String(limits.notices), cost / floor > limits.notices);
}

async function measureSample(): Promise<void> {
  const at = await session(local);
  const begin = performance.now();
  for (let table = 0; table < tables; table++) await at.query(`SELECT id FROM big.t${table} LIMIT ${rows}`);
  const floor = (performance.now() - begin) / 1000;
  await at.close();
  const sampled = runFdw(['drift', '--quiet', '--sample', String(rows), '--database', urlOf(local), '--output', `json=${join(folder, 'drift.json')}`], {}, 2);
  if (!sampled.stdout.includes(`and looked at ${tables * rows} rows`)) throw new Error(`no sample: ${sampled.stdout.slice(-500)}`);
  const missed = sampled.seconds / floor > limits.sample || sampled.megabytes > limits.megabytes;
  report(`--sample ${rows}`, `${sampled.seconds.toFixed(2)} s, ${(sampled.seconds / floor).toFixed(2)} times reading ${rows} rows of each (${floor.toFixed(2)} s); ${sampled.megabytes.toFixed(0)} MB`, `${limits.sample} and ${limits.megabytes} MB`, missed);
}
