import type { Column } from './column.ts';
import type { Facets } from './facets.ts';
import { sameName, type QualifiedName } from './name.ts';

/** A partitioned table whose partitions are foreign tables. */
export interface PartitionedTable extends QualifiedName, Facets {
  readonly kind: 'partitioned-table';
  /** As `pg_get_partkeydef` prints it with `search_path = pg_catalog`: `HASH (tenant_id)`. */
  readonly key: string;
  readonly columns: readonly Column[];
  /** What it is made of now, whatever kind and schema it is of (actual). */
  readonly partitions?: readonly Partition[];
}

/** A partition as the catalogs list it. */
export interface Partition extends QualifiedName {
  /** In words: `foreign table`, `table`, `partitioned table`. */
  readonly what: string;
  /** As `pg_get_expr` prints it. */
  readonly bound: string;
}

/** What makes a table a partition. */
export interface PartitionOf {
  readonly parent: QualifiedName;
  /** As `pg_get_expr` prints it: `FOR VALUES WITH (modulus 4, remainder 0)`, `DEFAULT`. */
  readonly bound: string;
  /** The default partition of the parent, which gets a lock and is read through by ATTACH (desired). */
  readonly besides?: QualifiedName | undefined;
}

/** The place of a table that has one. */
export function placeAmong(partitionOf: PartitionOf | 'none' | undefined): PartitionOf | undefined {
  return partitionOf === 'none' ? undefined : partitionOf;
}

/** Whether two tables are the same part of the same table. */
export function samePartition(a: PartitionOf | 'none' | undefined, b: PartitionOf | 'none' | undefined): boolean {
  const [one, other] = [placeAmong(a), placeAmong(b)];
  return one?.bound === other?.bound && sameName(one?.parent, other?.parent);
}
