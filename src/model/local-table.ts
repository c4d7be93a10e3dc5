import type { QualifiedName } from './name.ts';
import type { DatabaseCollation } from './database-collation.ts';
import type { StandingType } from './standing.ts';
import type { RemoteTypeUse } from './remote-type.ts';

/** A foreign table of the local database as a promise about what stands behind its server. */
export interface LocalTable extends QualifiedName {
  readonly server: string;
  /** What it stands for. */
  readonly remote: QualifiedName;
  /** Whether the options say so, rather than the table's own name. */
  readonly options: { readonly schema: boolean; readonly table: boolean };
  readonly columns: readonly LocalColumn[];
  readonly checks: readonly LocalCheck[];
  /** Of a partition. */
  readonly bounds: LocalBounds | undefined;
}

export interface LocalColumn {
  readonly name: string;
  /** The column's name on the remote. */
  readonly remoteName: string;
  /** Whether `remoteName` is an option, rather than the column's own name. */
  readonly renamed: boolean;
  readonly position: number;
  readonly type: LocalTypeUse;
  readonly notNull: boolean;
  /** undefined: no collation. `pg_catalog.default` is the database's. */
  readonly collation: QualifiedName | undefined;
  readonly generated: boolean;
  /** Whether a parent table decides what it is: no ALTER of this table changes it then. */
  readonly inherited: boolean;
}

/** A local type as a column uses it; told as a remote's would be, so that both can be compared. */
export interface LocalTypeUse extends RemoteTypeUse {
  /** As `format_type` prints it with `search_path = pg_catalog`. */
  readonly text: string;
}

/** What a partition promises of every row of it. */
export interface LocalBounds {
  /** `FOR VALUES WITH (modulus 4, remainder 1)`, or `DEFAULT`. */
  readonly text: string;
  /** The condition that it comes to, together with those of the partitions above it. */
  readonly condition: string;
  readonly trusted: boolean;
}

export interface LocalCheck {
  readonly name: string;
  /** Attribute numbers. */
  readonly columns: readonly number[];
  /** As `pg_get_expr` prints it. */
  readonly expression: string;
  readonly inherited: boolean;
  /** Whether all functions that it calls are those of PostgreSQL, of a superuser or of the connected role: others are not run on its behalf. */
  readonly trusted: boolean;
}

/** The foreign tables of a database that stand for relations of other PostgreSQL databases. */
export interface LocalTables {
  readonly tables: readonly LocalTable[];
  /** Types that are not built in, by `nameKey`. */
  readonly types: ReadonlyMap<string, StandingType>;
  /** Of each builtin type that is used: its category, by OID; arrays are `A`. */
  readonly categories: ReadonlyMap<number, string>;
  readonly collation: DatabaseCollation;
}
