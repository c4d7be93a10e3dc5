import type { Difference } from '../model/change.ts';
import { identityOf } from '../model/identity.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { ActualState, DesiredState, FdwObject } from '../model/objects.ts';
import { placeAmong, samePartition, type PartitionedTable } from '../model/partitioned-table.ts';
import { diffColumns } from './columns.ts';
import { diffFacets } from './facets.ts';
import type { TableComparison } from './options.ts';

/**
 * What turns the actual partitioned table into the desired one; its partitions are compared by themselves.
 * @param detach its partitions that get another bound, or go
 */
export function diffPartitionedTable(after: PartitionedTable, before: PartitionedTable, detach: readonly QualifiedName[], comparison: TableComparison): Partial<Difference> {
  if (after.key !== before.key) {
    const message = `it is partitioned by ${before.key}, the spec wants ${after.key}, and SQL has no ALTER for that`;
    return { impossible: [{ object: after, message, todo: 'Give the new table another name in the spec, and drop or rename the old one by hand; its rows are on the remotes.' }] };
  }
  const { changes: columns } = diffColumns(after.columns, before.columns, comparison);
  const facets = diffFacets(after, before);
  if ([columns, facets, detach].every(({ length }) => length === 0)) return {};
  return { changes: [{ action: 'update', kind: 'partitioned-table', after, columns, facets, detach }] };
}

/** By the `nameKey` of the table that they are partitions of now: the partitions that must leave it before any gets its place. */
export function detachments(desired: DesiredState, actual: ActualState): ReadonlyMap<string, readonly QualifiedName[]> {
  const present = new Map(actual.foreignTables.map((table) => [nameKey(table), table]));
  const found = new Map<string, QualifiedName[]>();
  for (const table of desired.foreignTables) {
    const now = placeAmong(present.get(nameKey(table))?.partitionOf);
    if (table.partitionOf === undefined || now === undefined || samePartition(table.partitionOf, now)) continue;
    const key = nameKey(now.parent);
    found.set(key, [...(found.get(key) ?? []), { schema: table.schema, name: table.name }]);
  }
  const parents = new Set((desired.partitionedTables ?? []).map(nameKey));
  for (const gone of desired.absent ?? []) {
    const parent = gone.kind === 'foreign-table' ? placeAmong(present.get(nameKey(gone))?.partitionOf)?.parent : undefined;
    if (gone.kind !== 'foreign-table' || parent === undefined || !parents.has(nameKey(parent))) continue;
    found.set(nameKey(parent), [...(found.get(nameKey(parent)) ?? []), { schema: gone.schema, name: gone.name }]);
  }
  return found;
}

/**
 * What the drop of a partitioned table would take along though the spec does not name it: PostgreSQL drops all that is
 * attached, without CASCADE (postgresql.org/docs/18/sql-droptable.html; seen on 14 to 18).
 * @param present by `identityOf`
 */
export function takenAlong({ absent = [] }: DesiredState, present: ReadonlyMap<string, FdwObject>): Difference['impossible'] {
  const gone = new Set(absent.map(identityOf));
  return absent.flatMap((name) => {
    const object = present.get(identityOf(name));
    if (object?.kind !== 'partitioned-table') return [];
    const others = (object.partitions ?? []).filter((partition) => partition.what !== 'foreign table' || !gone.has(identityOf({ kind: 'foreign-table', schema: partition.schema, name: partition.name })));
    if (others.length === 0) return [];
    const message = `dropping it would drop ${others.map(({ what, schema, name }) => `${what} ${schema}.${name}`).join(', ')} along, which the spec does not ask for`;
    return [{ object, message, todo: `Detach what shall stay (ALTER TABLE … DETACH PARTITION …); a foreign table that shall go, name under \`tables\` with \`absent: true\`.` }];
  });
}
