import { readFile } from 'node:fs/promises';
import { UserError } from '../../base/user-error.ts';

/** A user of the operating system that PostgreSQL runs as, when it may not run as ours. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root (src/backend/main/main.c, `check_root`), so as root we hand it to the user
 * `postgres`, else `nobody`. It must have an entry in /etc/passwd, because initdb asks for its name.
 *
 * @returns the account to run as; undefined: run as ourselves
 * @throws UserError as root on a machine without such a user
 */
export async function runtimeAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const accounts = parsePasswd(passwd);
  const account = ['postgres', 'nobody'].map((name) => accounts.find((one) => one.name === name && one.uid !== 0)).find(Boolean);
  if (account === undefined) {
    throw new UserError('no-account-for-postgres', 'PostgreSQL refuses to run as root, and there is no other user to run it as.', {
      why: '/etc/passwd names neither `postgres` nor `nobody`.',
      todo: 'Run fdw as an ordinary user, or add a user named postgres: useradd --system postgres',
    });
  }
  return account;
}

/** The accounts of a passwd file (passwd(5): name:password:uid:gid:…), lines that are not accounts left out. */
export function parsePasswd(text: string): readonly Account[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || name === '' || uid === undefined || gid === undefined) return [];
    if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}
