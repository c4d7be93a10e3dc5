import { connect } from '../src/postgres/connect.ts';
import { resolveTarget } from '../src/postgres/connection/resolve.ts';
import { startEmbedded, type EmbeddedCluster } from '../src/postgres/embedded/index.ts';
import type { Session } from '../src/postgres/session.ts';
import { readRemoteSchemas } from '../src/remote/read-remote-schemas.ts';
import { delayed } from './base/delayed.ts';
import { median } from './base/median.ts';

/*
 * How long it takes to read a remote schema through its server, as a multiple of what one query on a direct connection
 * takes for the same columns; without latency and with 5 ms each way between the two databases. Beside it, what
 * IMPORT FOREIGN SCHEMA takes. Median of three, taking turns. Fails when a limit is missed.
 * Takes the number of tables (of 20 columns) as its argument.
 */
const tables = Number(process.argv[2] ?? 2000);
const runs = 3;
const delays = [
  { milliseconds: 0, limit: 3 },
  { milliseconds: 5, limit: 4 },
];

const directSql = `
  SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, co.collname, pg_get_expr(d.adbin, d.adrelid), a.attgenerated
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum LEFT JOIN pg_collation AS co ON co.oid = a.attcollation
   WHERE n.nspname = 'big' AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum`;

const local = await startEmbedded();
const remote = await startEmbedded({ packageName: 'postgres-14' });
try {
  await fill(remote);
  for (const delay of delays) await measure(delay);
} finally {
  await Promise.all([local.stop(), remote.stop()]);
}

async function session(cluster: EmbeddedCluster, port = cluster.port): Promise<Session> {
  const url = `postgres://${cluster.user}:${encodeURIComponent(cluster.password.reveal())}@${cluster.host}:${port}/postgres`;
  return connect(await resolveTarget(url, {}), { applicationName: 'fdw/bench', statementTimeout: 0 });
}

async function fill(cluster: EmbeddedCluster): Promise<void> {
  const at = await session(cluster);
  const columns = Array.from({ length: 18 }, (_, index) => `c${index} ${['bigint', 'text', 'numeric(12,2)', 'timestamptz'][index % 4] ?? 'int'}`);
  await at.query("CREATE SCHEMA big; CREATE TYPE big.mood AS ENUM ('good', 'bad')");
  // In steps: each table holds locks until its transaction ends.
  for (let start = 0; start < tables; start += 1000) {
    await at.query(`DO $$ BEGIN FOR i IN ${start}..${Math.min(start + 1000, tables) - 1} LOOP
      EXECUTE 'CREATE TABLE big.t' || i || ' (id bigint PRIMARY KEY, mood big.mood, ${columns.join(', ')})'; END LOOP; END $$`);
  }
  await at.query('ANALYZE pg_catalog.pg_class, pg_catalog.pg_attribute');
  await at.close();
}

async function measure({ milliseconds, limit }: { readonly milliseconds: number; readonly limit: number }): Promise<void> {
  const line = await delayed(remote.port, milliseconds);
  const at = await session(local);
  await at.query(`CREATE EXTENSION IF NOT EXISTS postgres_fdw; DROP SCHEMA IF EXISTS big CASCADE; CREATE SCHEMA big; CREATE TYPE big.mood AS ENUM ('good', 'bad');
    DROP SERVER IF EXISTS bench CASCADE; CREATE SERVER bench FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${line.port}', dbname 'postgres');
    CREATE USER MAPPING FOR PUBLIC SERVER bench OPTIONS (user '${remote.user}', password '${remote.password.reveal()}')`);
  const ways = {
    'one query, direct': async () => {
      const direct = await session(remote, line.port);
      const rows = await direct.query(directSql);
      if (rows.length !== tables * 20) throw new Error(`${rows.length} columns`);
      await direct.close();
    },
    'through the server': async () => {
      const through = await session(local);
      await through.query('BEGIN');
      const [read] = await readRemoteSchemas(through, [{ server: 'bench', schemas: [{ name: 'big', selection: { kind: 'all' }, defaults: false }] }]);
      if (read?.schemas[0]?.relations.length !== tables) throw new Error('not all tables came');
      await through.query('ROLLBACK');
      await through.close();
    },
    'IMPORT FOREIGN SCHEMA': async () => {
      const importing = await session(local);
      await importing.query('BEGIN; CREATE SCHEMA mirror; IMPORT FOREIGN SCHEMA big FROM SERVER bench INTO mirror; ROLLBACK');
      await importing.close();
    },
  };
  const times = new Map(Object.keys(ways).map((name) => [name, new Array<number>()]));
  const turns = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    for (const [name, way] of Object.entries(ways)) {
      const [begin, before] = [performance.now(), line.turns()];
      await way();
      times.get(name)?.push(performance.now() - begin);
      turns.set(name, line.turns() - before);
    }
  }
  await at.close();
  line.close();
  const floor = median(times.get('one query, direct') ?? []);
  for (const [name, all] of times) {
    const ratio = median(all) / floor;
    const held = name === 'through the server';
    const missed = held && ratio > limit;
    if (missed) process.exitCode = 1;
    console.log(
      `${milliseconds} ms  ${name.padEnd(22)} ${median(all).toFixed(0).padStart(6)} ms  ${ratio.toFixed(2).padStart(6)} times direct${held ? `, at most ${limit}` : ''}` +
        `  ${turns.get(name) ?? 0} round trips to the remote${missed ? '  MISSED' : ''}`,
    );
  }
  if (milliseconds === delays.at(-1)?.milliseconds) console.log(`${tables} tables of 20 columns, 18 local, 14 remote, median of ${runs}`);
}
