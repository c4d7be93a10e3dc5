import type { Change } from '../model/change.ts';
import type { Hazard } from './types.ts';

/** What a change may hurt. */
export function hazardsOf(change: Change): readonly Hazard[] {
  if (change.action === 'replace') {
    return [
      {
        id: 'table-replaced',
        message: 'SQL cannot move a foreign table to another server: it is dropped and created again with its owner, grants and comment, but it loses its OID, its triggers and what is granted on columns; PostgreSQL refuses while a view depends on it.',
      },
    ];
  }
  if (change.action !== 'update' || change.kind !== 'foreign-table') return [];
  return change.columns.flatMap((column): readonly Hazard[] => {
    switch (column.kind) {
      case 'drop-column':
        return [{ id: 'column-dropped', message: `Queries that name column ${column.name} will fail; PostgreSQL refuses the change while a view depends on it.` }];
      case 'set-type':
        return [{ id: 'type-changed', message: `Column ${column.after.name} will be read as ${column.after.type}; PostgreSQL refuses the change while a view depends on it.` }];
      case 'set-not-null':
        return column.notNull
          ? [{ id: 'not-null-promised', message: `The planner will believe that ${column.name} is never NULL; nothing here checks it.` }]
          : [];
      case 'add-column':
      case 'set-default':
      case 'set-options':
        return [];
    }
  });
}
