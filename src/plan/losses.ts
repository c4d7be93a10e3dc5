import type { Change, ColumnChange } from '../model/change.ts';
import type { Loss } from '../model/dependent.ts';
import type { ObjectName } from '../model/objects.ts';

/** What a change would take from under objects that depend on it: PostgreSQL refuses all of these alike. */
export function lossesOf(change: Change): readonly Loss[] {
  switch (change.action) {
    case 'create':
      return [];
    case 'drop':
      return [{ object: change.object, column: undefined, fate: 'gone' }];
    case 'replace':
      return [{ object: change.before, column: undefined, fate: 'back' }];
    case 'update':
      if (change.kind === 'foreign-table') return columnLosses(change.renamedFrom === undefined ? change.after : { kind: 'foreign-table', ...change.renamedFrom }, change.columns);
      if (change.kind === 'partitioned-table') return columnLosses(change.after, change.columns);
      if (change.kind !== 'composite') return [];
      return change.changes.flatMap((one): readonly Loss[] => {
        if (one.kind === 'drop-attribute') return [{ object: change.after, column: one.name, fate: 'gone' }];
        return one.kind === 'set-type' ? [{ object: change.after, column: one.after.name, fate: 'back' }] : [];
      });
  }
}

/** By the names that there are before the change. A column that is dropped and added again comes back. */
function columnLosses(object: ObjectName, changes: readonly ColumnChange[]): readonly Loss[] {
  const former = new Map(changes.flatMap((change) => (change.kind === 'rename-column' ? [[change.name, change.from] as const] : [])));
  const before = (name: string): string => former.get(name) ?? name;
  const added = new Set(changes.flatMap((change) => (change.kind === 'add-column' ? [change.column.name] : [])));
  return changes.flatMap((change): readonly Loss[] => {
    if (change.kind === 'drop-column') return [{ object, column: before(change.name), fate: added.has(change.name) ? 'back' : 'gone' }];
    return change.kind === 'set-type' ? [{ object, column: before(change.after.name), fate: 'back' }] : [];
  });
}
