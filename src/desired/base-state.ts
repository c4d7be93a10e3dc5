import type { DatabaseState } from '../model/objects.ts';
import { compareNames } from '../model/option.ts';
import type { Spec } from '../spec/types.ts';

/** What a spec wants as far as the spec alone can tell: everything but tables and the types they need. */
export function baseState(spec: Spec): DatabaseState {
  const schemas = new Set([...spec.schemas.map(({ name }) => name.value), ...spec.tables.map(({ name }) => name.value.schema)]);
  return {
    extensions: spec.extensions.map(({ name, schema, version }) => ({ kind: 'extension', name: name.value, schema, version })),
    servers: spec.servers.map(({ name, wrapper, type, version, options }) => ({
      kind: 'server',
      name: name.value,
      wrapper,
      type,
      version,
      options,
    })),
    userMappings: spec.servers.flatMap((server) =>
      server.userMappings.map(({ role, options }) => ({ kind: 'user-mapping' as const, server: server.name.value, role, options })),
    ),
    schemas: [...schemas].sort(compareNames).map((name) => ({ kind: 'schema', name })),
    enums: [],
    foreignTables: [],
  };
}
