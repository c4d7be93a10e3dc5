import { alterType } from '../ddl/types.ts';
import type { Change } from '../model/change.ts';
import { nameKey } from '../model/name.ts';
import type { ActualState } from '../model/objects.ts';
import type { Rebuild } from '../model/rebuild.ts';
import type { UserType } from '../model/user-types.ts';
import { keyOf } from '../plan/returning.ts';
import type { Session } from '../postgres/session.ts';
import { render, type Statement } from '../sql/statement.ts';

/** The statements of changes that rename labels of enums. */
export function labelRenames(changes: readonly Change[]): readonly Statement[] {
  return changes.flatMap((change) => (change.action === 'update' && change.kind === 'enum' ? alterType({ ...change, changes: change.changes.filter(({ kind }) => kind === 'rename-label') }) : []));
}

/**
 * Reads in a transaction in which labels have their new names, and which is rolled back: expressions that name them are kept by OID and
 * follow, and so read otherwise (catalog/pg_enum.c, RenameEnumLabel, 14 to 18).
 */
export async function underNewLabels<T>(session: Session, renames: readonly Statement[], read: () => Promise<T>): Promise<T> {
  await session.query('BEGIN READ WRITE');
  try {
    for (const rename of renames) await session.query(render(rename, () => ''));
    return await read();
  } finally {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
  }
}

/** What is there, with the expressions that name labels as they will read; the labels themselves as they are. */
export function withExpressionsOf(again: ActualState, actual: ActualState): ActualState {
  const types = new Map(again.types.map((type) => [nameKey(type), type]));
  const asItReads = (type: UserType): UserType => (type.kind === 'enum' ? type : (types.get(nameKey(type)) ?? type));
  return { ...actual, types: actual.types.map(asItReads), foreignTables: again.foreignTables, ...(again.partitionedTables === undefined ? {} : { partitionedTables: again.partitionedTables }) };
}

/** What makes relations again once the labels have their new names. */
export function followingLabels(found: readonly Rebuild[], later: readonly Rebuild[]): readonly Rebuild[] {
  const former = new Map(found.map((rebuild) => [keyOf(rebuild), rebuild]));
  return later.map((rebuild) => ({ ...rebuild, asFound: former.get(keyOf(rebuild)) }));
}
