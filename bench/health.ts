import pg from 'pg';
import { readServerReaders } from '../src/catalog/server-readers.ts';
import { connect } from '../src/postgres/connect.ts';
import { resolveTarget } from '../src/postgres/connection/resolve.ts';
import { type EmbeddedCluster, startEmbedded } from '../src/postgres/embedded/index.ts';
import type { Session } from '../src/postgres/session.ts';
import { silence } from '../test/servers/silence.ts';
import { median } from './base/median.ts';
import { type Finished, runFdw } from './base/whole-process.ts';

/*
 * What it costs to look at many servers: foreign tables over so many servers, with roles, grants and views. Whole processes, as multiples of what
 * node-postgres takes on the same database, over as many connections:
 *
 *   doctor      of reading one row through each server, with a connection to the remote of its own
 *   whoami      of a role that reads everything: of reading one row of each table as that role
 *   drift       the same
 *   one hangs   how much longer doctor takes when one more server accepts and keeps silent, beyond the patience that it is given
 *   roles       who may read which server's tables, the query alone: of has_table_privilege for each role and table
 *
 * Medians of three, taking turns. Fails when a limit is missed. Takes the numbers of servers, of tables on each, and of roles as its arguments.
 */
const [servers = 100, tables = 100, roles = 300] = process.argv.slice(2).map(Number);
const [jobs, runs, patience] = [4, 3, 2];
const limits = { doctor: 8, whoami: 1.5, drift: 2, hanging: 3, roles: 0.5, megabytes: 400 };

const settings = { max_locks_per_transaction: 512, shared_buffers: '256MB', max_connections: 300 };
const local = await startEmbedded({ settings });
const remote = await startEmbedded({ packageName: 'postgres-14', settings });
const silent = await silence();
try {
  await fill();
  console.log(`${servers * tables} foreign tables over ${servers} servers, ${roles} roles, ${jobs} at once; 18 here, 14 there, median of ${runs}`);
  const doctor = await measure('doctor', ['doctor', '--jobs', String(jobs)], 'one row of each server', limits.doctor, (server) => [`SELECT FROM s${server}.t1 LIMIT 1`]);
  const everyTable = (server: number): readonly string[] => Array.from({ length: tables }, (_, table) => `SELECT FROM s${server}.t${table + 1} LIMIT 1`);
  await measure('whoami r1', ['whoami', 'r1', '--jobs', String(jobs)], 'one row of each table', limits.whoami, everyTable);
  await measure('drift', ['drift', '--jobs', String(jobs)], 'one row of each table', limits.drift, everyTable);
  await matrix();
  await addSilent();
  const hanging = Array.from({ length: runs }, () => runFdw(['doctor', '--jobs', String(jobs), '--patience', String(patience), '--database', urlOf(local)], {}, 2).seconds);
  const more = median(hanging) - doctor - patience;
  report('one server hangs', `doctor takes ${more.toFixed(2)} s longer, beyond its patience of ${patience} s`, more > limits.hanging, `at most ${limits.hanging}`);
} finally {
  silent.close();
  await Promise.all([local.stop(), remote.stop()]);
}

function report(what: string, figure: string, missed: boolean, limit: string): void {
  if (missed) process.exitCode = 1;
  console.log(`  ${what.padEnd(18)} ${figure}, ${limit}${missed ? '  MISSED' : ''}`);
}

function urlOf(cluster: EmbeddedCluster, database = 'postgres'): string {
  return `postgres://${cluster.user}:${encodeURIComponent(cluster.password.reveal())}@${cluster.host}:${cluster.port}/${database}`;
}

async function session(cluster: EmbeddedCluster): Promise<Session> {
  return connect(await resolveTarget(urlOf(cluster), {}), { applicationName: 'fdw/bench', statementTimeout: 0 });
}

async function administer(cluster: EmbeddedCluster, sql: string): Promise<void> {
  const at = await session(cluster);
  await at.query(sql);
  await at.close();
}

/** Each server has a database of its own, of one cluster. One role reads everything by grants of its own, most others through a group, all a few tables besides; every tenth table has a view. */
async function fill(): Promise<void> {
  await administer(remote, `CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT pg_read_all_data TO reader`);
  const columns = 'id bigint, note text, at timestamptz, total numeric(12,2), done boolean';
  const [there, here] = [await session(remote), await session(local)];
  await there.query('CREATE DATABASE d1');
  const one = await connect(await resolveTarget(urlOf(remote, 'd1'), {}), { applicationName: 'fdw/bench', statementTimeout: 0 });
  await one.query(`CREATE SCHEMA app; DO $$ BEGIN FOR t IN 1..${tables} LOOP EXECUTE format('CREATE TABLE app.t%s (${columns})', t); END LOOP; END $$; ANALYZE`);
  await one.close();
  await here.query(`CREATE EXTENSION postgres_fdw; CREATE ROLE readers; DO $$ BEGIN FOR r IN 1..${roles} LOOP
    EXECUTE format('CREATE ROLE r%s LOGIN PASSWORD ''r''', r); IF r % 10 <> 1 THEN EXECUTE format('GRANT readers TO r%s', r); END IF; END LOOP; END $$`);
  for (let server = 1; server <= servers; server++) {
    if (server > 1) await there.query(`CREATE DATABASE d${server} TEMPLATE d1`);
    await here.query(`CREATE SERVER s${server} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${remote.port}', dbname 'd${server}', connect_timeout '5');
      CREATE USER MAPPING FOR PUBLIC SERVER s${server} OPTIONS (user 'reader', password 'reader'); CREATE SCHEMA s${server}; GRANT USAGE ON SCHEMA s${server} TO PUBLIC`);
    await here.query(`DO $$ BEGIN FOR t IN 1..${tables} LOOP
      EXECUTE format('CREATE FOREIGN TABLE s${server}.t%s (${columns}) SERVER s${server} OPTIONS (schema_name ''app'')', t); EXECUTE format('GRANT SELECT ON s${server}.t%s TO r1, readers', t);
      EXECUTE format('GRANT SELECT ON s${server}.t%s TO r%s', t, 1 + t % ${roles});
      IF t % 10 = 0 THEN EXECUTE format('CREATE VIEW s${server}.v%s AS SELECT id, note FROM s${server}.t%s', t, t); END IF; END LOOP; END $$`);
  }
  await here.query('ANALYZE pg_catalog.pg_class, pg_catalog.pg_attribute, pg_catalog.pg_foreign_table, pg_catalog.pg_depend');
  await Promise.all([there.close(), here.close()]);
}

/** @returns seconds of the whole process */
async function measure(what: string, args: readonly string[], floorIs: string, limit: number, floorOf: (server: number) => readonly string[]): Promise<number> {
  const [floors, all]: [number[], Finished[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    floors.push(await byHand(floorOf));
    all.push(runFdw([...args, '--database', urlOf(local)]));
  }
  const [floor, seconds] = [median(floors), median(all.map((each) => each.seconds))];
  report(what, `${seconds.toFixed(2)} s, ${(seconds / floor).toFixed(2)} times ${floorIs} (${floor.toFixed(2)} s)`, seconds / floor > limit, `at most ${limit}`);
  const megabytes = Math.max(...all.map((each) => each.megabytes));
  report('', `${megabytes.toFixed(0)} MB at its peak`, megabytes > limits.megabytes, `at most ${limits.megabytes}`);
  return seconds;
}

/** By node-postgres alone, as many at once. @returns seconds */
async function byHand(statements: (server: number) => readonly string[]): Promise<number> {
  const begin = performance.now();
  const waiting = Array.from({ length: servers }, (_, index) => index + 1);
  await Promise.all(Array.from({ length: jobs }, async () => {
    const client = new pg.Client(urlOf(local));
    await client.connect();
    for (let server = waiting.shift(); server !== undefined; server = waiting.shift()) {
      for (const statement of statements(server)) await client.query(statement);
      await client.query('SELECT postgres_fdw_disconnect_all()');
    }
    await client.end();
  }));
  return (performance.now() - begin) / 1000;
}

async function matrix(): Promise<void> {
  const at = await session(local);
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begin = performance.now();
    await work();
    return performance.now() - begin;
  };
  const [floors, times]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    floors.push(await timed(async () => at.query(`SELECT f.ftserver, r.oid, bool_or(has_table_privilege(r.oid, f.ftrelid, 'SELECT')) FROM pg_foreign_table f CROSS JOIN pg_roles r WHERE r.rolcanlogin GROUP BY 1, 2`)));
    times.push(await timed(async () => readServerReaders(at)));
  }
  await at.close();
  const [floor, time] = [median(floors), median(times)];
  report('roles', `${time.toFixed(0)} ms, ${(time / floor).toFixed(2)} times has_table_privilege for each (${floor.toFixed(0)} ms)`, time / floor > limits.roles, `at most ${limits.roles}`);
}

/** One more server, which keeps silent. */
async function addSilent(): Promise<void> {
  await administer(local, `CREATE SERVER aaa_silent FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${silent.port}'); CREATE USER MAPPING FOR PUBLIC SERVER aaa_silent OPTIONS (user 'x', password 'x')`);
}
