import { UserError } from '../base/user-error.ts';
import { ident } from '../sql/quote.ts';

/** What an error of the server says, whichever class brings it. */
interface ServerSays {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly where: string | undefined;
}

/**
 * What went wrong while a remote was read, in words that name the server. SQLSTATEs are those of
 * contrib/postgres_fdw/connection.c and src/backend/foreign/foreign.c (14 to 18). Messages and details of these
 * carry libpq's words (host, port, remote user), never an option's value.
 *
 * @returns a UserError for what a user can act on; any other error as it is
 */
export function asUserError(server: string, reader: string, error: unknown): unknown {
  const says = error instanceof UserError ? undefined : serverSays(error);
  if (says === undefined) return error;
  const why = [says.message, says.detail].filter((text) => text !== undefined).join(': ');
  const failed = (id: string, what: string, todo: string): UserError => new UserError(id, what, { why, todo, cause: error });
  switch (says.sqlstate) {
    case '08001': // sqlclient_unable_to_establish_sqlconnection: cannot connect, or was not let in
      return refusedByRemote(says.detail ?? '')
        ? failed(
            'remote-login-failed',
            `The remote of server "${server}" refused the login.`,
            `Check user, password and dbname of the user mapping for "${reader}" (or public) on server "${server}", and the remote's pg_hba.conf.`,
          )
        : failed(
            'remote-unreachable',
            `The remote of server "${server}" cannot be reached from the database.`,
            `Check host, port and sslmode of server "${server}": it is the database's machine, not this one, that connects.`,
          );
    case '2F003': // sql_routine's prohibited_sql_statement: what password rules give
      return failed(
        'remote-password-required',
        `Role "${reader}" may not connect to the remote of server "${server}" without a password.`,
        `Put a password into the user mapping for "${reader}" on server "${server}", and let the remote ask for it.`,
      );
    case '42704':
      return failed('no-user-mapping', `What stands behind server "${server}" cannot be read.`, `Add a user mapping for "${reader}" or for public.`);
    case '25006':
      return failed(
        'database-read-only',
        `What stands behind server "${server}" cannot be read from this database.`,
        'Connect to a primary, in a read-write transaction: temporary tables are needed, nothing is kept of them.',
      );
    case '08000':
    case '08003':
    case '08006':
    case '57P01':
      return failed('remote-connection-lost', `The connection to the remote of server "${server}" was lost.`, 'Try again.');
    case '57014':
      return failed('remote-timeout', `Reading the remote of server "${server}" took too long or was cancelled.`, 'Raise the statement timeout, or try again.');
    case '42501':
      return says.where?.includes('remote SQL command')
        ? failed('remote-catalog-unreadable', `The remote of server "${server}" does not let its catalogs be read.`, 'Give the remote user SELECT on pg_catalog, as PostgreSQL does by default.')
        : failed('permission-denied', `Role "${reader}" may not read through server "${server}".`, `GRANT USAGE ON FOREIGN SERVER ${ident(server)} and TEMPORARY on the database, or connect as a role that has both.`);
    default:
      return says.where?.includes('remote SQL command')
        ? failed(
            'remote-catalog-unreadable',
            `The catalogs of the remote of server "${server}" cannot be read as those of PostgreSQL 14 to 18.`,
            'Spell its foreign tables out under "tables" instead of importing a schema.',
          )
        : error;
  }
}

/** libpq passes a server's own refusal on as `FATAL:`; without one nobody answered. */
function refusedByRemote(detail: string): boolean {
  return detail.includes('FATAL:');
}

/**
 * What the server has to say against a statement's contents; undefined where the error is of another sort: a lost
 * connection, a cancel, a shortage, a bug (classes 08, 53, 57, 58, XX and what is not the server's).
 */
export function complaintAbout(error: unknown): string | undefined {
  const says = serverSays(error);
  return says === undefined || /^(08|53|57|58|XX)/.test(says.sqlstate) ? undefined : says.message;
}

function serverSays(error: unknown): ServerSays | undefined {
  if (!(error instanceof Error)) return undefined;
  const sqlstate = text(error, 'sqlstate') ?? text(error, 'code');
  if (sqlstate === undefined) return undefined;
  return { sqlstate, message: error.message, detail: text(error, 'detail'), where: text(error, 'where') };
}

function text(error: Error, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : undefined;
}
