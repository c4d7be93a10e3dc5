import type { Column } from '../model/column.ts';
import type { ColumnChange, ColumnNumber } from '../model/change.ts';
import { diffOptions, type TableComparison } from './options.ts';

/** How columns have to change, and which of them lose what hangs on a column. */
export interface ColumnDifference {
  readonly changes: readonly ColumnChange[];
  /** Names of columns that are dropped, whether or not they come back. */
  readonly dropped: ReadonlySet<string>;
}

/**
 * What turns the actual columns into the desired ones. Their order is not compared, since no ALTER can change it.
 *
 * What generated columns are made of cannot be dropped or get another type under them (postgresql.org/docs/18/sql-altertable.html;
 * 14 drops the generated column along): they go first and come back last.
 */
export function diffColumns(after: readonly Column[], before: readonly Column[], comparison: TableComparison): ColumnDifference {
  // Nearly always so, and there may be a million columns.
  if (after.length === before.length && after.every((column, index) => isAsWanted(column, before[index], comparison))) return { changes: [], dropped: new Set() };
  const wanted = new Map(after.map((column) => [column.name, column]));
  const present = new Map(before.map((column) => [column.name, column]));
  const again = recreated(wanted, before, comparison);
  const dropped = before.filter(({ name }) => again.has(name) || !wanted.has(name));
  const drops = generatedFirst(dropped).map(({ name }): ColumnChange => ({ kind: 'drop-column', name }));
  const changes = after.flatMap((column) => {
    const old = present.get(column.name);
    return old === undefined || again.has(column.name) ? [addition(column, old)] : diffColumn(column, old, comparison);
  });
  const renames = before.flatMap(({ name, renamedFrom }): readonly ColumnChange[] => (renamedFrom === undefined ? [] : [{ kind: 'rename-column', from: renamedFrom, name }]));
  return { changes: [...renames, ...drops, ...generatedLast(changes)], dropped: new Set(dropped.map(({ name }) => name)) };
}

function isAsWanted(column: Column, old: Column | undefined, comparison: TableComparison): boolean {
  if (old?.name !== column.name || old.renamedFrom !== undefined) return false;
  // Columns that are alike are one object on either side, so that few pairs are new.
  if (comparison.asWanted.get(column) === old) return true;
  const same = !cannotBeAltered(column, old, comparison) && diffColumn(column, old, comparison).length === 0;
  if (same && comparison.asWanted.size < mostPairs) comparison.asWanted.set(column, old);
  return same;
}

/** Where all columns are different, none is met again. */
const mostPairs = 50_000;

/** The columns that no ALTER gets to where they should be. */
function recreated(wanted: ReadonlyMap<string, Column>, before: readonly Column[], comparison: TableComparison): ReadonlySet<string> {
  const changing = new Set(before.filter((old) => goesOrChanges(wanted.get(old.name), old, comparison)).map(({ name }) => name));
  const again = before.filter((old) => {
    const column = wanted.get(old.name);
    if (column === undefined) return false;
    return cannotBeAltered(column, old, comparison) || (old.generated?.uses ?? []).some((used) => changing.has(used));
  });
  return new Set(again.map(({ name }) => name));
}

function goesOrChanges(column: Column | undefined, old: Column, comparison: TableComparison): boolean {
  return column === undefined || changesType(column, old) || cannotBeAltered(column, old, comparison);
}

/**
 * Whether a generated column is involved and no ALTER does it: there is DROP EXPRESSION for stored ones, SET EXPRESSION
 * from 17 on, and nothing that makes a plain column generated (tried on 14 to 18).
 */
function cannotBeAltered({ generated }: Column, { generated: old }: Column, { versionNum }: TableComparison): boolean {
  if (generated === undefined) return old?.kind === 'virtual';
  if (old?.kind !== generated.kind) return true;
  return generated.expression !== old.expression && versionNum < 17_00_00;
}

function generatedFirst(columns: readonly Column[]): readonly Column[] {
  return [...columns.filter(({ generated }) => generated !== undefined), ...columns.filter(({ generated }) => generated === undefined)];
}

function generatedLast(changes: readonly ColumnChange[]): readonly ColumnChange[] {
  const isGenerated = (change: ColumnChange): boolean => change.kind === 'add-column' && change.column.generated !== undefined;
  return [...changes.filter((change) => !isGenerated(change)), ...changes.filter(isGenerated)];
}

/** A column that comes back keeps what the spec does not manage. */
function addition(column: Column, old: Column | undefined): ColumnChange {
  return { kind: 'add-column', column: old === undefined ? column : withUnmanaged(column, old) };
}

/** A desired column with what of the actual one the spec leaves alone. */
export function withUnmanaged(column: Column, old: Column): Column {
  return {
    ...column,
    statistics: column.statistics ?? old.statistics,
    nDistinct: column.nDistinct ?? old.nDistinct,
    nDistinctInherited: column.nDistinctInherited ?? old.nDistinctInherited,
    // Whether another type can have it is for PostgreSQL to say.
    storage: column.storage ?? (column.type === old.type ? old.storage : undefined),
    comment: column.comment ?? old.comment,
  };
}

function changesType(after: Column, before: Column): boolean {
  return after.type !== before.type || collationKey(after) !== collationKey(before);
}

function diffColumn(after: Column, before: Column, comparison: TableComparison): readonly ColumnChange[] {
  const { name } = after;
  const changes: ColumnChange[] = [];
  const retyped = changesType(after, before);
  // A default is cast to a new type, where it can be, and then reads otherwise: it is taken off before and set again.
  const kept = retyped ? undefined : before.default;
  if (before.default !== kept) changes.push({ kind: 'set-default', name, before: before.default, after: undefined });
  if (before.generated !== undefined && after.generated === undefined) changes.push({ kind: 'drop-expression', name });
  if (before.identity !== undefined && after.identity === undefined) changes.push({ kind: 'set-identity', name, before: before.identity, after: undefined });
  if (retyped) changes.push({ kind: 'set-type', before, after });
  if (after.notNull !== before.notNull) changes.push({ kind: 'set-not-null', name, notNull: after.notNull });
  if (after.default !== kept) changes.push({ kind: 'set-default', name, before: kept, after: after.default });
  if (after.identity !== undefined && after.identity !== before.identity) changes.push({ kind: 'set-identity', name, before: before.identity, after: after.identity });
  if (after.generated !== undefined && before.generated !== undefined && after.generated.expression !== before.generated.expression) {
    changes.push({ kind: 'set-expression', name, before: before.generated, after: after.generated });
  }
  const options = diffOptions(after.options, before.options, comparison);
  if (options.length > 0) changes.push({ kind: 'set-options', name, options });
  diffSettings(changes, after, before, retyped);
  return changes;
}

const numbers: readonly ColumnNumber[] = ['statistics', 'nDistinct', 'nDistinctInherited'];

/** Adds to the changes. ALTER COLUMN TYPE gives the column the storage of its new type (seen on 14 to 18). */
function diffSettings(changes: ColumnChange[], after: Column, before: Column, retyped: boolean): void {
  const { name, storage, comment } = after;
  for (const setting of numbers) {
    const value = after[setting];
    if (value !== undefined && value !== before[setting]) changes.push({ kind: 'set-number', name, setting, before: before[setting], after: value });
  }
  const same = retyped ? storage?.isDefault === true : storage?.mode === before.storage?.mode;
  if (storage !== undefined && !same) changes.push({ kind: 'set-storage', name, before: retyped ? undefined : before.storage, after: storage });
  if (comment !== undefined && comment !== (before.comment ?? '')) changes.push({ kind: 'set-column-comment', name, after: comment });
}

/** A column's collation in a comparable form; '' is the type's own. */
export function collationKey(column: Column): string {
  return column.collation === undefined ? '' : `${column.collation.schema}\0${column.collation.name}`;
}
