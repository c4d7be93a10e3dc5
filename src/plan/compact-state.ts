import type { Column } from '../model/column.ts';
import type { DesiredState, ForeignTable } from '../model/objects.ts';

/** A desired state that holds each different column once: ten thousand tables have few of them. */
export interface CompactState extends Omit<DesiredState, 'foreignTables'> {
  readonly columns: readonly Column[];
  readonly foreignTables: readonly CompactTable[];
}

interface CompactTable extends Omit<ForeignTable, 'columns'> {
  /** Places among the state's columns, from 0. */
  readonly columns: readonly number[];
}

/** @param state without secrets, which are all alike as JSON */
export function compact(state: DesiredState): CompactState {
  const places = new Map<string, number>();
  const columns: Column[] = [];
  const placeOf = (column: Column): number => {
    const text = JSON.stringify(column);
    const place = places.get(text) ?? columns.push(column) - 1;
    places.set(text, place);
    return place;
  };
  const foreignTables = state.foreignTables.map((table) => ({ ...table, columns: table.columns.map(placeOf) }));
  return { ...state, columns, foreignTables };
}

/** The state again; columns that are alike are one object. */
export function expand({ columns, ...state }: CompactState): DesiredState {
  return { ...state, foreignTables: state.foreignTables.map((table) => ({ ...table, columns: table.columns.flatMap((place) => columns[place] ?? []) })) };
}
