import { UserError } from '../base/user-error.ts';
import { DatabaseError } from '../postgres/errors.ts';
import { ident } from '../sql/quote.ts';

/**
 * What went wrong while a remote was read, in words that name the server. SQLSTATEs are those of
 * contrib/postgres_fdw/connection.c and src/backend/foreign/foreign.c (14 to 18). Messages and details of these
 * carry libpq's words (host, port, remote user), never an option's value.
 *
 * @returns a UserError that names the server; errors that have nothing to do with it as they are
 */
export function asUserError(server: string, reader: string, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const { sqlstate, message, detail, where } = error;
  const why = [message, detail].filter((text) => text !== undefined).join(': ');
  const failed = (id: string, what: string, todo: string): UserError => new UserError(id, what, { why, todo, cause: error });
  switch (sqlstate) {
    case '08001': // sqlclient_unable_to_establish_sqlconnection: cannot connect, or was not let in
      return refusedByRemote(detail)
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
      return saidByRemote(where)
        ? failed('remote-catalog-unreadable', `The remote of server "${server}" does not let its catalogs be read.`, 'Give the remote user SELECT on pg_catalog, as PostgreSQL does by default.')
        : failed('permission-denied', `Role "${reader}" may not read through server "${server}".`, `GRANT USAGE ON FOREIGN SERVER ${ident(server)} and TEMPORARY on the database, or connect as a role that has both.`);
    default:
      return saidByRemote(where)
        ? failed(
            'remote-catalog-unreadable',
            `The catalogs of the remote of server "${server}" cannot be read as those of PostgreSQL 14 to 18.`,
            'Spell its foreign tables out under "tables" instead of importing a schema.',
          )
        : error;
  }
}

/** libpq passes a server's own refusal on as `FATAL:`; without one nobody answered. */
function refusedByRemote(detail: string | undefined): boolean {
  return detail?.includes('FATAL:') ?? false;
}

/**
 * Whether an error came from the remote: its CONTEXT then quotes the command that was sent or, where the cursor could not
 * be opened, the query in it. Only that is looked for, as the words around it follow `lc_messages`.
 * Source: pgfdw_report_error and its callers, contrib/postgres_fdw (14 to 18).
 */
function saidByRemote(where: string | undefined): boolean {
  return ['pg_catalog.pg_', 'information_schema.columns', 'FETCH 50000 FROM c', 'CLOSE c', 'START TRANSACTION'].some((sent) => where?.includes(sent));
}

/**
 * What the server has to say against a statement's contents; undefined where the error is of another sort: a lost
 * connection, a cancel, a shortage, a bug (classes 08, 53, 57, 58, XX and what is not the server's).
 */
export function complaintAbout(error: unknown): string | undefined {
  if (!(error instanceof DatabaseError) || /^(08|53|57|58|XX)/.test(error.sqlstate)) return undefined;
  return error.message;
}
