import { isUtf8 } from 'node:buffer';
import { open, type FileHandle } from 'node:fs/promises';
import { Secret } from '../base/secret.ts';
import { UserError } from '../base/user-error.ts';
import type { SecretReference } from '../model/secret-reference.ts';
import { variable } from './interpolate.ts';
import { readUpTo } from './read-up-to.ts';

/** Larger files hold no secret. */
const largestSecret = 64 * 1024;

/**
 * Fetches a secret's value. An empty value is an error: nobody means an empty password, and libpq takes one
 * for none (postgresql.org/docs/18/libpq-connect.html, `password`); an unset CI variable often shows up as an empty one.
 *
 * @throws UserError (`secret-missing`, `secret-unreadable`) that names the variable or the file, never the value
 */
export async function resolveSecret(reference: SecretReference, env: NodeJS.ProcessEnv): Promise<Secret> {
  switch (reference.source) {
    case 'literal':
      return reference.value;
    case 'env':
      return fromEnvironment(reference.name, env);
    case 'file':
      return fromFile(reference.path);
  }
}

function fromEnvironment(name: string, env: NodeJS.ProcessEnv): Secret {
  const value = variable(name, env);
  if (value === undefined) {
    throw new UserError('secret-missing', `The environment variable ${name} is not set; the spec takes a secret from it.`, { todo: `Set ${name}.` });
  }
  if (value === '') {
    throw new UserError('secret-missing', `The environment variable ${name} is empty; the spec takes a secret from it.`, { todo: `Give ${name} a value.` });
  }
  return new Secret(value);
}

async function fromFile(path: string): Promise<Secret> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const text = secretText(await readUpTo(file, largestSecret + 1), path);
    return new Secret(text);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw unreadable(path, reasons[code] ?? code, code === 'ENOENT' ? 'secret-missing' : 'secret-unreadable');
  } finally {
    await file?.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'It does not exist.',
  EACCES: 'There is no permission to read it.',
  EISDIR: 'It is a folder.',
};

/** The file's text without one newline at its end. */
function secretText(bytes: Buffer, path: string): string {
  if (bytes.length > largestSecret) throw unreadable(path, `It has more than ${largestSecret / 1024} kB: that is no secret.`);
  if (!isUtf8(bytes)) throw unreadable(path, 'It is not UTF-8 text.');
  const text = bytes.toString('utf8').replace(/\r?\n$/, '');
  if (text.includes('\0')) throw unreadable(path, 'It holds a NUL character, which PostgreSQL cannot store.');
  if (text === '') throw unreadable(path, 'It is empty.', 'secret-missing');
  return text;
}

function unreadable(path: string, why: string, id = 'secret-unreadable'): UserError {
  return new UserError(id, `The secret in the file ${path} cannot be read.`, { why, todo: 'Correct the file, or the path in the spec (it starts from the spec\'s folder).' });
}
