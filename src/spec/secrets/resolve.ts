import { open, type FileHandle } from 'node:fs/promises';
import { Secret } from '../../base/secret.ts';
import { UserError } from '../../base/user-error.ts';
import type { SecretReference } from '../../model/secret-reference.ts';
import { variable } from '../interpolate.ts';
import { readUpTo } from '../read-up-to.ts';
import { fromCommand } from './command.ts';
import { largestSecret, secretText } from './text.ts';

/**
 * Fetches a secret's value. An empty value is an error: nobody means an empty password, and libpq takes one
 * for none (postgresql.org/docs/18/libpq-connect.html, `password`); an unset CI variable often shows up as an empty one.
 *
 * @param signal ends a command that is still running; its reason is thrown
 * @throws UserError (`secret-missing`, `secret-unreadable`) that names the variable, the file or the program, never the value
 */
export async function resolveSecret(reference: SecretReference, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Secret> {
  switch (reference.source) {
    case 'literal':
      return reference.value;
    case 'env':
      return fromEnvironment(reference.name, env);
    case 'file':
      return fromFile(reference.path);
    case 'command':
      return fromCommand(reference.argv, env, signal);
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
    const read = secretText(await readUpTo(file, largestSecret + 1));
    if (read.kind === 'problem') throw unreadable(path, read.why, read.id);
    return new Secret(read.text);
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

function unreadable(path: string, why: string, id: string): UserError {
  return new UserError(id, `The secret in the file ${path} cannot be read.`, { why, todo: 'Correct the file, or the path in the spec (it starts from the spec\'s folder).' });
}
