import type { Change, ColumnChange, ServerReplacement } from '../model/change.ts';
import type { Loss } from '../model/dependent.ts';
import { identityOf } from '../model/identity.ts';
import type { ForeignTable, ObjectName } from '../model/objects.ts';

/** What a change would take from under objects that depend on it: PostgreSQL refuses all of these alike. */
export function lossesOf(change: Change): readonly Loss[] {
  switch (change.action) {
    case 'create':
      return [];
    case 'drop':
      return [{ object: change.object, column: undefined, fate: 'gone' }];
    case 'replace':
      return change.kind === 'server' ? serverLosses(change) : tableLosses(change.before, change.after);
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

/** A table comes back, but not with columns that the spec no longer has. */
function tableLosses(before: ForeignTable, after: ForeignTable): readonly Loss[] {
  const object: ObjectName = { kind: 'foreign-table', ...(before.renamedFrom ?? { schema: before.schema, name: before.name }) };
  const stay = new Set(after.columns.map(({ name }) => name));
  const gone = before.columns.filter(({ name }) => !stay.has(name));
  return [{ object, column: undefined, fate: 'back' }, ...gone.map(({ name, renamedFrom }): Loss => ({ object, column: renamedFrom ?? name, fate: 'gone' }))];
}

function serverLosses({ before, gone, back }: ServerReplacement): readonly Loss[] {
  const server = before.renamedFrom ?? before.name;
  const returning = new Map(back.map((object) => [identityOf(object), object]));
  return [
    { object: { kind: 'server', name: server }, column: undefined, fate: 'back' },
    ...gone.flatMap((object): readonly Loss[] => {
      if (object.kind === 'user-mapping') return [{ object: { ...object, server }, column: undefined, fate: 'back' }];
      const after = returning.get(identityOf(object));
      return after?.kind === 'foreign-table' ? tableLosses(object, after) : [{ object: { kind: 'foreign-table', ...(object.renamedFrom ?? { schema: object.schema, name: object.name }) }, column: undefined, fate: 'gone' }];
    }),
  ];
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
