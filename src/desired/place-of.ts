import type { SourceSpan } from '../base/source.ts';
import type { FdwObject } from '../model/objects.ts';
import { nameKey } from '../model/name.ts';
import { roleKey } from '../model/role.ts';
import type { Spec } from '../spec/types.ts';

/** Where a spec names an object, or what the object comes from; undefined where it follows from something else. */
export function placeOf(object: FdwObject, spec: Spec): SourceSpan | undefined {
  switch (object.kind) {
    case 'extension':
      return spec.extensions.find(({ name }) => name.value === object.name)?.name.at;
    case 'wrapper':
      return spec.wrappers.find(({ name }) => name.value === object.name)?.name.at;
    case 'server':
      return spec.servers.find(({ name }) => name.value === object.name)?.name.at;
    case 'user-mapping':
      return spec.servers
        .find(({ name }) => name.value === object.server)
        ?.userMappings.find(({ role }) => roleKey(role) === roleKey(object.role))?.at;
    case 'schema':
      return (spec.localSchemas.find(({ name }) => name.value === object.name) ?? [...spec.types, ...spec.tables, ...spec.shardedTables].find(({ name }) => name.value.schema === object.name))?.name.at;
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return (spec.types.find(({ name }) => nameKey(name.value) === nameKey(object)) ?? spec.schemas.find(({ name }) => name.value === object.schema))?.name.at;
    case 'partitioned-table':
      return spec.shardedTables.find(({ name }) => nameKey(name.value) === nameKey(object))?.name.at;
    case 'foreign-table':
      return (
        spec.tables.find(({ name }) => nameKey(name.value) === nameKey(object))?.name.at ??
        spec.shardedTables.flatMap(({ partitions }) => partitions).find(({ name }) => nameKey(name.value) === nameKey(object))?.name.at
      );
  }
}
