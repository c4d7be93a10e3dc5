import type { CatalogScope } from '../catalog/read-catalog.ts';
import { baseState } from '../desired/base-state.ts';
import type { DesiredState } from '../model/objects.ts';
import type { Spec } from '../spec/types.ts';

/** What of the catalogs a spec speaks of. A server that prunes brings all of its foreign tables in. */
export function scopeOfSpec(spec: Spec): CatalogScope {
  const { absent } = spec;
  const pruned = [...absent.servers, ...spec.servers.flatMap((server) => [server, ...(server.renamedFrom === undefined ? [] : [{ name: server.renamedFrom, prune: server.prune }])])].filter(({ prune }) => prune);
  return {
    schemas: [
      ...baseState(spec).schemas.map(({ name }) => name),
      ...[...spec.tables, ...spec.schemas.flatMap(({ overrides }) => overrides)].flatMap(({ renamedFrom }) => renamedFrom?.value.schema ?? []),
      ...absent.schemas.map(({ name }) => name.value),
      ...[...absent.types, ...absent.tables, ...absent.shardedTables].map(({ value }) => value.schema),
    ],
    servers: pruned.map(({ name }) => name.value),
  };
}

/** What of the catalogs tells whether the objects of a plan are as they were, and as they should be. */
export function scopeOf(desired: DesiredState): CatalogScope {
  const former = desired.foreignTables.flatMap(({ renamedFrom }) => renamedFrom?.schema ?? []);
  const gone = (desired.absent ?? []).flatMap((object) => (object.kind === 'foreign-table' || object.kind === 'partitioned-table' ? [object.schema] : []));
  return { schemas: [...new Set([...desired.schemas.map(({ name }) => name), ...desired.foreignTables.map(({ schema }) => schema), ...former, ...gone])], servers: [] };
}
