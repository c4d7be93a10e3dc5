import type { Session } from '../postgres/session.ts';

/**
 * Runs `work` in a savepoint that is always rolled back, so that nothing of it is left in the caller's
 * transaction: no temporary object, no SET LOCAL, no role (a subtransaction's abort undoes all three), and
 * the transaction stays usable when `work` fails.
 *
 * @param session in a transaction that the caller has opened
 * @param first statements to send together with the SAVEPOINT, to save a round trip; no parameters
 * @throws what `work` throws
 */
export async function inSavepoint<T>(session: Session, first: readonly string[], work: () => Promise<T>): Promise<T> {
  let failed = true;
  try {
    await session.query(['SAVEPOINT fdw_remote', ...first].join(';\n'));
    const result = await work();
    failed = false;
    return result;
  } finally {
    const undo = session.query('ROLLBACK TO SAVEPOINT fdw_remote; RELEASE SAVEPOINT fdw_remote');
    // Without a transaction or a connection nothing can be undone; the first error says more.
    await (failed ? undo.catch(() => undefined) : undo);
  }
}
