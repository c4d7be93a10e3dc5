import { onlyMatches, renamedColumns } from '../../base/rename-evidence.ts';
import { nameKey, type QualifiedName } from '../../model/name.ts';
import type { RemoteColumn, RemoteRelation } from '../../model/remote-relation.ts';
import { useKey } from '../../model/remote-type.ts';

/** A relation, with its schema. */
export interface Located extends QualifiedName {
  readonly relation: RemoteRelation;
}

/** What the columns that are gone may have become. */
export function renamedSince(before: RemoteRelation, now: RemoteRelation): ReadonlyMap<RemoteColumn, RemoteColumn> {
  return renamedColumns(before.columns, now.columns, (gone, fresh) => useKey(gone.type) === useKey(fresh.type));
}

/**
 * What the relations that are gone may have become: one of the same name in a schema where the snapshot has none, or else a new one of the
 * schema with all of their columns, of the same types. Where several could be it, none is named.
 *
 * @param fresh relations that the snapshot does not have
 * @param strays relations of the names of those that are gone, where the snapshot has none
 * @returns by the `nameKey` of the one that is gone
 */
export function renamedRelations(gone: readonly Located[], fresh: readonly Located[], strays: readonly QualifiedName[]): ReadonlyMap<string, QualifiedName> {
  const moved = onlyMatches(gone, gone.map(({ schema, name }) => strays.filter((stray) => stray.name === name && stray.schema !== schema)));
  const taken = new Set([...moved.values()].map(nameKey));
  const left = gone.filter((each) => !moved.has(each));
  const renamed = onlyMatches(left, left.map((each) => fresh.filter((other) => !taken.has(nameKey(other)) && (other.schema === each.schema || other.name === each.name) && fits(each.relation, other.relation))));
  return new Map([...moved, ...renamed].map(([from, to]) => [nameKey(from), to]));
}

function fits(before: RemoteRelation, now: RemoteRelation): boolean {
  const columns = new Map(now.columns.map(({ name, type }) => [name, useKey(type)]));
  return before.columns.length > 0 && before.columns.every(({ name, type }) => columns.get(name) === useKey(type));
}
