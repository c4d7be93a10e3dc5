import { nameKey, type QualifiedName } from './name.ts';
import type { DatabaseState } from './objects.ts';

/** A column or a foreign table that is gone and may be a new one under its former name: a guess, for the user to decide. */
export type LikelyRename =
  | { readonly kind: 'column'; readonly table: QualifiedName; readonly from: string; readonly to: string }
  | { readonly kind: 'foreign-table'; readonly from: QualifiedName; readonly to: QualifiedName };

/** A desired state with guesses that the user confirmed: as if the spec said `renamed_from` there. */
export function withConfirmed(desired: DatabaseState, renames: readonly LikelyRename[]): DatabaseState {
  if (renames.length === 0) return desired;
  const tables = new Map(renames.flatMap((rename) => (rename.kind === 'foreign-table' ? [[nameKey(rename.to), rename.from] as const] : [])));
  const columns = new Map(renames.flatMap((rename) => (rename.kind === 'column' ? [[columnKey(rename.table, rename.to), rename.from] as const] : [])));
  return {
    ...desired,
    foreignTables: desired.foreignTables.map((table) => {
      const renamedFrom = tables.get(nameKey(table));
      const named = renamedFrom === undefined ? table : { ...table, renamedFrom };
      if (!table.columns.some(({ name }) => columns.has(columnKey(table, name)))) return named;
      return {
        ...named,
        columns: table.columns.map((column) => {
          const from = columns.get(columnKey(table, column.name));
          return from === undefined ? column : { ...column, renamedFrom: from };
        }),
      };
    }),
  };
}

function columnKey(table: QualifiedName, column: string): string {
  return `${nameKey(table)}\0${column}`;
}
