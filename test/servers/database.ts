import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { ident } from '../../src/sql/quote.ts';
import type { Cluster } from './types.ts';
import { urlOf } from './url.ts';

export type Row = Record<string, unknown>;

/** A database of a test's own, dropped when it is disposed of (connections to it are cut). */
export interface TestDatabase {
  readonly cluster: Cluster;
  readonly name: string;
  /** As the cluster's superuser. */
  readonly url: string;
  /** Runs SQL as the superuser, on one connection that is kept; without `params` several statements are fine (the last one's rows). */
  query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** A further connection, as the superuser or another role; closed with the database. */
  connect(as?: { readonly user: string; readonly password?: string }): Promise<pg.Client>;
  /** The URL for another role. */
  urlFor(as: { readonly user: string; readonly password?: string }): string;
  drop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A name that no other test uses: for databases, and for roles, which belong to a whole cluster. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(5).toString('hex')}`;
}

/** Makes a database, by default with a unique name. */
export async function createDatabaseOn(cluster: Cluster, name = uniqueName('t')): Promise<TestDatabase> {
  await administer(cluster, `CREATE DATABASE ${ident(name)}`);
  const opened: pg.Client[] = [];
  let own: Promise<pg.Client> | undefined;
  const connect: TestDatabase['connect'] = async (as) => {
    const client = new pg.Client({ connectionString: urlOf(cluster, name, as) });
    client.on('error', () => undefined);
    await client.connect();
    opened.push(client);
    return client;
  };
  const drop = async (): Promise<void> => {
    await Promise.allSettled(opened.splice(0).map((client) => client.end()));
    own = undefined;
    await administer(cluster, `DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`);
  };
  return {
    cluster,
    name,
    url: urlOf(cluster, name),
    urlFor: (as) => urlOf(cluster, name, as),
    connect,
    async query<R extends Row>(sql: string, params?: readonly unknown[]): Promise<R[]> {
      own ??= connect();
      const client = await own;
      return lastRows(await client.query<R>(sql, params === undefined ? undefined : [...params]));
    },
    drop,
    [Symbol.asyncDispose]: drop,
  };
}

/** For several statements node-postgres gives a list, whatever its types say. */
function lastRows<R extends Row>(result: pg.QueryResult<R> | readonly pg.QueryResult<R>[]): R[] {
  return 'rows' in result ? result.rows : (result.at(-1)?.rows ?? []);
}

/** Runs one statement in the cluster's maintenance database. */
export async function administer(cluster: Cluster, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(cluster, 'postgres') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
