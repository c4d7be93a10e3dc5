import type { Session } from '../postgres/session.ts';

/** Runs `read` so that all its queries see the database at one moment, and cannot write. */
export async function atOneMoment<T>(session: Session, read: () => Promise<T>): Promise<T> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    return await read();
  } finally {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
  }
}
