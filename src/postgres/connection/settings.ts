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
 * @throws {UserError} `connection-invalid`, naming the nearest known key word
 */
export function knownKeyword(name: string, from: string): string {
  if (findKeyword(name) !== undefined) return name;
  const near = nearestKeyword(name);
  // A string cut in the wrong place may leave a piece of a password where a key word should be.
  const shown = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/.test(name) ? ` "${name}"` : '';
  throw connectionInvalid(`Unknown connection parameter${shown} in ${from}.`, {
    why: shown === '' ? 'The name of a parameter holds letters, digits and underscores only.' : undefined,
    todo:
      near !== undefined && shown !== ''
        ? `Did you mean "${near}"?`
        : 'The names are those of libpq: host, port, dbname, user, password, sslmode, … A value with spaces needs single quotes.',
  });
}
