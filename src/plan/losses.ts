import type { Change } from '../model/change.ts';
import type { Loss } from '../model/dependent.ts';

/** What changes would take from under objects that depend on it: PostgreSQL refuses all of these alike. */
export function lossesOf(change: Change): readonly Loss[] {
  if (change.action === 'replace') return [{ table: change.before, column: undefined }];
  // A composite type is a relation too, and its attributes are its columns.
  if (change.action === 'update' && change.kind === 'composite') {
    return change.changes.flatMap((one) => {
      if (one.kind === 'drop-attribute') return [{ table: change.after, column: one.name }];
      return one.kind === 'set-type' ? [{ table: change.after, column: one.after.name }] : [];
    });
  }
  if (change.action !== 'update' || change.kind !== 'foreign-table') return [];
  return change.columns.flatMap((column) => {
    if (column.kind === 'drop-column') return [{ table: change.after, column: column.name }];
    return column.kind === 'set-type' ? [{ table: change.after, column: column.after.name }] : [];
  });
}
