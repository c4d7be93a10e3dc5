import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fdw, temporaryFolder } from '../commands/fdw.ts';
import { majors } from '../servers/index.ts';

const spec = `version: 1
extensions: [postgres_fdw, citext, pg_trgm]
servers:
  shop:
    options: {host: nowhere.invalid, dbname: shop, use_remote_estimate: true}
    usage: [no_such_role]
    user_mappings: {public: {user: shop_ro, password: {env: NOT_SET_ANYWHERE}}}
tables:
  shop.orders:
    server: shop
    options: {schema_name: public}
    columns: {id: bigint not null, customer_id: bigint, total: "numeric(12,2)", note: text, handle: citext, meta: jsonb, status: shop.order_status, created_at: timestamptz not null}
pushdown:
  queries: [queries.sql]
`;

const dump = `\\restrict x
SET transaction_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE VIEW public.vips AS SELECT accounts.id FROM public.accounts WHERE accounts.vip;
ALTER VIEW public.vips OWNER TO somebody;
CREATE TABLE public.accounts (id bigint NOT NULL, vip boolean);
ALTER TABLE public.accounts OWNER TO somebody;
CREATE SCHEMA shop;
CREATE TYPE shop.order_status AS ENUM ('pending', 'paid');
CREATE EXTENSION postgis;
COPY public.accounts (id) FROM stdin;
1
\\.
`;

const queries = {
  recent: "SELECT id FROM shop.orders WHERE created_at > now() - interval '1 day'",
  remedied: "SELECT id FROM shop.orders WHERE created_at > (SELECT now() - interval '1 day')",
  coalesce: 'SELECT id FROM shop.orders WHERE coalesce(total, 0) > 5',
  row: 'SELECT id FROM shop.orders WHERE (id, customer_id) > (1, 2)',
  json: "SELECT id FROM shop.orders WHERE meta ->> 'k' = '5'",
  citext: "SELECT id FROM shop.orders WHERE handle = 'h1'",
  trgm: "SELECT id FROM shop.orders WHERE note % 'abc'",
  enum: "SELECT id FROM shop.orders WHERE status = 'paid'",
  local: 'SELECT o.id FROM shop.orders o JOIN public.vips v ON v.id = o.customer_id',
};

interface Answer {
  readonly queries: readonly { readonly name: string; readonly verdict: string; readonly clauses: readonly { readonly reasons: readonly { readonly id: string }[] }[] }[];
  readonly warnings: readonly { readonly message: string; readonly line: number | null }[];
}

test.each(majors())('S4: a pushdown gate in a pull request, with no database, no secrets and no network, as PostgreSQL %i', async (major) => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'fdw.yaml'), spec);
  await writeFile(join(folder.path, 'schema.sql'), dump);
  await writeFile(join(folder.path, 'queries.sql'), Object.entries(queries).map(([name, sql]) => `-- fdw: name=${name}\n${sql};`).join('\n'));
  const check = (...args: readonly string[]) => fdw(['check-pushdown', '--offline', '--postgres', String(major), '--schema', 'schema.sql', '--quiet', ...args], { cwd: folder.path });
  const { code, stdout, stderr } = await check('--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const answer = JSON.parse(stdout) as Answer;
  expect(answer.queries.map(({ name, verdict, clauses }) => [name, verdict, ...new Set(clauses.flatMap(({ reasons }) => reasons.map(({ id }) => id)))])).toEqual([
    ['recent', 'none', 'mutable-function'],
    ['remedied', 'full'],
    ['coalesce', 'none', 'unsupported-expression'],
    ['row', 'none', 'unsupported-expression'],
    ['json', 'none', 'collation'],
    ['citext', 'none', 'extension-not-listed'],
    // Never sent: it is STABLE as well.
    ['trgm', 'none', 'mutable-function', 'extension-not-listed'],
    ['enum', 'none', 'type-not-shippable'],
    ['local', 'none', 'join-to-local'],
  ]);
  expect(answer.warnings.map(({ message, line }) => [line, message])).toEqual([
    [11, 'not taken from the dump: COPY is no statement of a schema'],
    [10, expect.stringMatching(/^not taken from the dump: .*postgis/)],
    [null, 'use_remote_estimate is off here: what is only not chosen may differ'],
  ]);
  // The gate: with a baseline only what is new or worse fails.
  expect((await check('--update-baseline')).code).toBe(0);
  expect((await check()).code).toBe(0);
  await writeFile(join(folder.path, 'queries.sql'), `-- fdw: name=recent\n${queries.recent};\n-- fdw: name=fresh\n${queries.coalesce};`);
  expect((await check('--fail-on', 'new')).code).toBe(2);
});

test('a major that is not installed is named with the package that has it; nothing is left of one that is interrupted', async () => {
  await using folder = await temporaryFolder();
  const missing = await fdw(['check-pushdown', '--offline', '--schema', 'nosuch.sql', '--query', 'SELECT 1'], { cwd: folder.path });
  expect({ code: missing.code, stderr: missing.stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Cannot read the dump nosuch.sql') as string });
  // Clusters are made in the folder for temporary files, which here is nobody else's.
  await chmod(folder.path, 0o755);
  const stopped = await fdw(['check-pushdown', '--offline', '--query', 'SELECT 1'], {
    cwd: folder.path, env: { TMPDIR: folder.path }, started: (kill) => setTimeout(() => { kill('SIGINT'); }, 1500),
  });
  expect([130, 0]).toContain(stopped.code);
  expect(await readdir(folder.path)).toEqual([]);
});
