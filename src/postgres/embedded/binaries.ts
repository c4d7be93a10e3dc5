import { chmod, constants, cp, access, lstat, readFile, symlink, chown, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Account } from './account.ts';
import { canReach } from './reach.ts';

/** The programs of one PostgreSQL installation, absolute paths. There is neither psql nor pg_dump among them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * Makes the binaries of a native folder usable by the user that will run them: in place where that works, else
 * as a private copy (about 60 MB).
 *
 * @param native the folder as installed; it may lack its symbolic links and x bits, when npm ran no install script
 * @param account whom they must be reachable for; undefined: ourselves
 * @param copyTo a folder that does not exist yet, in a place that the account can reach
 */
export async function usableBinaries(native: string, account: Account | undefined, copyTo: string): Promise<Binaries> {
  const inPlace = (await hydrate(native)) && (account === undefined || (await canReach(account, programs(native).postgres)));
  if (inPlace) return programs(native);
  await cp(native, copyTo, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  await openUp(copyTo, account);
  await hydrate(copyTo);
  return programs(copyTo);
}

function programs(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', name + suffix);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

/**
 * Does what the package's install script does, as far as it is missing: npm cannot ship symbolic links, so
 * `pg-symlinks.json` lists them. Two processes may do it at the same time.
 *
 * @returns whether the folder is complete now
 */
async function hydrate(native: string): Promise<boolean> {
  const complete = await Promise.all([...(await readLinks(native)).map(link), ...Object.values(programs(native)).map(makeExecutable)]);
  return complete.every(Boolean);

  async function link({ source, target }: Link): Promise<boolean> {
    const at = join(native, relative('native', target));
    if ((await lstat(at).catch(() => undefined)) !== undefined) return true;
    return succeeds(symlink(basename(source), at), 'EEXIST');
  }
}

/** Both paths are relative to the package (`native/lib/…`), and always in the same folder. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/** The package's list of symbolic links; none where it has no such list. */
export async function readLinks(native: string): Promise<readonly Link[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? parsed.filter(isLink) : [];
}

function isLink(value: unknown): value is Link {
  return typeof value === 'object' && value !== null && 'source' in value && 'target' in value
    && typeof value.source === 'string' && typeof value.target === 'string';
}

async function makeExecutable(file: string): Promise<boolean> {
  const executable = await succeeds(access(file, constants.X_OK));
  return executable || succeeds(chmod(file, 0o755));
}

/** A copy has the modes of what was copied, which may be closed to its user, or to writing altogether. */
async function openUp(folder: string, account: Account | undefined): Promise<void> {
  await chmod(folder, 0o755);
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openUp(path, account);
    else if (entry.isFile() && account !== undefined) await chown(path, account.uid, account.gid);
  }
}

async function succeeds(attempt: Promise<unknown>, orCode?: string): Promise<boolean> {
  return attempt.then(() => true, (error: unknown) => orCode !== undefined && isCode(error, orCode));
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
