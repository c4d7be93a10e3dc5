import type { Change } from '../model/change.ts';
import type { Dependent } from '../model/dependent.ts';
import { nameKey } from '../model/name.ts';
import { lossesOf } from './losses.ts';
import type { Hazard } from './types.ts';

/**
 * What a change may hurt.
 * @param dependents those of all changes
 */
export function hazardsOf(change: Change, dependents: readonly Dependent[]): readonly Hazard[] {
  const lost = new Set(lossesOf(change).map(({ table }) => nameKey(table)));
  const inTheWay = dependents.filter(({ loss }) => lost.has(nameKey(loss.table)));
  return [...ownHazards(change), ...inTheWay.map(dependentHazard)];
}

function dependentHazard({ loss, description }: Dependent): Hazard {
  const on = loss.column === undefined ? 'this table' : `column ${loss.column}`;
  return { id: 'dependents', message: `${description} depends on ${on}: PostgreSQL refuses the change while it exists.` };
}

function ownHazards(change: Change): readonly Hazard[] {
  if (change.action === 'replace') {
    return [
      {
        id: 'table-replaced',
        message: 'SQL cannot move a foreign table to another server: it is dropped and created again with its owner, grants and comment, but it loses its OID, its triggers and what is granted on columns.',
      },
    ];
  }
  if (change.action !== 'update' || change.kind !== 'foreign-table') return [];
  return change.columns.flatMap((column): readonly Hazard[] => {
    switch (column.kind) {
      case 'drop-column':
        return [{ id: 'column-dropped', message: `Queries that name column ${column.name} will fail.` }];
      case 'set-type':
        return [{ id: 'type-changed', message: `Column ${column.after.name} will be read as ${column.after.type}.` }];
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
