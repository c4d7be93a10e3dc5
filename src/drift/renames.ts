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
  const candidates = gone.map((column) => {
    const [after, before] = neighbours(table, column, positions);
    return fresh.filter(({ position, type, notNull }) =>
      position > after && position < before && (notNull || !column.notNull) && same(column, type, types));
  });
  const found = new Map<string, StandingColumn>();
  for (const [index, column] of gone.entries()) {
    const [only, ...more] = candidates[index] ?? [];
    const wantedTwice = candidates.filter((each) => only !== undefined && each.includes(only)).length > 1;
    if (only !== undefined && more.length === 0 && !wantedTwice) found.set(column.name, only);
  }
  return found;
}

/** The places on the remote between which a column must have been: those of the columns beside it that are still there. */
function neighbours(table: LocalTable, column: LocalColumn, positions: ReadonlyMap<string, number>): readonly [number, number] {
  let after = 0;
  let before = Infinity;
  for (const { position, remoteName } of table.columns) {
    const there = positions.get(remoteName);
    if (there === undefined) continue;
    if (position < column.position) after = Math.max(after, there);
    else before = Math.min(before, there);
  }
  return [after, before];
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
