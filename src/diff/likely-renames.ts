import { onlyMatches, renamedColumns } from '../base/rename-evidence.ts';
import type { Column } from '../model/column.ts';
import type { LikelyRename } from '../model/likely-rename.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { ActualState, DatabaseState, ForeignTable } from '../model/objects.ts';
import { collationKey } from './columns.ts';

/**
 * What a diff would drop and create and may as well be a rename, as the catalogs keep no word of one. Evidence for a column, beside its place: the same
 * type and collation. For a table: a new one on the same server has the same columns. Where several could be it, none is named.
 *
 * @param actual under the new names already (`withRenames`)
 * @param orphans the foreign tables of imported schemas with nothing behind them any more
 */
export function likelyRenames(desired: DatabaseState, actual: ActualState, orphans: readonly ForeignTable[]): readonly LikelyRename[] {
  const present = new Map(actual.foreignTables.map((table) => [nameKey(table), table]));
  const columns = desired.foreignTables.flatMap((table) => {
    const before = present.get(nameKey(table));
    return before === undefined || table.madeByParent === true ? [] : columnsOf(table, before);
  });
  const fresh = orphans.length === 0 ? [] : desired.foreignTables.filter((table) => !present.has(nameKey(table)) && table.madeByParent !== true);
  return [...columns, ...renamedTables(orphans, fresh)];
}

function columnsOf(after: ForeignTable, before: ForeignTable): readonly LikelyRename[] {
  const found = renamedColumns(before.columns, after.columns, (gone, fresh) => gone.inherited !== true && fresh.renamedFrom === undefined && sameValues(fresh, gone));
  return [...found].map(([{ name }, to]) => ({ kind: 'column', table: named(after), from: name, to: to.name }));
}

function renamedTables(orphans: readonly ForeignTable[], fresh: readonly ForeignTable[]): readonly LikelyRename[] {
  const candidates = orphans.map((orphan) => fresh.filter((table) => table.server === orphan.server && sameColumns(table.columns, orphan.columns)));
  return [...onlyMatches(orphans, candidates)].map(([from, to]) => ({ kind: 'foreign-table', from: named(from), to: named(to) }));
}

function sameColumns(one: readonly Column[], other: readonly Column[]): boolean {
  return one.length > 0 && one.length === other.length && one.every((column, index) => {
    const before = other[index];
    return before?.name === column.name && before.notNull === column.notNull && sameValues(column, before);
  });
}

/** Whether the values are of one kind. Generated columns are made, not renamed. */
function sameValues(one: Column, other: Column): boolean {
  return one.type === other.type && one.generated === undefined && other.generated === undefined && collationKey(one) === collationKey(other);
}

function named({ schema, name }: QualifiedName): QualifiedName {
  return { schema, name };
}
