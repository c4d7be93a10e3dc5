import { onlyMatches, placesBetween } from '../base/rename-evidence.ts';
import type { Column } from '../model/column.ts';
import type { LikelyRename } from '../model/likely-rename.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { ActualState, DatabaseState, ForeignTable } from '../model/objects.ts';
import { collationKey } from './columns.ts';

/**
 * What a diff would drop and create and may as well be a rename, as the catalogs keep no word of one. Evidence for a column: it stands between
 * the same neighbours (a rename keeps a column's place), has the same type and collation and as strict a NOT NULL. For a table: a new one on the same
 * server has the same columns. Where several could be it, none is named.
 *
 * @param actual under the new names already (`withRenames`)
 * @param orphans the foreign tables of imported schemas with nothing behind them any more
 */
export function likelyRenames(desired: DatabaseState, actual: ActualState, orphans: readonly ForeignTable[]): readonly LikelyRename[] {
  const present = new Map(actual.foreignTables.map((table) => [nameKey(table), table]));
  const columns = desired.foreignTables.flatMap((table) => {
    const before = present.get(nameKey(table));
    return before === undefined || table.madeByParent === true ? [] : renamedColumns(table, before);
  });
  const fresh = orphans.length === 0 ? [] : desired.foreignTables.filter((table) => !present.has(nameKey(table)) && table.madeByParent !== true);
  return [...columns, ...renamedTables(orphans, fresh)];
}

function renamedColumns(after: ForeignTable, before: ForeignTable): readonly LikelyRename[] {
  const wanted = new Map(after.columns.map(({ name }, index) => [name, index + 1]));
  const gone = before.columns.filter(({ name, inherited }) => !wanted.has(name) && inherited !== true);
  if (gone.length === 0) return [];
  const there = new Set(before.columns.map(({ name }) => name));
  const fresh = after.columns.filter(({ name, renamedFrom }) => !there.has(name) && renamedFrom === undefined);
  const stood = before.columns.map(({ name }, index) => ({ name, position: index + 1 }));
  const candidates = gone.map((column) => {
    const [first, last] = placesBetween(stood, stood.find(({ name }) => name === column.name)?.position ?? 0, wanted);
    return fresh.filter((each) => isBetween(wanted.get(each.name), first, last) && (each.notNull || !column.notNull) && sameValues(each, column));
  });
  const table = named(after);
  return [...onlyMatches(gone, candidates)].map(([{ name }, to]) => ({ kind: 'column', table, from: name, to: to.name }));
}

function isBetween(position: number | undefined, after: number, before: number): boolean {
  return position !== undefined && position > after && position < before;
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
