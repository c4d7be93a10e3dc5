import { onlyMatches, placesBetween } from '../base/rename-evidence.ts';
import type { LocalColumn, LocalTable } from '../model/local-table.ts';
import type { StandingColumn, StandingRelation } from '../model/standing.ts';
import { type BothTypes, compareTypes } from './types.ts';

/**
 * The columns that may be the gone ones under new names. Evidence: between the same neighbours (a rename keeps a column's place), the same
 * type, as strict a NOT NULL. Where several could be it, none is named.
 *
 * @param gone columns of the table without one of their name on the remote
 * @returns the new column by the local one's name
 */
export function renamedColumns(table: LocalTable, relation: StandingRelation, gone: readonly LocalColumn[], types: BothTypes): ReadonlyMap<string, StandingColumn> {
  const positions = new Map(relation.columns.map(({ name, position }) => [name, position]));
  const claimed = new Set(table.columns.map(({ remoteName }) => remoteName));
  const fresh = relation.columns.filter(({ name }) => !claimed.has(name));
  const remoteNames = table.columns.map(({ remoteName, position }) => ({ name: remoteName, position }));
  const candidates = gone.map((column) => {
    const [after, before] = placesBetween(remoteNames, column.position, positions);
    return fresh.filter(({ position, type, notNull }) =>
      position > after && position < before && (notNull || !column.notNull) && same(column, type, types));
  });
  return new Map([...onlyMatches(gone, candidates)].map(([{ name }, to]) => [name, to]));
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
