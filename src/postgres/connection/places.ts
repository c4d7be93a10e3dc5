import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const windows = process.platform === 'win32';

/** The user's home folder: `HOME`, then the system's own record (libpq: `pqGetHomeDirectory`). */
function home(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env['HOME'] ?? homedir();
  return folder === '' ? undefined : folder;
}

/** Where libpq keeps a user's TLS files: `~/.postgresql`, on Windows `%APPDATA%\postgresql`. */
export function userTlsFolder(env: NodeJS.ProcessEnv): string | undefined {
  const folder = windows ? env['APPDATA'] : home(env);
  return folder === undefined ? undefined : join(folder, windows ? 'postgresql' : '.postgresql');
}

/** `~/.pgpass`, on Windows `%APPDATA%\postgresql\pgpass.conf`. */
export function userPasswordFile(env: NodeJS.ProcessEnv): string | undefined {
  const folder = windows ? env['APPDATA'] : home(env);
  if (folder === undefined) return undefined;
  return windows ? join(folder, 'postgresql', 'pgpass.conf') : join(folder, '.pgpass');
}

/** `~/.pg_service.conf`, on Windows `%APPDATA%\postgresql\.pg_service.conf`. */
export function userServiceFile(env: NodeJS.ProcessEnv): string | undefined {
  const folder = windows ? env['APPDATA'] : home(env);
  if (folder === undefined) return undefined;
  return windows ? join(folder, 'postgresql', '.pg_service.conf') : join(folder, '.pg_service.conf');
}

/**
 * Files that may hold the machine's services. libpq has one folder compiled in; we have none, so without
 * PGSYSCONFDIR the folders of the common builds are tried: Debian's, Red Hat's and PostgreSQL's own.
 */
export function systemServiceFiles(env: NodeJS.ProcessEnv): readonly string[] {
  const folder = env['PGSYSCONFDIR'];
  if (folder !== undefined) return [join(folder, 'pg_service.conf')];
  return ['/etc/postgresql-common', '/etc/sysconfig/pgsql', '/usr/local/pgsql/etc'].map((each) => join(each, 'pg_service.conf'));
}

/** The folders of Unix sockets that builds of libpq use when no host is given: Debian's and Red Hat's, and PostgreSQL's own. */
export const defaultSocketFolders: readonly string[] = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

/**
 * Where to look for a server when no host is given: the first default folder that has a socket for the
 * port; without one, the first that exists. On Windows `localhost`.
 */
export function defaultHost(port: number): string {
  if (windows) return 'localhost';
  const withSocket = defaultSocketFolders.find((folder) => existsSync(socketPath(folder, port)));
  return withSocket ?? defaultSocketFolders.find((folder) => existsSync(folder)) ?? '/tmp';
}

/** Whether a host is a folder of Unix sockets: an absolute path, or `@…` for the abstract namespace. */
export function isSocketFolder(host: string): boolean {
  return host.startsWith('/') || host.startsWith('@') || (windows && /^[A-Za-z]:[\\/]/.test(host));
}

/** The socket that a server of that port makes in the folder. */
export function socketPath(folder: string, port: number): string {
  return `${folder.startsWith('@') ? `\0${folder.slice(1)}` : folder}/.s.PGSQL.${port}`;
}
