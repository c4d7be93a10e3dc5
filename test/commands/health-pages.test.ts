import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, serverKind, startCluster, urlOf, type PrivateCluster, type TestDatabase } from '../servers/index.ts';
import { bareEnv, root, temporaryFolder, type Outcome } from './fdw.ts';
import { anyDatabase } from './shop.ts';

// What docs/doctor.md, docs/whoami.md, docs/analyze.md and docs/drift.md show is what one gets. Their roles have names that a shared cluster may have.
let own: PrivateCluster;
let app: TestDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  // The pages show a sample of a table, which 14 and 15 do not take.
  own = await startCluster({ major: 18 });
  const remote = await createDatabase(own, { name: 'shop' });
  app = await createDatabase(own, { name: 'app' });
  folder = await temporaryFolder();
  await remote.query(`CREATE TABLE orders AS SELECT id, 'note ' || id AS note FROM generate_series(1, 50000) id; CREATE TABLE customers AS SELECT id FROM generate_series(1, 200) id; ANALYZE`);
  await app.query(`
    CREATE ROLE deploy LOGIN SUPERUSER PASSWORD 'deploy'; CREATE ROLE rep LOGIN; CREATE ROLE noma LOGIN;
    CREATE EXTENSION postgres_fdw;
    CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${own.internalHost}', port '${own.internalPort}', dbname 'shop', fetch_size '1000');
    CREATE USER MAPPING FOR deploy SERVER shop OPTIONS (user '${own.user}', password '${own.password}');
    CREATE SCHEMA shop; CREATE SCHEMA "odd.schema";
    CREATE FOREIGN TABLE public.orders (id int, note text) SERVER shop;
    CREATE FOREIGN TABLE shop.orders (id int, note text) SERVER shop OPTIONS (schema_name 'public');
    CREATE FOREIGN TABLE shop.customers (id int) SERVER shop OPTIONS (schema_name 'public');
    CREATE FOREIGN TABLE "odd.schema".orders (id int, note text) SERVER shop OPTIONS (schema_name 'public');
    ALTER FOREIGN TABLE shop.orders OWNER TO deploy; ALTER FOREIGN TABLE shop.customers OWNER TO deploy; ALTER FOREIGN TABLE "odd.schema".orders OWNER TO deploy;
    GRANT SELECT ON public.orders TO noma;
    CREATE VIEW public.vo AS SELECT * FROM public.orders; ALTER VIEW public.vo OWNER TO noma; GRANT SELECT ON public.vo TO rep;
    CREATE FUNCTION public.totals() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM public.vo; END`);
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await own.stop();
});

/** Fenced blocks of a page, by their language. */
async function blocks(page: string): Promise<{ readonly commands: readonly string[]; readonly output: string | undefined }> {
  const text = await readFile(join(root, 'docs', page), 'utf8');
  const fenced = [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, inside]) => ({ language, inside: inside ?? '' }));
  const commands = fenced.filter(({ language }) => language === 'sh').flatMap(({ inside }) => inside.split('\n').filter((line) => line.startsWith('fdw ')).map((line) => line.replace(/\s+#.*$/, '')));
  return { commands, output: fenced.find(({ language }) => language === '')?.inside };
}

/** As a shell runs it; one that goes on for ever is interrupted. */
function shell(command: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', command.replace(/^fdw /, `exec "${process.execPath}" "${join(root, 'bin', 'run.js')}" `)], {
      cwd: folder.path,
      env: bareEnv({ FDW_DATABASE_URL: urlOf(own, 'app', { user: 'deploy', password: 'deploy' }) }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (command.includes('--watch') && text.includes('1 server:')) child.kill('SIGINT');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const anyVersion = (text: string): string => anyDatabase(text).replaceAll(/PostgreSQL \d+\.\d+/g, 'PostgreSQL N');

/** A table that drifts, a spec and a snapshot, which the other pages do without. */
async function prepareDrift(): Promise<void> {
  await app.query(`CREATE SCHEMA reporting; CREATE FOREIGN TABLE reporting.orders (id bigint, note varchar(20) NOT NULL, channel text) SERVER shop OPTIONS (schema_name 'public')`);
  await writeFile(join(folder.path, 'fdw.yaml'), `version: 1
servers:
  shop: {options: {host: '${own.internalHost}', port: ${own.internalPort}, dbname: shop, fetch_size: 1000}, user_mappings: {deploy: {user: ${own.user}, password: ${own.password}}}}
schemas:
  shop: {server: shop, remote_schema: public, tables: all}
`);
  expect(await shell('fdw snapshot --out fdw.snapshot.json')).toMatchObject({ code: 0 });
}

test.skipIf(serverKind() === 'containers').each(['whoami.md', 'analyze.md', 'doctor.md', 'drift.md'])('the commands of docs/%s run, and the first gives what the page shows', async (page) => {
  if (page === 'drift.md') await prepareDrift();
  const { commands, output } = await blocks(page);
  expect(commands.length).toBeGreaterThan(3);
  for (const [index, command] of commands.entries()) {
    const { code, stdout, stderr } = await shell(command);
    expect({ command, code, stderr: code === 1 ? stderr : '' }).toMatchObject({ code: command.includes('--watch') ? 130 : expect.toSatisfy((it: unknown) => it === 0 || it === 2) as number });
    if (index === 0 && output !== undefined) expect(anyVersion(stdout)).toBe(anyVersion(output));
  }
});
