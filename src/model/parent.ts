import type { Check } from './check.ts';
import type { Column } from './column.ts';
import type { QualifiedName } from './name.ts';
import type { Partition } from './partitioned-table.ts';

/** A relation that foreign tables are to be part of. */
export interface Parent extends QualifiedName {
  /** In words: `table`, `partitioned table`, `foreign table`, `view`. */
  readonly what: string;
  /** As `pg_get_partkeydef` prints it; undefined: it is no partitioned table. */
  readonly key: string | undefined;
  /** The checks that it hands down. */
  readonly checks: readonly Check[];
  /** Of a partitioned table. */
  readonly partitions: readonly Partition[];
  readonly columns: readonly Column[];
  /** What of it no foreign table can be a part of: unique indexes and foreign keys of a partitioned table, in words. */
  readonly obstacles: readonly string[];
}
