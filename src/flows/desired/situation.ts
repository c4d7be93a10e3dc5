import type { Import } from '../../desired/import.ts';
import { elementOf, type LocalSituation } from '../../desired/types/local-types.ts';
import { nameKey } from '../../model/name.ts';
import type { ActualState } from '../../model/objects.ts';

/** What the local database has that bears on the choice of types for an import. */
export function situationOf(actual: ActualState, { schema }: Import): LocalSituation {
  const tables = actual.foreignTables.filter((table) => table.schema === schema.name.value);
  return {
    types: new Map(actual.types.map((type) => [nameKey(type), type])),
    inUse: new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => elementOf(type)))),
  };
}
