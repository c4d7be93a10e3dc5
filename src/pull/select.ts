import { nearest } from '../base/nearest.ts';
import { UserError } from '../base/user-error.ts';
import type { ForeignTable, Server, Wrapper } from '../model/objects.ts';
import { shown } from './texts.ts';
import type { Pulled, PullFilter } from './types.ts';

/** The part of a database that a spec is wanted of. */
export interface Selection {
  /** Those of the servers; of a whole database, all that a spec has something to say of. */
  readonly wrappers: readonly Wrapper[];
  readonly servers: readonly Server[];
  readonly tables: readonly ForeignTable[];
}

/**
 * Servers by name, and tables by schema; both together: the tables of these schemas that are on these servers.
 * Without servers, those that the tables are on.
 * @throws UserError `unknown-server`, `unknown-schema`
 */
export function selectObjects({ actual }: Pulled, filter: PullFilter): Selection {
  const schemas = new Set(actual.foreignTables.map(({ schema }) => schema));
  for (const name of filter.servers) {
    known(name, actual.servers.map((server) => server.name), 'unknown-server', `The database has no foreign server ${shown(name)}.`);
  }
  for (const name of filter.schemas) known(name, [...schemas], 'unknown-schema', `The database has no foreign table in a schema ${shown(name)}.`);
  const named = (names: readonly string[], name: string): boolean => names.length === 0 || names.includes(name);
  const tables = actual.foreignTables.filter((table) => named(filter.servers, table.server) && named(filter.schemas, table.schema));
  const needed = filter.servers.length === 0 && filter.schemas.length > 0 ? tables.map(({ server }) => server) : filter.servers;
  const servers = actual.servers.filter((server) => named(needed, server.name));
  const used = new Set(servers.map(({ wrapper }) => wrapper));
  const everything = filter.servers.length === 0 && filter.schemas.length === 0;
  const wrappers = actual.wrappers.filter((wrapper) => used.has(wrapper.name) || (everything && hasOwn(wrapper)));
  return { tables, servers, wrappers };
}

/** Whether there is more to a wrapper than what an extension makes of it. */
export function hasOwn({ extension, grants }: Wrapper): boolean {
  return extension === undefined || (grants ?? []).length > 0;
}

function known(name: string, names: readonly string[], id: string, message: string): void {
  if (names.includes(name)) return;
  const meant = nearest(name, names);
  throw new UserError(id, message, {
    todo: meant === undefined ? 'Names are taken as PostgreSQL stores them, case and all.' : `Did you mean ${shown(meant)}?`,
  });
}
