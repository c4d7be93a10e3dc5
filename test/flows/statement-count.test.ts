import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/flows/analyze.ts';
import { examine } from '../../src/flows/doctor.ts';
import { remoteDrift } from '../../src/flows/drift.ts';
import { pullSpec } from '../../src/flows/pull.ts';
import { planFromSpec } from '../../src/flows/plan.ts';
import { prepareApply } from '../../src/flows/apply.ts';
import { whoami } from '../../src/flows/whoami.ts';
import { literal } from '../../src/sql/quote.ts';
import { startProxy } from '../apply/proxy.ts';
import { temporaryFolder } from '../commands/fdw.ts';
import { cluster, createDatabase, majors } from '../servers/index.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const around = { progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve(''), env: { PW: 'x' } };

/** How many statements each journey sends on a database with so many foreign tables, but for those that a plan consists of. */
async function statementsFor(major: number, tables: number): Promise<Readonly<Record<string, number>>> {
  await using remote = await createDatabase(cluster(major));
  await using local = await createDatabase(cluster(major));
  await remote.query(`CREATE TYPE mood AS ENUM ('good'); DO $$ BEGIN FOR i IN 1..${tables} LOOP EXECUTE format('CREATE TABLE t%s (id bigint NOT NULL, note text, m mood)', i); END LOOP; END $$`);
  const { host, port, user, password } = remote.cluster;
  await local.query(`CREATE EXTENSION postgres_fdw; CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ${literal(host)}, port '${port}', dbname ${literal(remote.name)});
    CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS ("user" ${literal(user)}, password ${literal(password)})`);
  await using folder = await temporaryFolder();
  const importing = join(folder.path, 'fdw.yaml');
  const spelled = join(folder.path, 'spelled.yaml');
  await writeFile(importing, `version: 1\nservers: {shop: {options: {host: ${host}, port: ${port}, dbname: ${remote.name}}}}\nschemas: {shop: {server: shop, remote_schema: public}}\n`);
  const proxy = await startProxy(local.cluster);
  const database = local.url.replace(`:${local.cluster.port}/`, `:${proxy.port}/`);
  const counted = async (work: () => Promise<unknown>): Promise<number> => {
    let count = 0;
    proxy.judge = (message) => {
      if (!message.includes('CREATE FOREIGN TABLE shop.')) count += 1;
      return 'pass';
    };
    await work();
    return count;
  };
  const plan = async (specPath: string): Promise<number> => counted(() => planFromSpec({ ...around, specPath, database }));
  try {
    return {
      'plan of all creates': await plan(importing),
      apply: await counted(async () => {
        const prepared = await prepareApply({ ...around, specPath: importing, database });
        expect((await prepared.execute({ tryMappings: false })).statements).toBeGreaterThan(tables);
        await prepared.close();
      }),
      'plan without changes': await plan(importing),
      drift: await counted(() => remoteDrift({ ...around, specPath: undefined, database, servers: [], schemas: [], jobs: 4, patience: 15_000 })),
      doctor: await counted(() => examine({ ...around, specPath: undefined, database, servers: [], jobs: 4, patience: 15_000 })),
      'whoami of a role': await counted(() => whoami({ ...around, specPath: undefined, database, role: user, object: undefined, jobs: 4, patience: 15_000 })),
      'analyze, dry run': await counted(() => analyze({ ...around, specPath: undefined, database, tables: [], servers: [], schemas: [], stale: 0.2, all: false, dryRun: true, jobs: 4, patience: 15_000 })),
      pull: await counted(async () => {
        const pulled = await pullSpec({ ...around, database, filter: { servers: [], schemas: [] }, askRemotes: true });
        expect(pulled.counts).toMatchObject({ schemas: 1, tables: 0 });
      }),
      'pull without remotes': await counted(async () => {
        const pulled = await pullSpec({ ...around, database, filter: { servers: [], schemas: [] }, askRemotes: false });
        expect(pulled.counts).toMatchObject({ schemas: 0, tables });
        await writeFile(spelled, pulled.text.replace(/\{env: SHOP_PUBLIC_PASSWORD\}/, '{env: PW}'));
      }),
      'plan of tables spelled out': await plan(spelled),
    };
  } finally {
    await proxy.close();
  }
}

describe.each(majors().map((major) => ({ major })))('the number of statements, major $major', ({ major }) => {
  it('is the same for 10 tables and for 300', async () => {
    const [few, many] = [await statementsFor(major, 10), await statementsFor(major, 300)];
    expect(many).toEqual(few);
    expect(Math.min(...Object.values(few))).toBeGreaterThan(10);
  });
});
