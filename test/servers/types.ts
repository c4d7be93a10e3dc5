/** The majors that fdw supports. */
export const supportedMajors = [14, 15, 16, 17, 18] as const;

/** Those that users' stories (S1 and on, test/scenarios) are told on where FDW_TEST_MAJORS does not say otherwise. */
export const storyMajors: readonly number[] = [14, 16, 18];

/** A running cluster as tests see it. Plain data: it is handed from the run to its workers. */
export interface Cluster {
  readonly major: number;
  /** Where the test reaches it. */
  readonly host: string;
  readonly port: number;
  /** Where another cluster of the run reaches it: for the options of a foreign server. */
  readonly internalHost: string;
  readonly internalPort: number;
  /** A superuser with a password. */
  readonly user: string;
  readonly password: string;
  /** Folder of its unix socket; undefined for containers. */
  readonly socket: string | undefined;
  /** Where its log is. */
  readonly log: { readonly file: string } | { readonly container: string };
}

/** A private cluster's data without what only its owner can do. */
export function sharedPart(cluster: PrivateCluster): Cluster {
  const { restart: _restart, stop: _stop, [Symbol.asyncDispose]: _dispose, ...data } = cluster;
  return data;
}

/** What a run hands to its workers. */
export interface Run {
  readonly kind: 'embedded' | 'containers';
  /** What most tests run on, ascending. */
  readonly majors: readonly number[];
  /** Of all majors that any test of the run asks for, ascending. */
  readonly clusters: readonly Cluster[];
  /** The network of the run's containers. */
  readonly network: string | undefined;
}

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** A cluster of a test's own. */
export interface PrivateClusterOptions {
  readonly major?: number;
  /** For postgresql.conf. */
  readonly settings?: Settings;
  /** The whole pg_hba.conf. */
  readonly hba?: string;
  /** PEM texts; `ssl` is then on. `ca` makes clients' certificates checked (pg_hba decides whether they are asked for). */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
}

/** A private cluster; disposing of it stops it. */
export interface PrivateCluster extends Cluster {
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Settings that suit tests; those of a test win. */
export const testSettings: Settings = {
  max_connections: 200,
  shared_buffers: '64MB',
  max_prepared_transactions: 20,
  wal_keep_size: '64MB',
  log_statement: 'none',
  log_line_prefix: '%m [%p] %q%u@%d %a ',
  timezone: 'UTC',
};
