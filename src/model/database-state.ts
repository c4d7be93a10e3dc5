import type { DatabaseState, FdwObject } from './objects.ts';

/** The objects of a state as one list. */
export function objectsOf(state: DatabaseState): readonly FdwObject[] {
  return [
    ...state.schemas,
    ...state.extensions,
    ...state.servers,
    ...state.userMappings,
    ...state.enums,
    ...state.foreignTables,
  ];
}
