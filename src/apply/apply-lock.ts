import { UserError } from '../base/user-error.ts';
import { isLockTimeout } from '../postgres/errors.ts';
import type { Session } from '../postgres/session.ts';

/* Any constant will do, as long as no other tool takes it: the letters "fdw" and a version of this protocol. */
const [space, key] = [0x666477, 1];

/**
 * Takes the advisory lock that lets one apply run at a time in a database; it goes with the transaction.
 * Waits as long as `lock_timeout` allows (it applies to advisory locks too, 14 to 18).
 *
 * @throws UserError `apply-busy` naming who holds it
 */
export async function acquireApplyLock(session: Session): Promise<void> {
  const [first] = await session.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1, $2) AS taken', [space, key]);
  if (first?.taken === true) return;
  await session.query('SAVEPOINT fdw_lock');
  try {
    await session.query('SELECT pg_advisory_xact_lock($1, $2)', [space, key]);
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    await session.query('ROLLBACK TO SAVEPOINT fdw_lock');
    throw new UserError('apply-busy', 'Another apply is running on this database; nothing was applied.', {
      why: await holder(session),
      todo: 'Wait for it to end, then run `fdw apply` again.',
      cause: error,
    });
  }
}

async function holder(session: Session): Promise<string | undefined> {
  const rows = await session.query<{ pid: number; role: string | null; application: string | null }>(
    `SELECT l.pid, a.usename AS role, a.application_name AS application
     FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objid = $2
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [space, key],
  );
  const [row] = rows;
  return row === undefined ? undefined : `Backend ${row.pid} holds the lock (role ${row.role ?? 'unknown'}, application ${row.application ?? 'unknown'}).`;
}
