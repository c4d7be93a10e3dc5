import { type Reveal, runStatement } from '../../apply/run-statement.ts';
import { UserError } from '../../base/user-error.ts';
import { statementsFor } from '../../ddl/statements.ts';
import { type Change, objectOf } from '../../model/change.ts';
import { addressOf } from '../../plan/address.ts';
import { inOrder } from '../../plan/order.ts';
import type { Session } from '../../postgres/session.ts';

/**
 * Runs changes in the open transaction, which the caller rolls back: what comes next can then look through a
 * server that does not exist yet. Touches no table of a user's; an altered server or mapping keeps others
 * from altering the same one until the rollback, nothing else.
 *
 * @throws UserError naming the object that cannot be made, with the server's words
 */
export async function rehearse(session: Session, changes: readonly Change[], reveal: Reveal): Promise<void> {
  for (const change of inOrder(changes).filter(isFoundation)) {
    for (const statement of statementsFor(change)) {
      try {
        await runStatement(session, statement, reveal);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        throw new UserError(error.id, `Cannot plan: ${addressOf(objectOf(change))} cannot be made: ${error.message}`, {
          why: error.why,
          todo: error.todo,
          cause: error,
        });
      }
    }
  }
}

/** A new label of an enum changes nothing for what follows, so the user's type is left in peace. */
function isFoundation(change: Change): boolean {
  return change.action === 'create' || objectOf(change).kind !== 'enum';
}
