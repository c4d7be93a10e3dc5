import type { Dirent } from 'node:fs';
import { chown, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { Secret } from '../../src/base/secret.ts';
import { runtimeAccount, type Account } from '../../src/postgres/embedded/index.ts';
import { place, startEmbeddedCluster } from './embedded.ts';
import type { Cluster, PrivateCluster, PrivateClusterOptions } from './types.ts';
import { urlOf } from './url.ts';

/**
 * Starts a streaming standby of an embedded cluster. The binaries have no pg_basebackup, so the data folder is
 * copied in backup mode (postgresql.org/docs/18/continuous-archiving.html, "Making a Base Backup Using the Low
 * Level API"); WAL written since comes by streaming.
 */
export async function startStandby(primary: Cluster, options: PrivateClusterOptions): Promise<PrivateCluster> {
  const client = new pg.Client({ connectionString: urlOf(primary, 'postgres') });
  await client.connect();
  try {
    const [start, stop] = primary.major >= 15
      ? ["pg_backup_start('standby', true)", 'pg_backup_stop(false)']
      : ["pg_start_backup('standby', true, false)", 'pg_stop_backup(false, false)'];
    return await startEmbeddedCluster(
      {
        ...options,
        major: primary.major,
        settings: {
          ...options.settings,
          primary_conninfo: `host=${primary.internalHost} port=${primary.internalPort} user=${primary.user} password=${primary.password} application_name=standby`,
        },
      },
      async (folder) => {
        const from = await client.query<{ data_directory: string }>('SHOW data_directory');
        const account = await runtimeAccount();
        await client.query(`SELECT ${start}`);
        await copyData(from.rows[0]?.data_directory ?? '', folder.data, account);
        const stopped = await client.query<{ labelfile: string }>(`SELECT labelfile FROM ${stop}`);
        await place(folder, { backup_label: stopped.rows[0]?.labelfile ?? '', 'standby.signal': '' });
        return new Secret(primary.password);
      },
    );
  } finally {
    await client.end();
  }
}

/** Files that belong to the running server, and folders whose content a copy must not have. */
const leftOut = new Set(['postmaster.pid', 'postmaster.opts', 'backup_label']);
const emptied = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans', 'pgsql_tmp']);

/** Copies a live data folder: what vanishes meanwhile is put right by the WAL. */
async function copyData(from: string, to: string, account: Account | undefined): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  if (account !== undefined) await chown(to, account.uid, account.gid);
  for (const entry of await listed(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      if (emptied.has(entry.name)) await makeFolders(target, entry.name === 'pg_wal' ? ['archive_status', 'summaries'] : [], account);
      else await copyData(source, target, account);
    } else if (entry.isFile() && !leftOut.has(entry.name)) {
      await copyFile(source, target).catch(ignoreMissing);
      if (account !== undefined) await chown(target, account.uid, account.gid).catch(ignoreMissing);
    }
  }
}

async function makeFolders(at: string, inside: readonly string[], account: Account | undefined): Promise<void> {
  for (const folder of [at, ...inside.map((name) => join(at, name))]) {
    await mkdir(folder, { mode: 0o700 });
    if (account !== undefined) await chown(folder, account.uid, account.gid);
  }
}

/** A database may be dropped while its folder is copied. */
async function listed(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    ignoreMissing(error);
    return [];
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
