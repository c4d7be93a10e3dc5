import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ident, literal } from '../../src/sql/quote.ts';
import { pair, uniqueName } from '../servers/index.ts';
import { fdw, temporaryFolder } from './fdw.ts';
import type { Outcome, RunOptions } from './fdw.ts';

/** A folder with a spec, a local database and a remote with two tables, and the command line run there. */
export async function shop() {
  const databases = await pair();
  const folder = await temporaryFolder();
  const role = uniqueName('shop_ro');
  const password = "it's geheim";
  await databases.remote.query(`
    CREATE TABLE customers (id bigint PRIMARY KEY, region text NOT NULL);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, total numeric(12,2));
    CREATE ROLE ${ident(role)} LOGIN PASSWORD ${literal(password)};
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${ident(role)};`);

  /** Writes the spec, with that name for the server. */
  const writeSpec = (server = 'shop'): Promise<void> =>
    writeFile(
      join(folder.path, 'fdw.yaml'),
      `version: 1
extensions: [postgres_fdw]
servers:
  ${server}:
    options: ${JSON.stringify(databases.serverOptions)}
    user_mappings:
      public: {user: ${role}, password: {env: SHOP_PASSWORD}}
schemas:
  shop: {server: ${server}, remote_schema: public, tables: all}
`,
    );
  await writeSpec();
  const env = { FDW_DATABASE_URL: databases.local.url, SHOP_PASSWORD: password };

  return {
    ...databases,
    folder: folder.path,
    env,
    writeSpec,
    run: (args: readonly string[], options: RunOptions = {}): Promise<Outcome> =>
      fdw(args, { cwd: folder.path, ...options, env: { ...env, ...options.env } }),
    async [Symbol.asyncDispose]() {
      await databases[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** An answer whose head, which names the local database, is the same in every run. */
export function anyDatabase(text: string): string {
  return text.replace(/^Database \S+, from (.*)\n {2}\S+:\d+ as \S+, PostgreSQL [\d.]+/, 'Database LOCAL, from $1\n  HOST:PORT as ROLE, PostgreSQL N');
}
