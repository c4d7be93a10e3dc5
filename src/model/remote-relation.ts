import type { QualifiedName } from './name.ts';
import type { RemoteType, RemoteTypeUse } from './remote-type.ts';

/** What stands behind a server, as plain data; see `src/remote`. */
export interface RemoteSchema {
  /** The schema's name on the remote. */
  readonly name: string;
  readonly exists: boolean;
  /** Every name that could be imported, selected or not, partitions included; sorted. */
  readonly names: readonly string[];
  /** Those of them that are partitions; sorted. */
  readonly partitions: readonly string[];
  /** The relations that were selected, sorted by name. */
  readonly relations: readonly RemoteRelation[];
  /** The non-builtin types that their columns use, elements of arrays and what types are made of included. Sorted by schema and name. */
  readonly types: readonly RemoteType[];
}

/** What IMPORT FOREIGN SCHEMA would import; partitions only when they are named. */
export interface RemoteRelation {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'materialized-view' | 'foreign-table' | 'partitioned-table' | 'partition';
  /** In order of their attribute numbers. */
  readonly columns: readonly RemoteColumn[];
}

export interface RemoteColumn {
  readonly name: string;
  readonly type: RemoteTypeUse;
  readonly notNull: boolean;
  /** undefined: no collation. `pg_catalog.default` is the remote database's default. */
  readonly collation: QualifiedName | undefined;
  /** The expression as the remote prints it with `search_path = pg_catalog`; undefined: none, not asked for, or not shown to this role. */
  readonly default: string | undefined;
  /** The expression of a stored generated column, printed likewise; undefined: none, or not shown to this role (see `computed`). */
  readonly generated: string | undefined;
  /** Whether the remote computes the column; true of `stored` ones whose expression is not shown, too. */
  readonly computed: 'stored' | 'virtual' | undefined;
}

/** Which relations of a remote schema are wanted; the words of IMPORT FOREIGN SCHEMA, by names as PostgreSQL stores them. */
export type RelationSelection =
  | { readonly kind: 'all' }
  | { readonly kind: 'listed'; readonly names: readonly string[] }
  | { readonly kind: 'except'; readonly names: readonly string[] };
