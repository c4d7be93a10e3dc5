import { identityOf } from './identity.ts';
import type { DatabaseState, Extension, FdwObject, Schema } from './objects.ts';
import { isType, type UserType } from './user-types.ts';

/** The objects of a state as one list. */
export function objectsOf(state: DatabaseState): readonly FdwObject[] {
  return [
    ...state.schemas,
    ...state.extensions,
    ...state.wrappers,
    ...state.servers,
    ...state.userMappings,
    ...state.types,
    ...(state.partitionedTables ?? []),
    ...state.foreignTables,
  ];
}

/** A state with more objects; of two with one identity, the first stays. */
export function withObjects(state: DatabaseState, more: readonly (Schema | Extension | UserType)[]): DatabaseState {
  return {
    ...state,
    schemas: distinct([...state.schemas, ...more.filter((object) => object.kind === 'schema')]),
    extensions: distinct([...state.extensions, ...more.filter((object) => object.kind === 'extension')]),
    types: distinct([...state.types, ...more.filter(isType)]),
  };
}

function distinct<T extends FdwObject>(objects: readonly T[]): readonly T[] {
  const first = new Map<string, T>();
  for (const object of objects) if (!first.has(identityOf(object))) first.set(identityOf(object), object);
  return [...first.values()];
}
