import type { DatabaseCollation } from './database-collation.ts';
import type { QualifiedName } from './name.ts';
import type { RemoteTypeUse } from './remote-type.ts';

/** A relation as it stands behind a server, with what matters to whoever reads it from elsewhere. */
export interface StandingRelation extends QualifiedName {
  readonly kind: StandingKind;
  /** In order of their attribute numbers. */
  readonly columns: readonly StandingColumn[];
  /** Its CHECKs that hold for every row, by the columns that they are about; their texts are shown to the owner alone. */
  readonly checks: readonly StandingCheck[];
  /** By its own statistics; `rows` is negative where it was never analysed. */
  readonly size: { readonly rows: number; readonly pages: number };
}

/** In words. Others than the first six are no relations that rows can be fetched from, or not meant to be. */
export type StandingKind = 'table' | 'partitioned table' | 'partition' | 'view' | 'materialized view' | 'foreign table' | 'sequence' | 'index' | 'composite type' | 'other';

/** Those that a foreign table may stand for. */
export const readableKinds: ReadonlySet<StandingKind> = new Set(['table', 'partitioned table', 'partition', 'view', 'materialized view', 'foreign table']);

export interface StandingColumn {
  readonly name: string;
  /** The attribute number: it stays through renames, and is never given twice. */
  readonly position: number;
  readonly type: RemoteTypeUse;
  /** Whether every row keeps it: a NOT NULL that is not validated does not count. */
  readonly notNull: boolean;
  /** undefined: no collation. `pg_catalog.default` is the database's. */
  readonly collation: QualifiedName | undefined;
  readonly computed: 'stored' | 'virtual' | undefined;
}

export interface StandingCheck {
  readonly name: string;
  /** Attribute numbers. */
  readonly columns: readonly number[];
}

/** A type that is not built in, as far as values of it depend on its definition. */
export interface StandingType extends QualifiedName {
  readonly kind: 'base' | 'enum' | 'domain' | 'composite' | 'range' | 'multirange';
  readonly extension: string | undefined;
  /** Of an enum, in sort order. */
  readonly labels: readonly string[];
  /** Of a domain. */
  readonly domain: { readonly base: RemoteTypeUse; readonly notNull: boolean; readonly checks: number } | undefined;
  /** Of a composite, in order. */
  readonly attributes: readonly { readonly name: string; readonly type: RemoteTypeUse }[];
}

/** What one server's remote has, as the database sees it. */
export interface Standing {
  readonly versionNum: number;
  /** The remote role that the user mapping leads to. */
  readonly role: string;
  readonly collation: DatabaseCollation;
  /** Remote schemas that were asked for and exist. */
  readonly schemas: ReadonlySet<string>;
  /** The relations that were asked for and exist, by `nameKey`. */
  readonly relations: ReadonlyMap<string, StandingRelation>;
  /** Others, in the same schemas or of the same names, that nobody here points to: where one has gone, it may be one of them. */
  readonly strays: readonly StandingRelation[];
  /** Types that are not built in, by `nameKey`. */
  readonly types: ReadonlyMap<string, StandingType>;
  /** Relations that the role may not read, by `nameKey`, with the remote's words. */
  readonly denied: ReadonlyMap<string, string>;
  /** Relations of which that could not be found out. */
  readonly maybeDenied: readonly QualifiedName[];
}
