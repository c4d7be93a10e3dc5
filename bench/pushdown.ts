import { judgeInJobs } from '../src/flows/judge-jobs.ts';
import { openLocalDatabase } from '../src/flows/local-database.ts';
import { sessionPool } from '../src/flows/session-pool.ts';
import { connect } from '../src/postgres/connect.ts';
import { resolveTarget } from '../src/postgres/connection/resolve.ts';
import { startEmbedded } from '../src/postgres/embedded/index.ts';
import type { Session } from '../src/postgres/session.ts';
import { askRemotes } from '../src/pushdown/answers/ask.ts';
import { judge } from '../src/pushdown/judge.ts';
import { readQueries } from '../src/pushdown/queries/read.ts';
import type { QueryInput, QueryVerdict } from '../src/pushdown/types.ts';
import { literal } from '../src/sql/quote.ts';
import { delayed } from './base/delayed.ts';
import { median } from './base/median.ts';

/*
 * How long check-pushdown takes for 1,000 queries over 200 foreign tables: as a multiple of their bare EXPLAINs on the same
 * connection where all of them ship, and per clause, reasons and proved remedies included, where one of each is blocked.
 * Median of five, taking turns, after a first round that is only printed: in it Node compiles fdw, and PostgreSQL fills its caches.
 * Then the blocked ones over several connections, beside the database and with 2 ms each way to it; and what a remote is asked about them (--remote), which
 * is as far away.
 * Fails when a limit is missed. Takes the number of queries as its argument.
 */
const many = Number(process.argv[2] ?? 1000);
const tables = 200;
const runs = 5;
const limits = { times: 2, milliseconds: 50, severalFar: 0.6 };

/** Of the blocked queries, so many are judged over several connections. */
const shared = 64;

/** Queries that ship whole, and queries with a clause that does not, by turns. */
const shipped = [
  (t: number, k: number) => `SELECT id, total FROM shop.t${t} WHERE id = ${k} AND total > 5`,
  (t: number, k: number) => `SELECT region, count(*), sum(total) FROM shop.t${t} WHERE customer_id < ${k} GROUP BY region`,
  (t: number, k: number) => `SELECT id FROM shop.t${t} WHERE note LIKE 'a${k}%' ORDER BY id LIMIT 10`,
  (t: number, k: number) => `UPDATE shop.t${t} SET total = total + 1 WHERE id = ${k}`,
  (t: number, k: number) => `SELECT a.id FROM shop.t${t} a JOIN shop.t${(t + 1) % tables} b ON b.id = a.customer_id WHERE a.id = ${k} ORDER BY b.region LIMIT 5`,
];
const blocked = [
  (t: number, k: number) => `SELECT id FROM shop.t${t} WHERE created_at > now() - interval '${k} days'`,
  (t: number, k: number) => `SELECT id FROM shop.t${t} WHERE coalesce(total, 7) > ${k}`,
  (t: number, k: number) => `SELECT DISTINCT region FROM shop.t${t} WHERE id > ${k}`,
  (t: number, k: number) => `SELECT id FROM shop.t${t} WHERE handle = 'h${k}'`,
  (t: number, k: number) => `SELECT id FROM shop.t${t} WHERE status = 'paid' AND id > ${k}`,
];

const cluster = await startEmbedded();
try {
  const url = `postgres://${cluster.user}:${encodeURIComponent(cluster.password.reveal())}@${cluster.host}:${cluster.port}/postgres`;
  const session = await connect(await resolveTarget(url, {}), { applicationName: 'fdw/bench', statementTimeout: 0 });
  await fill(session);
  await measure(session);
  await session.close();
  await measureSeveral(cluster.port, 'beside the database');
  const line = await delayed(cluster.port, 2);
  const saved = await measureSeveral(line.port, '2 ms each way');
  line.close();
  console.log(`over 4 connections ${saved.toFixed(2)} times one, far, at most ${limits.severalFar}${saved > limits.severalFar ? '  MISSED' : ''}`);
  if (saved > limits.severalFar) process.exitCode = 1;
  for (const extension of [undefined, 'dblink']) await measureAsking(extension);
} finally {
  await cluster.stop();
}

async function fill(session: Session): Promise<void> {
  await session.query(`
    CREATE EXTENSION postgres_fdw; CREATE EXTENSION citext; CREATE SCHEMA shop; CREATE TYPE shop.status AS ENUM ('pending', 'paid');
    CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 'shop');
    DO $$ BEGIN FOR i IN 0..${tables - 1} LOOP
      EXECUTE 'CREATE FOREIGN TABLE shop.t' || i || ' (id bigint NOT NULL, customer_id bigint, region text, note text, total numeric(12,2), created_at timestamptz, handle citext, status shop.status) SERVER shop';
    END LOOP; END $$;
    UPDATE pg_class SET reltuples = 100000, relpages = 2000 WHERE relkind = 'f'`);
}

function queriesOf(shapes: readonly ((table: number, key: number) => string)[]): readonly QueryInput[] {
  const text = Array.from({ length: many }, (_, index) => shapes[index % shapes.length]?.(index % tables, index) ?? '').join(';\n');
  return readQueries([{ file: 'queries.sql', text }]);
}

async function measure(session: Session): Promise<void> {
  const [good, bad] = [queriesOf(shipped), queriesOf(blocked)];
  const bare: number[] = [];
  const verdicts: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    bare.push(await timed(async () => {
      for (const { sql } of good) await session.query(`EXPLAIN (VERBOSE, FORMAT JSON) ${sql}`);
    }));
    verdicts.push(await timed(async () => {
      const { summary } = await judge(session, good);
      if (summary.full !== many) throw new Error(`${summary.full} of ${many} are full`);
    }));
  }
  const [firstBare, firstVerdicts] = [bare.shift() ?? 0, verdicts.shift() ?? 0];
  console.log(`first round: ${firstBare.toFixed(0)} ms, ${firstVerdicts.toFixed(0)} ms`);
  const times = median(verdicts.map((each, run) => each / (bare[run] ?? 0)));
  const missedTimes = times > limits.times;
  console.log(`${many} bare EXPLAINs  ${median(bare).toFixed(0)} ms`);
  console.log(`${many} verdicts       ${median(verdicts).toFixed(0)} ms, ${times.toFixed(2)} times the EXPLAINs, at most ${limits.times}${missedTimes ? '  MISSED' : ''}`);

  let judged: readonly QueryVerdict[] = [];
  const whole = await timed(async () => {
    judged = (await judge(session, bad)).queries;
  });
  const clauses = judged.map(({ clauses: all }) => all.filter(({ cause }) => cause === 'blocked').length);
  if (clauses.some((count) => count === 0)) throw new Error('a query is not blocked');
  const each = median(judged.map(({ seconds }, index) => (seconds * 1000) / (clauses[index] ?? 1)));
  const proved = judged.filter((query) => query.clauses.some(({ remedies }) => remedies.some((remedy) => remedy.proved))).length;
  const missedEach = each > limits.milliseconds;
  console.log(`${many} blocked        ${whole.toFixed(0)} ms, ${each.toFixed(1)} ms a blocked clause at the median, at most ${limits.milliseconds}; ${proved} with a proved remedy${missedEach ? '  MISSED' : ''}`);
  for (const [index] of blocked.entries()) {
    const own = judged.filter((_, at) => at % blocked.length === index).map(({ seconds }) => seconds * 1000);
    console.log(`  ${median(own).toFixed(1).padStart(6)} ms  ${judged[index]?.sql ?? ''}`);
  }
  console.log(`${tables} foreign tables, PostgreSQL 18, one connection, median of ${runs}`);
  if (missedTimes || missedEach) process.exitCode = 1;
}

/** @returns the time over 4 connections as a multiple of that over one */
async function measureSeveral(port: number, where: string): Promise<number> {
  const url = `postgres://${cluster.user}:${encodeURIComponent(cluster.password.reveal())}@${cluster.host}:${port}/postgres`;
  const { signal } = new AbortController();
  const local = await openLocalDatabase({ flag: url, spec: undefined, env: {}, signal });
  const pool = sessionPool(local, signal);
  const queries = queriesOf(blocked).slice(0, shared);
  const times: number[] = [];
  for (const jobs of [1, 2, 4, 1, 2, 4]) times.push(await timed(async () => {
    await judgeInJobs(pool, queries, jobs, (session, share, job) => judge(session, share, { job }));
  }));
  await pool.close();
  const [one = 0, two = 0, four = 0] = [0, 1, 2].map((at) => Math.min(...[times[at], times[at + 3]].map((each) => each ?? 0)));
  console.log(`${shared} blocked, ${where}: ${one.toFixed(0)} ms over one connection, ${two.toFixed(0)} over 2, ${four.toFixed(0)} over 4`);
  return four / one;
}

/** What remotes are asked, over one connection and over 4, with 2 ms each way between the database and the remote. */
async function measureAsking(extension: string | undefined): Promise<void> {
  const url = `postgres://${cluster.user}:${encodeURIComponent(cluster.password.reveal())}@${cluster.host}:${cluster.port}/postgres`;
  const { signal } = new AbortController();
  const local = await openLocalDatabase({ flag: url, spec: undefined, env: {}, signal });
  const line = await delayed(cluster.port, 2);
  const pool = sessionPool(local, signal);
  await local.session.query(`
    ${extension === undefined ? '' : `CREATE EXTENSION ${extension};`}
    CREATE SERVER away FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${line.port}', dbname 'postgres');
    CREATE USER MAPPING FOR PUBLIC SERVER away OPTIONS (user ${literal(cluster.user)}, password ${literal(cluster.password.reveal())});
    CREATE SCHEMA behind; CREATE TABLE behind.t (id bigint, note text); CREATE SCHEMA away; CREATE FOREIGN TABLE away.t (id bigint, note text) SERVER away OPTIONS (schema_name 'behind')`);
  const text = Array.from({ length: shared }, (_, index) => `SELECT id FROM away.t WHERE note = 'x${index}'`).join(';\n');
  const judged = await judge(local.session, readQueries([{ file: 'queries.sql', text }]));
  const times: number[] = [];
  for (const jobs of [1, 4, 1, 4]) times.push(await timed(async () => {
    const { summary } = await askRemotes(pool, judged, { role: undefined, statementTimeoutMs: 30_000, lockTimeoutMs: 5_000, jobs });
    if (summary.missed !== 0) throw new Error('the remote was not asked');
  }));
  const [one = 0, four = 0] = [0, 1].map((at) => Math.min(...[times[at], times[at + 2]].map((each) => each ?? 0)));
  console.log(`${shared} asked of a remote 2 ms away, ${extension ?? 'by estimates'}: ${one.toFixed(0)} ms over one connection, ${four.toFixed(0)} over 4`);
  await local.session.query('DROP SERVER away CASCADE; DROP SCHEMA behind, away CASCADE');
  await pool.close();
  line.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
