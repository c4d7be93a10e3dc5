import { renamedColumns as likelyColumns } from '../base/rename-evidence.ts';
import type { LocalColumn, LocalTable } from '../model/local-table.ts';
import type { StandingColumn, StandingRelation } from '../model/standing.ts';
import { type BothTypes, compareTypes } from './types.ts';

/**
 * The columns that may be the gone ones under new names.
 * @returns the new column by the local one's name
 */
export function renamedColumns(table: LocalTable, relation: StandingRelation, types: BothTypes): ReadonlyMap<string, StandingColumn> {
  const local = table.columns.map((column) => ({ name: column.remoteName, notNull: column.notNull, column }));
  const found = likelyColumns(local, relation.columns, (gone, { type }) => same(gone.column, type, types));
  return new Map([...found].map(([{ column }, to]) => [column.name, to]));
}

function same(column: LocalColumn, type: StandingColumn['type'], types: BothTypes): boolean {
  const { difference } = compareTypes(column.type, type, types);
  return difference === undefined || difference.class === 'invisible';
}

/**
 * The relation that a gone one may have become: it has every column of the foreign table, with the same types, and nothing here points to it.
 * One of the same name in another schema goes first; where several could be it, none is named.
 */
export function renamedRelation(table: LocalTable, strays: readonly StandingRelation[], types: BothTypes): StandingRelation | undefined {
  if (table.columns.length === 0) return undefined;
  const fitting = strays.filter((stray) => {
    const columns = new Map(stray.columns.map((column) => [column.name, column]));
    return table.columns.every((column) => {
      const there = columns.get(column.remoteName);
      return there !== undefined && same(column, there.type, types);
    });
  });
  const moved = fitting.filter(({ name }) => name === table.remote.name);
  const [only, ...more] = moved.length > 0 ? moved : fitting;
  return more.length === 0 ? only : undefined;
}
