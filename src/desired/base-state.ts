import type { DatabaseState } from '../model/objects.ts';
import { compareNames } from '../model/option.ts';
import type { Spec } from '../spec/types.ts';

/** What a spec wants as far as the spec alone can tell: everything but tables and the types they need. */
export function baseState(spec: Spec): DatabaseState {
  const said = new Map(spec.localSchemas.map(({ name, ...facets }) => [name.value, facets]));
  const schemas = new Set([...said.keys(), ...[...spec.types, ...spec.tables, ...spec.shardedTables].map(({ name }) => name.value.schema), ...spec.extensions.flatMap(({ schema }) => schema?.value ?? [])]);
  return {
    extensions: spec.extensions.map(({ name, schema, version }) => ({ kind: 'extension', name: name.value, schema: schema?.value, version: version?.value })),
    wrappers: spec.wrappers.map(({ name, definition, owner, comment, grants }) => ({ kind: 'wrapper', name: name.value, definition, owner, comment, grants })),
    servers: spec.servers.map(({ name, renamedFrom, wrapper, type, version, options, owner, comment, grants }) => ({
      kind: 'server',
      name: name.value,
      renamedFrom: renamedFrom?.value,
      wrapper,
      type,
      version,
      options,
      owner,
      comment,
      grants,
    })),
    userMappings: spec.servers.flatMap((server) =>
      server.userMappings.map(({ role, options }) => ({ kind: 'user-mapping' as const, server: server.name.value, role, options })),
    ),
    schemas: [...schemas].sort(compareNames).map((name) => ({ kind: 'schema', name, ...said.get(name) })),
    types: [],
    foreignTables: [],
  };
}
