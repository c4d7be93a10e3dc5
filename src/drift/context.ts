import { nameKey, type QualifiedName } from '../model/name.ts';
import type { LocalTable, LocalTables } from '../model/local-table.ts';
import { type RemoteTypeUse, useKey } from '../model/remote-type.ts';
import type { Standing } from '../model/standing.ts';

/** Both sides of one server, and what the local database calls what the remote has. */
export interface DriftContext {
  readonly server: string;
  readonly local: LocalTables;
  readonly remote: Standing;
  /** The local name of a remote type; undefined where there is none. */
  readonly typeText: (use: RemoteTypeUse) => string | undefined;
  /** Collations of the local database among those that the remote's columns have, by `nameKey`. */
  readonly collations: ReadonlySet<string>;
}

/** The distinct types of all columns of the remote's relations: what `typeText` is asked for. */
export function remoteUses({ relations }: Standing): readonly RemoteTypeUse[] {
  // Columns share what is alike, so that there are few objects to make keys of.
  const uses = new Set<RemoteTypeUse>();
  for (const { columns } of relations.values()) for (const { type } of columns) uses.add(type);
  return [...new Map([...uses].map((use) => [useKey(use), use])).values()];
}

/** What the relations' columns are collated by. */
export function remoteCollations({ relations }: Standing): readonly QualifiedName[] {
  const all = new Set<QualifiedName>();
  for (const { columns } of relations.values()) for (const { collation } of columns) if (collation !== undefined) all.add(collation);
  return [...new Map([...all].map((collation) => [nameKey(collation), collation])).values()];
}

/**
 * The local type that stands for each remote type of its own, from the columns that have it already: an enum of `public` there may be one
 * of `shop` here. By the remote type's `nameKey`; where columns do not agree, the first one's.
 */
export function counterparts(tables: readonly LocalTable[], remote: Standing): ReadonlyMap<string, QualifiedName> {
  const found = new Map<string, QualifiedName>();
  for (const table of tables) {
    const relation = remote.relations.get(nameKey(table.remote));
    const columns = new Map(relation?.columns.map((column) => [column.name, column]));
    for (const { remoteName, type } of table.columns) {
      const there = columns.get(remoteName)?.type;
      if (there === undefined || there.builtinOid !== undefined || type.builtinOid !== undefined || there.array !== type.array) continue;
      if (!found.has(nameKey(there))) found.set(nameKey(there), { schema: type.schema, name: type.name });
    }
  }
  return found;
}
