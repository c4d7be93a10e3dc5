import { UserError } from '../../base/user-error.ts';
import { findKeyword, nearestKeyword } from './keywords.ts';

/** One connection parameter's value, and where it was found, for messages. */
export interface Setting {
  readonly value: string;
  /** `the connection string`, `service "x" in …`, `PGHOST`. */
  readonly from: string;
}

/** Connection parameters by libpq's key word. A value may be a secret: only its name may be shown. */
export type Settings = ReadonlyMap<string, Setting>;

/** What is thrown for a connection string, service or variable that cannot be understood. Never holds its value. */
export function connectionInvalid(what: string, more: { why?: string | undefined; todo?: string | undefined } = {}): UserError {
  return new UserError('connection-invalid', what, more);
}

/**
 * Checks that `name` is one of libpq's key words.
 * @param maybeSecret the name may be a piece of a password that was cut in the wrong place: it is not shown
 * @throws {UserError} `connection-invalid`, naming the nearest known key word
 */
export function knownKeyword(name: string, from: string, maybeSecret: boolean): string {
  if (findKeyword(name) !== undefined) return name;
  if (maybeSecret || !/^[A-Za-z_][A-Za-z0-9_]{0,39}$/.test(name)) {
    throw connectionInvalid(`Unknown connection parameter in ${from}.`, {
      why: 'It is not shown, as it may be a piece of a password that is not quoted.',
      todo: `Put a value with spaces into single quotes (password='two words'); in a URL write special characters percent-encoded.`,
    });
  }
  const near = nearestKeyword(name);
  throw connectionInvalid(`Unknown connection parameter "${name}" in ${from}.`, {
    todo: near === undefined ? 'The names are those of libpq: host, port, dbname, user, password, sslmode, …' : `Did you mean "${near}"?`,
  });
}
