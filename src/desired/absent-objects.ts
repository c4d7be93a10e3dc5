import { type Problem, SpecError } from '../base/spec-error.ts';
import { identityOf } from '../model/identity.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { ActualState, DatabaseState, ForeignTable, ObjectName } from '../model/objects.ts';
import { placeAmong } from '../model/partitioned-table.ts';
import type { UserType } from '../model/user-types.ts';
import type { Spec } from '../spec/types.ts';
import { typesBehind, typesWithin } from './types-within.ts';

/**
 * What a spec wants gone, by name: what says `absent: true`, and what `prune: true` finds. Also what does not exist, so that
 * a plan knows when it comes into being meanwhile.
 *
 * @param wanted what the spec wants to exist
 * @param actual with the foreign tables of all servers that prune
 * @param typeText a type's name as the catalog prints it in a column
 * @throws SpecError where the spec wants the same table gone and imported
 */
export function absentObjects(spec: Spec, wanted: DatabaseState, actual: ActualState, typeText: (name: QualifiedName) => string): readonly ObjectName[] {
  const { absent } = spec;
  const kept = new Set([...wanted.userMappings, ...wanted.types, ...wanted.foreignTables].map(identityOf));
  const both = absent.tables.filter(({ value }) => kept.has(identityOf({ kind: 'foreign-table', ...value })));
  const needed = absent.types.filter(({ value }) => kept.has(identityOf({ kind: 'enum', ...value })));
  if (needed.length > 0) throw new SpecError(needed.map(({ value, at }): Problem => ({ message: `type ${value.schema}.${value.name} is to be absent, and an imported schema needs it`, at })));
  if (both.length > 0) {
    throw new SpecError(both.map(({ value, at }): Problem => ({ message: `foreign table ${value.schema}.${value.name} is to be absent, and an imported schema takes it`, at, hint: 'list it under `except` of the imported schema' })));
  }
  const goneSchemas = new Set(absent.schemas.map(({ name }) => name.value));
  const goneServers = new Set(absent.servers.map(({ name }) => name.value));
  const prunedServers = new Set([...absent.servers, ...spec.servers].filter(({ prune }) => prune).map(({ name }) => name.value));
  const prunedSchemas = new Set([...absent.schemas, ...spec.schemas.filter(({ prune }) => prune)].flatMap(({ name, server }) => (server === undefined ? [] : within(name.value, server.value))));
  const prunedParents = new Set([...absent.shardedTables, ...spec.shardedTables.filter(({ prune }) => prune).map(({ name }) => name)].map(({ value }) => nameKey(value)));
  const tables = actual.foreignTables.filter(
    ({ schema, server, partitionOf }) => prunedServers.has(server) || prunedSchemas.has(within(schema, server)) || prunedParents.has(parentKey(partitionOf)),
  );
  const mappings = actual.userMappings.filter(({ server }) => goneServers.has(server) || prunedServers.has(server));
  const names: readonly ObjectName[] = [
    ...absent.tables.map(({ value }) => ({ kind: 'foreign-table' as const, schema: value.schema, name: value.name })),
    ...tables.map(({ kind, schema, name }) => ({ kind, schema, name })),
    ...absent.shardedTables.map(({ value }) => ({ kind: 'partitioned-table' as const, schema: value.schema, name: value.name })),
    ...absent.userMappings.map(({ server, role }) => ({ kind: 'user-mapping' as const, server, role })),
    ...mappings.map(({ kind, server, role }) => ({ kind, server, role })),
    ...absent.servers.map(({ name }) => ({ kind: 'server' as const, name: name.value })),
    ...typesWithin(tables.filter(({ schema }) => goneSchemas.has(schema)), actual.types, typeText).map(nameOf),
    ...typesToGo(spec, actual, typeText),
    ...absent.schemas.map(({ name }) => ({ kind: 'schema' as const, name: name.value })),
    ...absent.wrappers.map((name) => ({ kind: 'wrapper' as const, name: name.value })),
    ...absent.extensions.map((name) => ({ kind: 'extension' as const, name: name.value })),
  ];
  return [...new Map(names.filter((name) => !kept.has(identityOf(name))).map((name) => [identityOf(name), name])).values()];
}

/** Each after those that it is made of. One that does not exist may be of any kind. */
function typesToGo({ absent }: Spec, { types }: ActualState, typeText: (name: QualifiedName) => string): readonly ObjectName[] {
  const gone = new Set(absent.types.map(({ value }) => nameKey(value)));
  const present = types.filter((type) => gone.has(nameKey(type)));
  const there = new Set(present.map(nameKey));
  const missing = absent.types.filter(({ value }) => !there.has(nameKey(value)));
  return [...typesBehind(present.map(typeText), present, typeText).map(nameOf), ...missing.map(({ value }) => ({ kind: 'enum' as const, ...value }))];
}

function nameOf({ kind, schema, name }: UserType): ObjectName {
  return { kind, schema, name };
}

/** The `nameKey` of what a table is a partition of; '' of none. */
function parentKey(partitionOf: ForeignTable['partitionOf']): string {
  const place = placeAmong(partitionOf);
  return place === undefined ? '' : nameKey(place.parent);
}

function within(schema: string, server: string): string {
  return `${schema}\0${server}`;
}
