import { identityOf } from '../model/identity.ts';
import type { ActualState, DatabaseState, FdwObject } from '../model/objects.ts';
import type { LeftAlone } from './types.ts';

/** How many servers, user mappings and foreign tables the database has that the spec does not speak of. */
export function leftAlone(desired: DatabaseState, actual: ActualState): LeftAlone {
  const others = (of: (state: DatabaseState) => readonly FdwObject[]): number => {
    const named = new Set(of(desired).map(identityOf));
    return of(actual).filter((object) => !named.has(identityOf(object))).length;
  };
  return {
    servers: others(({ servers }) => servers),
    userMappings: others(({ userMappings }) => userMappings),
    foreignTables: others(({ foreignTables }) => foreignTables) + (actual.foreignTablesElsewhere ?? 0),
  };
}
