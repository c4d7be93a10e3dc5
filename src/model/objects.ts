import type { Check } from './check.ts';
import type { Column } from './column.ts';
import type { ColumnGrant } from './column-grant.ts';
import type { Facets } from './facets.ts';
import type { QualifiedName } from './name.ts';
import type { Options } from './option.ts';
import type { MappingRole } from './role.ts';
import type { PartitionedTable, PartitionOf } from './partitioned-table.ts';
import type { UserType } from './user-types.ts';

/** An extension. `undefined` means: not managed by the spec (desired). The catalog gives both. */
export interface Extension {
  readonly kind: 'extension';
  readonly name: string;
  readonly schema: string | undefined;
  readonly version: string | undefined;
  /** Whether its control file lets it change its schema (actual). */
  readonly relocatable?: boolean | undefined;
}

/** A function that a wrapper names, or that it has none. */
export type WrapperFunction = QualifiedName | 'none';

/** What CREATE FOREIGN DATA WRAPPER says of a wrapper. A function that is undefined: not managed by the spec (desired). */
export interface WrapperDefinition {
  readonly handler: WrapperFunction | undefined;
  readonly validator: WrapperFunction | undefined;
  readonly options: Options;
}

/** A foreign-data wrapper. */
export interface Wrapper extends Facets {
  readonly kind: 'wrapper';
  readonly name: string;
  /** undefined (desired): something else makes it, an extension mostly, and the spec manages its grants alone. */
  readonly definition: WrapperDefinition | undefined;
  /** The extension that made it (actual). */
  readonly extension?: string | undefined;
}

/** A foreign server. `type` and `version` undefined: none (actual), not managed by the spec (desired). */
export interface Server extends Facets {
  readonly kind: 'server';
  readonly name: string;
  /** A name that it may still have (desired); that it does have (actual, as `withRenames` shows it). */
  readonly renamedFrom?: string | undefined;
  readonly wrapper: string;
  readonly type: string | undefined;
  readonly version: string | undefined;
  readonly options: Options;
}

/** A user mapping as the spec wants it, or as the catalog shows it. */
export interface UserMapping {
  readonly kind: 'user-mapping';
  readonly server: string;
  readonly role: MappingRole;
  /**
   * `unknown`: we may not see them (`pg_user_mappings.umoptions` is NULL both for "hidden" and for "none",
   * so without a privilege that shows them they are never read as empty).
   */
  readonly options: Options | 'unknown';
}

/** A local schema that tables of the spec live in. */
export interface Schema extends Facets {
  readonly kind: 'schema';
  readonly name: string;
}

/** A foreign table. */
export interface ForeignTable extends QualifiedName, Facets {
  readonly kind: 'foreign-table';
  readonly server: string;
  readonly options: Options;
  /** In order of their attribute numbers. */
  readonly columns: readonly Column[];
  /** What it was called before; in a desired state where it was, in an actual one where it is about to be renamed. */
  readonly renamedFrom?: QualifiedName | undefined;
  /** By name. undefined: not managed by the spec (desired). */
  readonly checks?: readonly Check[] | undefined;
  /** undefined: not managed by the spec (desired). */
  readonly columnGrants?: readonly ColumnGrant[] | undefined;
  /** Of a partition of a sharded table: the columns whose options and settings the spec manages (desired); those of others are left alone. */
  readonly ownColumns?: readonly string[] | undefined;
  /** undefined: it is no partition (actual), not managed (desired). `none`: it shall be none (desired). */
  readonly partitionOf?: PartitionOf | 'none' | undefined;
  /** The tables that it inherits from, but for what it is a partition of. undefined: none (actual), not managed (desired). */
  readonly inherits?: readonly QualifiedName[] | undefined;
  /** Checks that it has from its parents alone (actual); that they ask for (desired). undefined: none. */
  readonly handedDown?: readonly Check[] | undefined;
  /** It is replaced, and its parents are not managed: it shall come back as it was (desired). */
  readonly keepsParents?: true | undefined;
  /** A partition of a sharded table: its parent makes its columns (desired). */
  readonly madeByParent?: true | undefined;
}

/** One object of any kind. */
export type FdwObject = Extension | Wrapper | Server | UserMapping | Schema | UserType | PartitionedTable | ForeignTable;

/** What it takes to name an object of any kind. */
export type ObjectName =
  | { readonly kind: (Extension | Wrapper | Server | Schema)['kind']; readonly name: string }
  | { readonly kind: UserMapping['kind']; readonly server: string; readonly role: MappingRole }
  | ({ readonly kind: (UserType | PartitionedTable | ForeignTable)['kind'] } & QualifiedName);

/** A relation that is no foreign table but has a name that one might want. */
export interface OtherRelation extends QualifiedName {
  /** In words: `view`, `partitioned table`. */
  readonly what: string;
}

/** What a database has. */
export interface ActualState extends DatabaseState {
  /** `server_version_num`: decides what can be altered in place. */
  readonly versionNum: number;
  readonly otherRelations: readonly OtherRelation[];
  /** How many foreign tables are in schemas that were not asked for; undefined: not counted. */
  readonly foreignTablesElsewhere?: number;
}

/**
 * A set of objects: what a spec wants, or what a database has. Plain data: it survives JSON, but for
 * secrets, which come out as `(sensitive)`.
 */
export interface DatabaseState {
  readonly extensions: readonly Extension[];
  readonly wrappers: readonly Wrapper[];
  readonly servers: readonly Server[];
  readonly userMappings: readonly UserMapping[];
  readonly schemas: readonly Schema[];
  /** Each after those that it is made of (desired). */
  readonly types: readonly UserType[];
  readonly foreignTables: readonly ForeignTable[];
  /** undefined: none. */
  readonly partitionedTables?: readonly PartitionedTable[];
}

/** What a spec wants. */
export interface DesiredState extends DatabaseState {
  /** What must not exist; undefined: nothing. */
  readonly absent?: readonly ObjectName[];
}
