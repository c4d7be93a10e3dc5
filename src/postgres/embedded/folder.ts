import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../base/user-error.ts';
import type { Account } from './account.ts';
import { canReach } from './reach.ts';

/** Where everything of one cluster lives. */
export interface ClusterFolder {
  /** Mode 0700, of the user that PostgreSQL runs as. */
  readonly path: string;
  readonly data: string;
  /** For the unix socket. Its path is short: the system allows about 100 characters. */
  readonly socket: string;
  /** The server's log; ours, so that it can be read without the server's rights. */
  readonly log: string;
  /** Where a private copy of the binaries goes, if one is needed. */
  readonly native: string;
}

/**
 * Makes an empty folder for a cluster.
 *
 * @param parent an existing folder; undefined: the system's folder for temporary files
 * @throws UserError when `account` cannot reach the parent
 */
export async function makeClusterFolder(account: Account | undefined, parent?: string): Promise<ClusterFolder> {
  const path = await mkdtemp(join(parent ?? (await temporaryFolder(account)), 'fdw-pg-'));
  const folder = { path, data: join(path, 'data'), socket: join(path, 'socket'), log: join(path, 'postgres.log'), native: join(path, 'native') };
  await mkdir(folder.socket, { mode: 0o700 });
  if (account !== undefined) {
    await chown(folder.socket, account.uid, account.gid);
    await chown(path, account.uid, account.gid);
  }
  return folder;
}

/** The folder for temporary files: the first one that the account can reach (a TMPDIR under /root is none). */
export async function temporaryFolder(account: Account | undefined): Promise<string> {
  if (account === undefined) return tmpdir();
  for (const folder of [tmpdir(), '/tmp', '/var/tmp']) {
    if (await canReach(account, folder)) return folder;
  }
  throw new UserError('no-temporary-folder', `There is no folder for temporary files that the user ${account.name} can reach.`, {
    why: `As root, PostgreSQL is run as the user ${account.name}; ${tmpdir()} is closed to it.`,
    todo: 'Set TMPDIR to a folder that everybody may enter.',
  });
}

/** Removes a cluster's folder. Workers of a server that was just stopped may still be writing; hence the retries. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
