import type { Difference, Obstacle } from '../model/change.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { ActualState, DesiredState, ForeignTable } from '../model/objects.ts';

/**
 * Tables and columns that exist under their former names and their new ones: dropping either would be a guess.
 * @param actual under the new names already (`withRenames`)
 */
export function takenNames(desired: DesiredState, actual: ActualState): Difference['impossible'] {
  const present = new Map(actual.foreignTables.map((table) => [nameKey(table), table]));
  return desired.foreignTables.flatMap((object) => {
    const { renamedFrom } = object;
    const found = present.get(nameKey(object));
    const both = renamedFrom !== undefined && present.has(nameKey(renamedFrom)) ? [`foreign table ${dotted(renamedFrom)}, which it is renamed from, exists too`] : [];
    return [...both, ...takenColumns(object, found)].map((message) => ({ object, message, todo: 'Drop one of the two by hand, or leave out renamed_from.' }));
  });
}

function takenColumns(table: ForeignTable, found: ForeignTable | undefined): readonly string[] {
  if (found === undefined || table.columns.every(({ renamedFrom }) => renamedFrom === undefined)) return [];
  const names = new Set(found.columns.map(({ name }) => name));
  return table.columns.flatMap(({ name, renamedFrom }) =>
    renamedFrom !== undefined && names.has(renamedFrom) && names.has(name) ? [`it has a column ${name} and a column ${renamedFrom}, which that is renamed from`] : [],
  );
}

/** Tables that are to be renamed, and there is neither: they are created, which may not be what was meant. */
export function unknownNames(desired: DesiredState, actual: ActualState): readonly Obstacle[] {
  const present = new Set(actual.foreignTables.map(nameKey));
  return desired.foreignTables.flatMap((object) => {
    const { renamedFrom } = object;
    if (renamedFrom === undefined || present.has(nameKey(object)) || present.has(nameKey(renamedFrom))) return [];
    return [{ object, message: `there is no foreign table ${dotted(renamedFrom)} to rename: it is created` }];
  });
}

function dotted({ schema, name }: QualifiedName): string {
  return `${schema}.${name}`;
}
