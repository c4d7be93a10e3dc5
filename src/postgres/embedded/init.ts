import { appendFile, chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secret } from '../../base/secret.ts';
import { UserError } from '../../base/user-error.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { ClusterFolder } from './folder.ts';
import { ended, launch } from './run.ts';

/** The superuser of every embedded cluster. */
export const superuser = 'postgres';

/**
 * Makes a data folder: UTF8, locale C (the same on every machine and in every major), scram passwords for every
 * kind of connection.
 *
 * @throws UserError with the end of initdb's output
 */
export async function initialise(binaries: Binaries, folder: ClusterFolder, account: Account | undefined, password: Secret): Promise<void> {
  const passwordFile = join(folder.path, 'password');
  await writeFile(passwordFile, `${password.reveal()}\n`, { mode: 0o600 });
  try {
    if (account !== undefined) await chown(passwordFile, account.uid, account.gid);
    const args = [
      '--pgdata', folder.data, '--username', superuser, `--pwfile=${passwordFile}`, '--auth=scram-sha-256',
      '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions',
    ];
    const code = await ended(await launch({ program: binaries.initdb, args, account, folder: folder.path, log: folder.log }));
    if (code !== 0) throw await failed('initdb could not make a database cluster.', folder);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Adds settings to postgresql.conf; the last one of a name wins. */
export async function configure(folder: ClusterFolder, settings: Readonly<Record<string, string | number | boolean>>): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`);
  await appendFile(join(folder.data, 'postgresql.conf'), lines.join(''));
}

/** The error for a program of PostgreSQL that gave up, with the last lines of what it said. */
export async function failed(what: string, folder: ClusterFolder): Promise<UserError> {
  const log = await readFile(folder.log, 'utf8').catch(() => '');
  return new UserError('embedded-postgres-failed', what, { why: log.trimEnd().split('\n').slice(-8).join('\n') });
}
