import { randomBytes } from 'node:crypto';
import { Secret } from '../base/secret.ts';
import { version } from '../base/version.ts';
import { connect } from '../postgres/connect.ts';
import { resolveTarget } from '../postgres/connection/resolve.ts';
import { startEmbedded, type EmbeddedCluster } from '../postgres/embedded/index.ts';
import type { Session } from '../postgres/session.ts';
import { ident, literal } from '../sql/quote.ts';
import { analyticsSql } from './analytics-database.ts';
import { shopRoleSql, shopSql } from './shop-database.ts';

/** The demo's two databases, each on a running cluster of its own. */
export interface Databases {
  readonly shop: EmbeddedCluster;
  readonly analytics: EmbeddedCluster;
  /** Of the shop's role for the analytics database. */
  readonly shopPassword: Secret;
}

/**
 * Starts both clusters at the same time and fills them.
 *
 * @param started gets each cluster as soon as it runs, so that it can be stopped whatever happens next
 */
export async function startDatabases(signal: AbortSignal, started: (cluster: EmbeddedCluster) => void): Promise<Databases> {
  const shopPassword = new Secret(randomBytes(12).toString('base64url'));
  const start = async (name: string, sql: string): Promise<EmbeddedCluster> => {
    const cluster = await startEmbedded();
    started(cluster);
    await withSession(cluster, 'postgres', signal, (session) => session.query(`CREATE DATABASE ${ident(name)}`));
    await withSession(cluster, name, signal, (session) => session.query(sql));
    return cluster;
  };
  const [shop, analytics] = await bothSettled([
    start('shop', shopSql + shopRoleSql(literal(shopPassword.reveal()))),
    start('analytics', analyticsSql),
  ]);
  return { shop, analytics, shopPassword };
}

/** Runs `use` on a session of its own, as the cluster's superuser. */
export async function withSession<T>(cluster: EmbeddedCluster, database: string, signal: AbortSignal, use: (session: Session) => Promise<T>): Promise<T> {
  const target = await resolveTarget(urlOf(cluster, database), {});
  const session = await connect(target, { applicationName: `fdw-demo/${version}`, signal });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** The superuser's URL of a database; it holds the password, which was made up for this demo. */
export function urlOf({ user, password, host, port }: EmbeddedCluster, database: string): string {
  return `postgresql://${user}:${encodeURIComponent(password.reveal())}@${host}:${port}/${database}`;
}

/** Like Promise.all, but it leaves nobody at work when it fails. */
async function bothSettled<T>(work: readonly [Promise<T>, Promise<T>]): Promise<[T, T]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
