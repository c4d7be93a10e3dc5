import { UserError } from '../base/user-error.ts';
import { isLockTimeout } from '../postgres/errors.ts';
import type { Session } from '../postgres/session.ts';
import { literal } from '../sql/quote.ts';

/* Any constant will do, as long as no other tool takes it: the letters "fdw" and a version of this protocol. */
const [space, key] = [0x666477, 1];

/**
 * Takes the advisory lock that lets one apply run at a time in a database; it goes with the transaction.
 *
 * @param wait milliseconds to wait for another apply to end; 0: not at all
 * @throws UserError `apply-busy` naming who holds it
 */
export async function acquireApplyLock(session: Session, wait: number, progress: (step: string) => void): Promise<void> {
  const [first] = await session.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1, $2) AS taken', [space, key]);
  if (first?.taken === true) return;
  const other = await holder(session);
  if (wait === 0) throw busy(other, undefined);
  progress(`waiting for another apply to end: ${other}`);
  await session.query('SAVEPOINT fdw_lock');
  try {
    // lock_timeout applies to advisory locks too (14 to 18); the statement's own limit must not come before it.
    await session.query(`SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${literal(String(wait))}`);
    await session.query('SELECT pg_advisory_xact_lock($1, $2)', [space, key]);
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    await session.query('ROLLBACK TO SAVEPOINT fdw_lock');
    throw busy(await holder(session), error);
  }
}

/**
 * The same for as long as the session lasts, over several transactions.
 * @throws UserError `pooler-in-between`: a pooler may give each transaction another backend, and the lock would stay with one of them
 */
export async function holdApplyLock(session: Session, wait: number, progress: (step: string) => void): Promise<void> {
  if (session.facts.pooled) {
    throw new UserError('pooler-in-between', 'A pooler stands before the database, and an apply in steps needs a session of its own; nothing was applied.', {
      why: 'The lock that keeps two applies apart is held over several transactions, and would stay behind in the pool.',
      todo: 'Connect to the database itself, past the pooler; or apply as a whole, without --batch.',
    });
  }
  await session.query('BEGIN');
  try {
    await acquireApplyLock(session, wait, progress);
    // The lock of the session comes beside that of the transaction: one session does not wait for itself.
    await session.query('SELECT pg_advisory_lock($1, $2)', [space, key]);
  } finally {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
  }
}

function busy(other: string, cause: unknown): UserError {
  return new UserError('apply-busy', 'Another apply is running on this database; nothing was applied.', {
    why: `The lock that keeps two applies apart is held by ${other}.`,
    todo: 'Wait for it to end, then run `fdw apply` again; or let this one wait longer: --wait 10min.',
    cause,
  });
}

async function holder(session: Session): Promise<string> {
  const rows = await session.query<{ pid: number; role: string | null; application: string | null }>(
    `SELECT l.pid, a.usename AS role, a.application_name AS application
     FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objid = $2
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [space, key],
  );
  const [row] = rows;
  if (row === undefined) return 'a session that has just ended';
  return `backend ${row.pid} (role ${row.role ?? 'unknown'}, application ${row.application ?? 'unknown'})`;
}
