import type { DatabaseState } from '../model/objects.ts';
import type { PlacedRequirement } from '../model/requirement.ts';
import type { Spec } from '../spec/types.ts';

/**
 * What a spec's tables will ask for, as far as that can be said before remotes were read: so that a role that lacks something
 * is told all at once.
 */
export function likelyRequirements(spec: Spec, actual: DatabaseState): readonly PlacedRequirement[] {
  const present = new Set(actual.foreignTables.map(({ schema, name }) => JSON.stringify([schema, name])));
  const isThere = (schema: string, name: string): boolean => present.has(JSON.stringify([schema, name]));
  const places = [
    ...spec.schemas.filter(({ name, selection }) => selection.kind !== 'listed' || selection.tables.some((table) => !isThere(name.value, table.value))).map(({ name, server }) => ({ schema: name.value, server: server.value })),
    ...[...spec.tables, ...spec.shardedTables.flatMap(({ partitions }) => partitions)].filter(({ name }) => !isThere(name.value.schema, name.value.name)).map(({ name, server }) => ({ schema: name.value.schema, server: server.value })),
  ];
  return places.flatMap(({ schema, server }): readonly PlacedRequirement[] => [
    { address: `schema ${schema}`, requirement: { need: 'create-in', schema } },
    { address: `schema ${schema}`, requirement: { need: 'usage-on-server', server } },
  ]);
}
