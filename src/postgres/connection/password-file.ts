import { readFile, stat } from 'node:fs/promises';
import { Secret } from '../../base/secret.ts';
import { defaultSocketFolders } from './places.ts';

/** What a password is looked up for. */
export interface PasswordQuery {
  /** Host name, or address where no name was given, or folder of Unix sockets. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password of the first matching line of a password file.
 *
 * The rules are those of `passwordFromFile` in libpq (src/interfaces/libpq/fe-connect.c):
 * `host:port:database:user:password`; a lone `*` matches anything; a backslash takes the next character
 * as it is; `#` at the start makes a comment; the default socket folders are called `localhost`.
 */
export function findPassword(text: string, query: PasswordQuery): Secret | undefined {
  const host = defaultSocketFolders.includes(query.host) ? 'localhost' : query.host;
  const wanted = [host, String(query.port), query.database, query.user];
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\r+$/, '');
    if (line === '' || line.startsWith('#')) continue;
    const fields = splitFields(line);
    const password = fields[4];
    if (password === undefined) continue;
    if (wanted.every((value, index) => fields[index]?.raw === '*' || fields[index]?.value === value)) {
      return new Secret(password.value);
    }
  }
  return undefined;
}

/** Splits at colons that no backslash escapes; `raw` is as written, `value` without its escapes. */
function splitFields(line: string): readonly { readonly raw: string; readonly value: string }[] {
  const fields: { raw: string; value: string }[] = [];
  let raw = '';
  let value = '';
  for (let at = 0; at < line.length; at++) {
    let character = line.charAt(at);
    if (character === ':') {
      fields.push({ raw, value });
      raw = '';
      value = '';
      continue;
    }
    if (character === '\\' && at + 1 < line.length) {
      raw += character;
      at++;
      character = line.charAt(at);
    }
    raw += character;
    value += character;
  }
  return [...fields, { raw, value }];
}

/** A password file's text, or why it was not read. */
export interface PasswordFile {
  readonly text: string;
  readonly warning: string | undefined;
}

/**
 * Reads a password file. As in libpq, a file that others may read is not used, with a warning; a missing
 * one is no error.
 */
export async function readPasswordFile(path: string): Promise<PasswordFile> {
  const unread = (warning?: string): PasswordFile => ({ text: '', warning });
  try {
    const status = await stat(path);
    if (!status.isFile()) return unread(`The password file ${path} was not read: it is not a plain file.`);
    if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      const mode = (status.mode & 0o777).toString(8).padStart(4, '0');
      return unread(`The password file ${path} was not read: others may read it (mode ${mode}). Run: chmod 600 ${path}`);
    }
    return { text: await readFile(path, 'utf8'), warning: undefined };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return unread();
    return unread(`The password file ${path} was not read: ${code === '' ? 'it cannot be opened' : code}.`);
  }
}
