import { UserError } from '../../base/user-error.ts';
import type { Session } from '../../postgres/session.ts';

/**
 * Runs statements, each by the extended protocol, so that no text of a user carries a second one.
 * @param session in a transaction; where one is refused it is as before
 * @returns why it was refused
 */
export async function attempt(session: Session, statements: readonly string[]): Promise<UserError | undefined> {
  await session.query('SAVEPOINT fdw_draft');
  try {
    for (const statement of statements) await session.queryOne(statement);
    await session.query('RELEASE SAVEPOINT fdw_draft');
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await session.query('ROLLBACK TO SAVEPOINT fdw_draft; RELEASE SAVEPOINT fdw_draft');
    return error;
  }
}
