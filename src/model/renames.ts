import type { ActualState, DatabaseState } from './objects.ts';

/**
 * The actual objects under the names that the desired state gives them: where a server has its former name still,
 * and nothing has the new one. Its tables and user mappings follow, as they do in PostgreSQL, so that each is
 * compared with what it will become.
 */
export function withRenames(desired: DatabaseState, actual: ActualState): ActualState {
  const present = new Set(actual.servers.map(({ name }) => name));
  const renames = new Map(
    desired.servers.flatMap(({ name, renamedFrom }) => (renamedFrom !== undefined && present.has(renamedFrom) && !present.has(name) ? [[renamedFrom, name] as const] : [])),
  );
  if (renames.size === 0) return actual;
  const follow = <T extends { readonly server: string }>(object: T): T => {
    const server = renames.get(object.server);
    return server === undefined ? object : { ...object, server };
  };
  return {
    ...actual,
    servers: actual.servers.map((server) => {
      const name = renames.get(server.name);
      return name === undefined ? server : { ...server, name, renamedFrom: server.name };
    }),
    userMappings: actual.userMappings.map(follow),
    foreignTables: actual.foreignTables.map(follow),
  };
}
