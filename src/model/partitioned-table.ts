import type { Column } from './column.ts';
import type { Facets } from './facets.ts';
import type { QualifiedName } from './name.ts';

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
}
