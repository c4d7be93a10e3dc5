import { identityOf } from './identity.ts';
import type { ActualState, DatabaseState, DesiredState, Server } from './objects.ts';
import { withRenames } from './renames.ts';

/**
 * Whether a server has to be dropped and created again (postgresql.org/docs/18/sql-alterserver.html: OPTIONS, VERSION,
 * OWNER and RENAME, nothing else).
 */
export function replaces(after: Server, before: Server): boolean {
  return after.wrapper !== before.wrapper || (after.type !== undefined && after.type !== (before.type ?? ''));
}

/** The servers that have to be replaced, by the names that the desired state gives them. */
export function replacedServers(desired: Pick<DatabaseState, 'servers'>, actual: Pick<DatabaseState, 'servers'>): readonly string[] {
  const present = new Map(actual.servers.map((server) => [server.name, server]));
  return desired.servers.flatMap((after) => {
    const before = present.get(after.name);
    return before !== undefined && replaces(after, before) ? [after.name] : [];
  });
}

/**
 * A desired state with what else is on servers that are replaced, as it is: user mappings and foreign tables that the spec
 * does not name go with their server, and are wanted back.
 *
 * @param found with all foreign tables of such servers
 */
export function withCarried(desired: DesiredState, found: ActualState): DesiredState {
  const actual = withRenames(desired, found);
  const replaced = new Set(replacedServers(desired, actual));
  if (replaced.size === 0) return desired;
  const spoken = new Set([...desired.userMappings, ...desired.foreignTables, ...(desired.absent ?? [])].map(identityOf));
  const carried = <T extends ActualState['userMappings'][number] | ActualState['foreignTables'][number]>(objects: readonly T[]): readonly T[] =>
    objects.filter((object) => replaced.has(object.server) && !spoken.has(identityOf(object)));
  return {
    ...desired,
    userMappings: [...desired.userMappings, ...carried(actual.userMappings)],
    // What they are part of is not managed, and comes back as it was.
    foreignTables: [...desired.foreignTables, ...carried(actual.foreignTables).map((table) => ({ ...table, partitionOf: undefined, inherits: undefined, handedDown: undefined }))],
  };
}
