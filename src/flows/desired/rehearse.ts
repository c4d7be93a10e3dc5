import { type Reveal, runStatement } from '../../apply/run-statement.ts';
import type { SourceSpan } from '../../base/source.ts';
import { SpecError } from '../../base/spec-error.ts';
import { UserError } from '../../base/user-error.ts';
import { renameServer } from '../../ddl/server.ts';
import { statementsFor } from '../../ddl/statements.ts';
import { type Change, objectOf } from '../../model/change.ts';
import type { FdwObject } from '../../model/objects.ts';
import { isType } from '../../model/user-types.ts';
import { addressOf } from '../../plan/address.ts';
import { inOrder } from '../../plan/order.ts';
import { DatabaseError } from '../../postgres/errors.ts';
import type { Statement } from '../../sql/statement.ts';
import type { Session } from '../../postgres/session.ts';

/**
 * Runs changes in the open transaction, which the caller rolls back: what comes next can then look through a
 * server that does not exist yet. Touches no table of a user's; an altered server or mapping keeps others
 * from altering the same one until the rollback, nothing else.
 *
 * @param placeOf where the spec names an object, or the part of it that the server's message is about
 * @throws SpecError at the place of the object that cannot be made or changed, with the server's words
 */
export async function rehearse(
  session: Session,
  changes: readonly Change[],
  reveal: Reveal,
  placeOf: (object: FdwObject, message: string) => SourceSpan | undefined,
): Promise<void> {
  for (const [index, change] of inOrder(changes).filter(isFoundation).entries()) {
    for (const statement of rehearsalOf(change, `fdw_replaced_${index}`)) {
      try {
        await runStatement(session, statement, reveal);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        throw new SpecError([{ message: messageOf(change, error), at: placeOf(objectOf(change), error.message), hint: hintOf(error) }]);
      }
    }
  }
}

/** A server that is replaced: the old one, with a user's tables on it, steps aside. */
function rehearsalOf(change: Change, aside: string): readonly Statement[] {
  if (change.action !== 'replace' || change.kind !== 'server') return statementsFor(change);
  const { before, after, back } = change;
  const created = [after, ...back.filter(({ kind }) => kind === 'user-mapping')];
  return [renameServer(before.renamedFrom ?? before.name, aside), ...created.flatMap((object) => statementsFor({ action: 'create', object }))];
}

function messageOf(change: Change, error: UserError): string {
  const why = error.why === undefined ? '' : ` (${error.why})`;
  return `${addressOf(objectOf(change))} cannot be ${change.action === 'create' ? 'made' : 'changed'}: ${error.message}${why}`;
}

/** 42501: insufficient_privilege; 42704: undefined_object, of roles and extensions too. */
function hintOf(error: UserError): string | undefined {
  if (error instanceof DatabaseError && error.sqlstate === '42501') {
    return 'a plan tries this in a transaction that is rolled back: connect as the role that will apply, or grant it what is missing';
  }
  if (/^role "(?:current_user|current_role|session_user|user)" does not exist$/.test(error.message)) return 'this is read as the name of a role: write the name of the role that is meant';
  if (/^role ".*" does not exist$/.test(error.message)) return 'CREATE ROLE it first: fdw makes no roles';
  return error.todo;
}

/** What ALTER does to a type changes nothing for what follows, so the user's type is left in peace; but expressions name labels. */
function isFoundation(change: Change): boolean {
  return change.action === 'create' || !isType(objectOf(change)) || (change.action === 'update' && change.kind === 'enum' && change.changes.some(({ kind }) => kind === 'rename-label'));
}
