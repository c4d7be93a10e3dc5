import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../base/user-error.ts';
import { DatabaseError } from '../postgres/errors.ts';
import type { Session } from '../postgres/session.ts';

/** What it takes to find a transaction again: `pg_current_xact_id()` and the backend that runs it. */
interface Transaction {
  readonly id: string;
  readonly pid: number;
}

/**
 * Commits. When the connection breaks before the answer comes, the server is asked over another one what
 * became of the transaction (`pg_xact_status`, postgresql.org/docs/18/functions-info.html, "Transaction ID and
 * Snapshot Information Functions"; any role may ask).
 *
 * @throws UserError `apply-rolled-back` where it was not committed, `apply-in-doubt` where nobody can say
 */
export async function commit(session: Session, reconnect: () => Promise<Session>): Promise<void> {
  const [transaction] = await session.query<{ id: string; pid: number }>('SELECT pg_current_xact_id()::text AS id, pg_backend_pid() AS pid');
  if (transaction === undefined) throw new Error('a query without FROM gives one row');
  try {
    await session.query('COMMIT');
  } catch (error) {
    // An error that the server sent is an answer: it has rolled back.
    if (error instanceof DatabaseError && !isEndOfBackend(error.sqlstate)) throw error;
    await resolve(transaction, reconnect, error);
  }
}

/** 57P01 and its kin arrive when the backend is ended, which may be after it committed. */
function isEndOfBackend(sqlstate: string): boolean {
  return sqlstate.startsWith('57P');
}

async function resolve(transaction: Transaction, reconnect: () => Promise<Session>, cause: unknown): Promise<void> {
  let session: Session;
  try {
    session = await reconnect();
  } catch {
    throw inDoubt(transaction, 'The server cannot be reached to ask.', cause);
  }
  try {
    const status = await outcome(session, transaction);
    if (status === 'committed') return;
    if (status === 'aborted') {
      throw new UserError('apply-rolled-back', 'The connection broke at COMMIT, and the server rolled everything back: nothing was applied.', {
        todo: 'Run `fdw apply` again.',
        cause,
      });
    }
    throw inDoubt(transaction, `The server says of the transaction: ${status ?? 'nothing, it is too old'}.`, cause);
  } finally {
    await session.close();
  }
}

/* A backend that lost its client may take a while to notice; after this long it is ended. Milliseconds. */
const patience = 5_000;

async function outcome(session: Session, { id, pid }: Transaction): Promise<string | null> {
  const started = Date.now();
  for (let ended = false; ; ) {
    const [row] = await session.query<{ status: string | null }>('SELECT pg_xact_status($1::xid8) AS status', [id]);
    const waited = Date.now() - started;
    if (row?.status !== 'in progress' || waited > 3 * patience) return row?.status ?? null;
    if (!ended && waited > patience) {
      await session.query('SELECT pg_terminate_backend($1)', [pid]);
      ended = true;
    }
    await sleep(100);
  }
}

function inDoubt({ id }: Transaction, why: string, cause: unknown): UserError {
  return new UserError('apply-in-doubt', 'The connection broke at COMMIT: everything was applied, or nothing.', {
    why,
    todo: `Ask the server with SELECT pg_xact_status('${id}'), or look with \`fdw plan\`.`,
    cause,
  });
}
