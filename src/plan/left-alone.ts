import { identityOf } from '../model/identity.ts';
import type { ActualState, DatabaseState, DesiredState, FdwObject } from '../model/objects.ts';
import { withRenames } from '../model/renames.ts';
import type { LeftAlone } from './types.ts';

/** How many servers, user mappings and foreign tables the database has that the spec does not speak of. */
export function leftAlone(desired: DesiredState, found: ActualState): LeftAlone {
  const actual = withRenames(desired, found);
  const others = (of: (state: DatabaseState) => readonly FdwObject[]): number => {
    const named = new Set([...of(desired), ...(desired.absent ?? [])].map(identityOf));
    return of(actual).filter((object) => !named.has(identityOf(object))).length;
  };
  return {
    servers: others(({ servers }) => servers),
    userMappings: others(({ userMappings }) => userMappings),
    foreignTables: others(({ foreignTables }) => foreignTables) + (actual.foreignTablesElsewhere ?? 0),
  };
}
