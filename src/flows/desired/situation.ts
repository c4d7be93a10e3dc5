import type { Import, LocalSituation } from '../../desired/needed-types.ts';
import { nameKey } from '../../model/name.ts';
import type { ActualState } from '../../model/objects.ts';

/** What the local database has that bears on the choice of types for an import. */
export function situationOf(actual: ActualState, { schema }: Import): LocalSituation {
  const tables = actual.foreignTables.filter((table) => table.schema === schema.name.value);
  return {
    labels: new Map(actual.types.flatMap((type) => (type.kind === 'enum' ? [[nameKey(type), type.labels] as const] : []))),
    inUse: new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type))),
  };
}
