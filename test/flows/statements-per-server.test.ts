import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/flows/analyze.ts';
import { examine } from '../../src/flows/doctor.ts';
import { remoteDrift } from '../../src/flows/drift.ts';
import { whoami } from '../../src/flows/whoami.ts';
import { literal } from '../../src/sql/quote.ts';
import { startProxy } from '../apply/proxy.ts';
import { cluster, createDatabase, majors } from '../servers/index.ts';

const around = { progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve(''), env: {}, specPath: undefined, patience: 15_000, jobs: 1 };

/** How many statements are sent to the local database, and by it to the remotes. */
interface Sent {
  readonly here: number;
  readonly there: number;
}

/** What each look through so many servers sends, each with so many tables. */
async function sentFor(major: number, servers: number, tables: number): Promise<Readonly<Record<string, Sent>>> {
  await using remote = await createDatabase(cluster(major));
  await using local = await createDatabase(cluster(major));
  await using toLocal = await proxyTo(local.cluster);
  await using toRemote = await proxyTo(remote.cluster);
  const { user, password } = remote.cluster;
  await local.query('CREATE EXTENSION postgres_fdw');
  for (let server = 1; server <= servers; server++) {
    await remote.query(`CREATE SCHEMA s${server}; DO $$ BEGIN FOR i IN 1..${tables} LOOP EXECUTE format('CREATE TABLE s${server}.t%s (id bigint NOT NULL, note text)', i); END LOOP; END $$`);
    await local.query(`
      CREATE SERVER s${server} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${toRemote.port}', dbname ${literal(remote.name)});
      CREATE USER MAPPING FOR PUBLIC SERVER s${server} OPTIONS ("user" ${literal(user)}, password ${literal(password)}); CREATE SCHEMA s${server};
      IMPORT FOREIGN SCHEMA s${server} FROM SERVER s${server} INTO s${server}`);
  }
  const database = local.url.replace(`:${local.cluster.port}/`, `:${toLocal.port}/`);
  const counted = async (work: () => Promise<unknown>): Promise<Sent> => {
    const before = [toLocal.count(), toRemote.count()] as const;
    await work();
    return { here: toLocal.count() - before[0], there: toRemote.count() - before[1] };
  };
  return {
    drift: await counted(async () => expect((await remoteDrift({ ...around, database, servers: [], schemas: [] })).report).toMatchObject({ findings: [], unknown: [] })),
    doctor: await counted(async () => expect((await examine({ ...around, database, servers: [] })).servers).toHaveLength(servers)),
    whoami: await counted(async () => expect((await whoami({ ...around, database, role: local.cluster.user, object: undefined })).access.servers).toHaveLength(servers)),
    'analyze, dry run': await counted(async () => expect((await analyze({ ...around, database, tables: [], servers: [], schemas: [], stale: 0.2, all: false, dryRun: true })).analysis.tables).toHaveLength(servers * tables)),
  };
}

async function proxyTo(to: { readonly host: string; readonly port: number }) {
  const proxy = await startProxy(to);
  let count = 0;
  // A simple query or a parsed one: how often a password goes to and fro is no matter of ours.
  proxy.judge = (message) => {
    if (/^[QP]/.test(message)) count += 1;
    return 'pass';
  };
  return { port: proxy.port, count: () => count, [Symbol.asyncDispose]: async () => proxy.close() };
}

describe.each(majors().map((major) => ({ major })))('statements, major $major', ({ major }) => {
  it('each server takes as many as any other, here and there, however many tables it has', async () => {
    const [one, two, three] = [await sentFor(major, 1, 3), await sentFor(major, 2, 3), await sentFor(major, 3, 60)];
    for (const [flow, { here, there }] of Object.entries(two)) {
      const each = { here: here - (one[flow]?.here ?? 0), there: there - (one[flow]?.there ?? 0) };
      expect([flow, each]).toEqual([flow, { here: expect.toSatisfy((sent: number) => sent > 5 && sent < 50) as number, there: expect.toSatisfy((sent: number) => sent > 5 && sent < 120) as number }]);
      expect([flow, three[flow]]).toEqual([flow, { here: here + each.here, there: there + each.there }]);
    }
  });
});
