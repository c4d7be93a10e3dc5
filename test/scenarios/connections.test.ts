import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/flows/analyze.ts';
import { examine } from '../../src/flows/doctor.ts';
import { remoteDrift } from '../../src/flows/drift.ts';
import { whoami } from '../../src/flows/whoami.ts';
import { administer, createDatabase, logOf, majors, serverKind, startCluster, urlOf, type PrivateCluster, type TestDatabase } from '../servers/index.ts';

const servers = 6;

/*
 * What looks at remotes leaves no connection behind, here or there; while it looks, it holds one here for each of its jobs, and there no more:
 * postgres_fdw would keep one for each server that was looked at, and all of these lead to one cluster.
 */
describe.skipIf(serverKind() === 'containers').each([majors().at(0) ?? 14, majors().at(-1) ?? 18])('connections, from PostgreSQL %i', (major) => {
  let here: PrivateCluster;
  let there: PrivateCluster;
  let local: TestDatabase;

  beforeAll(async () => {
    // Of clusters of our own all connections are ours. That there keeps a log of them.
    [here, there] = await Promise.all([startCluster({ major, settings: { log_connections: true, log_disconnections: true } }), startCluster({ settings: { log_connections: true, log_disconnections: true } })]);
    await administer(there, 'CREATE TABLE t (id int)');
    local = await createDatabase(here, { name: 'app' });
    await local.query(`CREATE EXTENSION postgres_fdw; CREATE EXTENSION dblink`);
    for (let index = 1; index <= servers; index++) {
      await local.query(`CREATE SERVER s${index} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${there.internalHost}', port '${there.internalPort}', dbname 'postgres');
        CREATE USER MAPPING FOR PUBLIC SERVER s${index} OPTIONS (user '${there.user}', password '${there.password}');
        CREATE FOREIGN TABLE t${index} (id int) SERVER s${index} OPTIONS (table_name 't')`);
    }
  });

  afterAll(async () => {
    await Promise.all([here.stop(), there.stop()]);
  });

  const request = { specPath: undefined, env: {}, progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve(''), servers: [], schemas: [], patience: 10_000 };
  const database = (): string => urlOf(here, 'app');
  const journeys: readonly (readonly [name: string, run: (jobs: number) => Promise<unknown>])[] = [
    ['doctor', async (jobs) => examine({ ...request, database: database(), jobs })],
    ['drift', async (jobs) => remoteDrift({ ...request, database: database(), jobs })],
    ['whoami', async (jobs) => whoami({ ...request, database: database(), role: here.user, object: undefined, jobs })],
    ['analyze, dry run', async (jobs) => analyze({ ...request, database: database(), jobs, tables: [], stale: 0.2, all: true, dryRun: true })],
    ['analyze', async (jobs) => analyze({ ...request, database: database(), jobs, tables: [], stale: 0.2, all: true, dryRun: false })],
  ];

  test.each(journeys.flatMap(([name, run]) => [1, 3].map((jobs) => [name, jobs, run] as const)))('%s, %i at once', async (_, jobs, run) => {
    const before = [await openOn(here), await openOn(there)];
    const already = { here: (await seenOn(here)).length, there: (await seenOn(there)).length };
    await run(jobs);
    await expect.poll(async () => [await openOn(here), await openOn(there)], { timeout: 5_000 }).toEqual(before);
    const mostHere = mostAtOnce((await seenOn(here)).slice(already.here));
    const mostThere = mostAtOnce((await seenOn(there)).slice(already.there));
    expect(mostHere).toBeGreaterThan(0);
    expect(mostHere).toBeLessThanOrEqual(jobs);
    expect(mostThere).toBeGreaterThan(0);
    // dblink has one of its own, for as long as a question takes; and one that was closed may still be saying good-bye.
    expect(mostThere).toBeLessThanOrEqual(3 * jobs);
  });
});

/** What a cluster has logged of connections: 1 for one that began, -1 for one that ended. */
async function seenOn(of: PrivateCluster): Promise<readonly number[]> {
  return (await logOf(of)).split('\n').flatMap((line) => (line.includes('LOG:  connection authorized') ? [1] : line.includes('LOG:  disconnection:') ? [-1] : []));
}

async function openOn(of: PrivateCluster): Promise<number> {
  return (await seenOn(of)).reduce((sum, each) => sum + each, 0);
}

function mostAtOnce(seen: readonly number[]): number {
  let [open, most] = [0, 0];
  for (const each of seen) most = Math.max(most, (open += each));
  return most;
}
