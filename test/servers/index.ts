/**
 * PostgreSQL for tests. A run's clusters are started once, by global-setup.ts, and shared by all tests; each test
 * makes databases of its own in them. The same on containers with FDW_TEST_SERVERS=containers.
 */
import { readFile } from 'node:fs/promises';
import { inject } from 'vitest';
import { createDatabaseOn, type TestDatabase } from './database.ts';
import type { Cluster, PrivateCluster, PrivateClusterOptions } from './types.ts';

export { administer, uniqueName, type Row, type TestDatabase } from './database.ts';
export type { Cluster, PrivateCluster, PrivateClusterOptions } from './types.ts';
export { urlOf } from './url.ts';

/** Whether this run's clusters are embedded ones or containers. */
export function serverKind(): 'embedded' | 'containers' {
  return inject('servers').kind;
}

/** The majors of this run, ascending: 14 and 18 unless FDW_TEST_MAJORS says otherwise. */
export function majors(): readonly number[] {
  return inject('servers').majors;
}

/** The majors that users' stories are told on, ascending: 14, 16 and 18 unless FDW_TEST_MAJORS says otherwise. */
export function storyMajors(): readonly number[] {
  return inject('servers').clusters.map(({ major }) => major);
}

/** A shared cluster: of that major, by default the newest of the run. */
export function cluster(major = majors().at(-1)): Cluster {
  const found = inject('servers').clusters.find((one) => one.major === major);
  if (found === undefined) throw new Error(`major ${String(major)} is not part of this run (${storyMajors().join(', ')}); startCluster({ major }) starts any`);
  return found;
}

/** A database of the test's own: `await using db = await createDatabase()`. */
export async function createDatabase(on: Cluster = cluster(), options: { readonly name?: string } = {}): Promise<TestDatabase> {
  return createDatabaseOn(on, options.name);
}

/** A local and a remote database on two clusters. */
export interface Pair {
  readonly local: TestDatabase;
  readonly remote: TestDatabase;
  /** `host`, `port`, `dbname` of the remote as the local server reaches it: options of a foreign server. */
  readonly serverOptions: { readonly host: string; readonly port: string; readonly dbname: string };
  [Symbol.asyncDispose](): Promise<void>;
}

/** Majors of a local and a remote cluster. */
export interface PairMajors {
  readonly local: number;
  readonly remote: number;
}

/** Two databases: by default local on the newest, remote on the oldest cluster of the run. */
export async function pair(of: Partial<PairMajors> = {}): Promise<Pair> {
  const local = await createDatabase(cluster(of.local ?? majors().at(-1)));
  const remote = await createDatabase(cluster(of.remote ?? majors().at(0)));
  const { internalHost, internalPort } = remote.cluster;
  return {
    local,
    remote,
    serverOptions: { host: internalHost, port: String(internalPort), dbname: remote.name },
    async [Symbol.asyncDispose]() {
      await local.drop();
      await remote.drop();
    },
  };
}

/**
 * The combinations that a run covers: each major is local once and remote once, next to the one that is farthest
 * from it. 14 and 18 give 18→14 and 14→18; all five give 18→14, 17→15, 16→16, 15→17 and 14→18.
 * @param all ascending; for users' stories `storyMajors()`
 */
export function pairs(all = majors()): readonly PairMajors[] {
  return all.map((remote, index) => ({ local: all[all.length - 1 - index] ?? remote, remote }));
}

/** A cluster of the test's own: `await using c = await startCluster({ settings: { … } })`. One to two seconds. */
export async function startCluster(options: PrivateClusterOptions & { readonly standbyOf?: Cluster } = {}): Promise<PrivateCluster> {
  const { standbyOf, ...own } = options;
  const run = inject('servers');
  const major = own.major ?? standbyOf?.major ?? majors().at(-1) ?? 18;
  if (run.network !== undefined) {
    if (standbyOf !== undefined) throw new Error('standbys are embedded ones only: check serverKind()');
    const { startContainerCluster } = await import('./containers.ts');
    return startContainerCluster({ ...own, major }, run.network);
  }
  if (standbyOf !== undefined) return (await import('./standby.ts')).startStandby(standbyOf, own);
  return (await import('./embedded.ts')).startEmbeddedCluster({ ...own, major });
}

/** What a cluster has logged so far. */
export async function logOf(of: Cluster): Promise<string> {
  if ('file' in of.log) return readFile(of.log.file, 'utf8');
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { container } = await getContainerRuntimeClient();
  const text = await container.getById(of.log.container).logs({ stdout: true, stderr: true, follow: false });
  return text.toString('utf8');
}
