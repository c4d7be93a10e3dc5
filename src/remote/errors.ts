import { UserError } from '../base/user-error.ts';
import { DatabaseError } from '../postgres/errors.ts';
import { ident } from '../sql/quote.ts';

/** Where an error came up. */
interface Place {
  readonly server: string;
  /** The local role whose mapping was used. */
  readonly reader: string;
  readonly error: DatabaseError;
}

interface Explanation {
  readonly id: string;
  readonly what: string;
  readonly todo: string;
}

/**
 * By SQLSTATE; undefined where an error of that state means nothing special here. Sources: connection.c and postgres_fdw.c of
 * contrib/postgres_fdw, src/backend/foreign/foreign.c, src/backend/tcop/postgres.c (14 to 18).
 */
const explanations = new Map<string, (at: Place) => Explanation>([
  ['08001', connectFailed], // sqlclient_unable_to_establish_sqlconnection
  ['2F003', passwordRequired], // prohibited_sql_statement_attempted
  ['42704', noMapping], // undefined_object
  ['42501', notPermitted], // insufficient_privilege
  ['25006', readOnly], // read_only_sql_transaction
  ['22P05', notInOurEncoding], // untranslatable_character
  ['57014', tookTooLong], // query_canceled, by a time limit of either side too
  ...['08000', '08003', '08006', '57P01'].map((state) => [state, connectionLost] as const),
]);

/** States that mean the same from whichever side they come; any other from the remote speaks of its catalogs. */
const sameFromBothSides = new Set(['08000', '08001', '08003', '08006', '22P05', '57P01', '57014']);

/**
 * What went wrong while a remote was read, in words that name the server. Messages and details carry libpq's words (host,
 * port, remote user), never an option's value.
 *
 * @param reader the local role whose mapping was used
 * @returns a UserError that names the server; errors that have nothing to do with it as they are
 */
export function asUserError(server: string, reader: string, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const explain = saidByRemote(error) && !sameFromBothSides.has(error.sqlstate) ? catalogUnreadable : explanations.get(error.sqlstate);
  if (explain === undefined) return error;
  const { id, what, todo } = explain({ server, reader, error });
  // libpq's words come on several lines.
  const why = [error.message, error.detail].filter((text) => text !== undefined).join(': ').replaceAll(/\s+/g, ' ').trim();
  return new UserError(id, what, { why, todo, cause: error });
}

/** libpq passes a server's own refusal on as `FATAL:`; without one nobody answered. */
function connectFailed({ server, reader, error }: Place): Explanation {
  if (error.detail?.includes('FATAL:') === true) {
    return {
      id: 'remote-login-failed',
      what: `The remote of server "${server}" refused the login.`,
      todo: `Check dbname of server "${server}", user and password of its user mapping for "${reader}" (or public), and the remote's pg_hba.conf.`,
    };
  }
  return {
    id: 'remote-unreachable',
    what: `The remote of server "${server}" cannot be reached from the database.`,
    todo: `Check host, port and sslmode of server "${server}": it is the database's machine, not this one, that connects.`,
  };
}

function passwordRequired({ server, reader }: Place): Explanation {
  return {
    id: 'remote-password-required',
    what: `Role "${reader}" may not connect to the remote of server "${server}" without a password.`,
    todo: `Put a password into the user mapping for "${reader}" (or public) on server "${server}", and let the remote ask for it.`,
  };
}

function noMapping({ server, reader }: Place): Explanation {
  return {
    id: 'no-user-mapping',
    what: `What stands behind server "${server}" cannot be read.`,
    todo: `Add a user mapping for "${reader}" or for public.`,
  };
}

function notPermitted({ server, reader }: Place): Explanation {
  return {
    id: 'permission-denied',
    what: `Role "${reader}" may not read through server "${server}".`,
    todo: `GRANT USAGE ON FOREIGN SERVER ${ident(server)} and TEMPORARY on the database, or connect as a role that has both.`,
  };
}

function readOnly({ server }: Place): Explanation {
  return {
    id: 'database-read-only',
    what: `What stands behind server "${server}" cannot be read from this database.`,
    todo: 'Connect to a primary, in a read-write transaction: temporary tables are needed, nothing is kept of them.',
  };
}

function tookTooLong({ server }: Place): Explanation {
  return {
    id: 'remote-timeout',
    what: `Reading the remote of server "${server}" took too long or was cancelled.`,
    todo: 'Raise the statement timeout, or see on the remote what it waits for.',
  };
}

function notInOurEncoding({ server }: Place): Explanation {
  return {
    id: 'remote-encoding',
    what: `What stands behind server "${server}" has names that this database's encoding cannot write.`,
    todo: 'Import from a schema without such names, or into a database with encoding UTF8.',
  };
}

function connectionLost({ server }: Place): Explanation {
  return { id: 'remote-connection-lost', what: `The connection to the remote of server "${server}" was lost.`, todo: 'Try again.' };
}

function catalogUnreadable({ server, error }: Place): Explanation {
  return error.sqlstate === '42501'
    ? {
        id: 'remote-catalog-unreadable',
        what: `The remote of server "${server}" does not let its catalogs be read.`,
        todo: 'Give the remote user SELECT on pg_catalog, as PostgreSQL does by default.',
      }
    : {
        id: 'remote-catalog-unreadable',
        what: `The catalogs of the remote of server "${server}" cannot be read as those of PostgreSQL 14 to 18.`,
        todo: 'Spell its foreign tables out under "tables" instead of importing a schema.',
      };
}

/**
 * Whether an error came from the remote: its CONTEXT then quotes the command that was sent or, where the cursor could not
 * be opened, the query in it. Only that is looked for, as the words around it follow `lc_messages`.
 * Source: pgfdw_report_error and its callers, contrib/postgres_fdw (14 to 18).
 */
function saidByRemote({ where }: DatabaseError): boolean {
  return /pg_catalog\.pg_|information_schema\.|FETCH \d+ FROM c|CLOSE c|START TRANSACTION/.test(where ?? '');
}

/**
 * What the server has to say against a statement's contents; undefined where the error is of another sort: a lost
 * connection, a cancel, a shortage, a bug (classes 08, 53, 57, 58, XX and what is not the server's).
 */
export function complaintAbout(error: unknown): string | undefined {
  if (!(error instanceof DatabaseError) || /^(08|53|57|58|XX)/.test(error.sqlstate)) return undefined;
  return error.message;
}
