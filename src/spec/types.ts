import type { SourceFile, SourceSpan } from '../base/source.ts';
import type { Problem } from '../base/spec-error.ts';
import type { Generated, Identity, Storage } from '../model/column.ts';
import type { Check } from '../model/check.ts';
import type { ColumnGrant } from '../model/column-grant.ts';
import type { Facets, Grant } from '../model/facets.ts';
import type { HealthExpectation } from '../model/health.ts';
import type { QualifiedName } from '../model/name.ts';
import type { ObjectName, WrapperDefinition } from '../model/objects.ts';
import type { MappingRole } from '../model/role.ts';
import type { Options } from '../model/option.ts';
import type { ReasonId } from '../model/rules.ts';
import type { OptionHolder } from '../model/secret-options.ts';
import type { SecretReference } from '../model/secret-reference.ts';
import type { DomainCheck } from '../model/user-types.ts';
import type { clauseKinds, expectedPlaces, limitNames, verdictWords } from '../model/verdict.ts';

/** A value with the place where it stands, for problems that only a server can find. */
export interface Placed<T> {
  readonly value: T;
  readonly at: SourceSpan;
}

/** A spec: read, interpolated, validated and with its references resolved. */
export interface Spec {
  readonly source: SourceFile;
  /** The connection string of the local database, where the spec gives one. May hold a password: never print it. */
  readonly database: Placed<string> | undefined;
  readonly extensions: readonly SpecExtension[];
  readonly wrappers: readonly SpecWrapper[];
  readonly servers: readonly SpecServer[];
  readonly schemas: readonly SpecImportedSchema[];
  /** What is said of local schemas themselves, those of `schemas` among them. */
  readonly localSchemas: readonly SpecLocalSchema[];
  readonly types: readonly SpecType[];
  readonly tables: readonly SpecTable[];
  readonly shardedTables: readonly SpecShardedTable[];
  readonly pushdown: SpecPushdown;
  /** What must not exist. The lists above hold only what must. */
  readonly absent: SpecAbsent;
  /** Every secret that the options above refer to, with the place that names it. */
  readonly secrets: readonly Placed<SecretReference>[];
  /** The options that only a server can judge: all but those of tables and columns that every major knows. */
  readonly options: readonly SpecOption[];
}

/** What `loadSpec` gives: warnings do not stop anything (a literal password, say). */
export interface LoadedSpec {
  readonly spec: Spec;
  /** Its files, as the user or an include named them. */
  readonly files: readonly string[];
  /** SHA-256 (hex) of the texts of its files, as they stand there: nothing that was interpolated is in it. */
  readonly digest: string;
  readonly warnings: readonly Problem[];
}

/** What says `absent: true`. */
export interface SpecAbsent {
  readonly wrappers: readonly Placed<string>[];
  readonly extensions: readonly Placed<string>[];
  /** With their user mappings; with `prune` also with all foreign tables on them. */
  readonly servers: readonly { readonly name: Placed<string>; readonly prune: boolean }[];
  /** Of servers that exist. */
  readonly userMappings: readonly { readonly server: string; readonly role: MappingRole; readonly at: SourceSpan }[];
  /** Imported schemas: the local schema with the foreign tables in it that are on the server. Without a server: the schema alone. */
  readonly schemas: readonly { readonly name: Placed<string>; readonly server: Placed<string> | undefined }[];
  readonly types: readonly Placed<QualifiedName>[];
  /** Also partitions of sharded tables that exist. */
  readonly tables: readonly Placed<QualifiedName>[];
  /** With the foreign tables that are their partitions. */
  readonly shardedTables: readonly Placed<QualifiedName>[];
}

/** An option that the server must have its say about. */
export interface SpecOption {
  readonly wrapper: string;
  readonly holder: OptionHolder;
  /** undefined for tables and columns. */
  readonly object: ObjectName | undefined;
  readonly name: Placed<string>;
}

export interface SpecExtension {
  readonly name: Placed<string>;
  readonly schema: Placed<string> | undefined;
  readonly version: Placed<string> | undefined;
}

export interface SpecWrapper extends Facets {
  readonly name: Placed<string>;
  /** undefined: only its grants are given. */
  readonly definition: WrapperDefinition | undefined;
}

export interface SpecServer extends Facets {
  readonly name: Placed<string>;
  readonly renamedFrom: Placed<string> | undefined;
  readonly wrapper: string;
  readonly type: string | undefined;
  readonly version: string | undefined;
  readonly options: Options;
  readonly userMappings: readonly SpecUserMapping[];
  /** Whether user mappings and foreign tables of the server that the spec does not name are dropped. */
  readonly prune: boolean;
  /** What `fdw doctor` holds it to. */
  readonly expect: HealthExpectation | undefined;
}

export interface SpecUserMapping {
  readonly role: MappingRole;
  readonly at: SourceSpan;
  readonly options: Options;
}

/** `all`, the tables listed, or all but some. */
export type SpecTableSelection =
  | { readonly kind: 'all' }
  | { readonly kind: 'listed'; readonly tables: readonly Placed<string>[] }
  | { readonly kind: 'except'; readonly tables: readonly Placed<string>[] };

/** A local schema, whether or not something is imported into it. */
export interface SpecLocalSchema extends Facets {
  readonly name: Placed<string>;
}

export interface SpecImportedSchema {
  /** The local schema. */
  readonly name: Placed<string>;
  readonly server: Placed<string>;
  readonly remoteSchema: Placed<string>;
  readonly selection: SpecTableSelection;
  /** IMPORT FOREIGN SCHEMA's own options by their own names, with its own defaults. */
  readonly import: { readonly collate: boolean; readonly default: boolean; readonly generated: boolean; readonly notNull: boolean };
  /** Types that its columns need and the local database lacks: create them, or call it an error. */
  readonly types: 'create' | 'require';
  /** On each imported table. */
  readonly select: Grant | undefined;
  /** Whether foreign tables of this schema and server that the spec does not name are dropped. */
  readonly prune: boolean;
  /** What the remote cannot say, table by table. */
  readonly overrides: readonly SpecOverride[];
}

/** A type of the local database. */
export interface SpecType extends Facets {
  readonly name: Placed<QualifiedName>;
  readonly definition: SpecTypeDefinition;
}

/** What a type is. Texts of types and expressions are as written; PostgreSQL decides what they mean. */
export type SpecTypeDefinition =
  | { readonly kind: 'enum'; readonly labels: readonly string[] }
  | {
      readonly kind: 'domain';
      readonly base: Placed<string>;
      readonly collation: SpecColumn['collation'];
      readonly notNull: boolean;
      readonly default: string | undefined;
      readonly checks: readonly DomainCheck[] | undefined;
    }
  | { readonly kind: 'composite'; readonly attributes: readonly SpecAttribute[] }
  | {
      readonly kind: 'range';
      readonly subtype: Placed<string>;
      readonly opclass: QualifiedName | undefined;
      readonly collation: SpecColumn['collation'];
      readonly subdiff: QualifiedName | undefined;
      readonly multirange: QualifiedName | undefined;
    };

/** An attribute of a composite type. */
export interface SpecAttribute {
  readonly name: string;
  readonly type: Placed<string>;
  readonly collation: SpecColumn['collation'];
}

/** What a foreign table is part of. A key that is undefined: not managed. */
export interface SpecParents {
  /** Empty: it inherits from nothing. */
  readonly inherits: readonly Placed<QualifiedName>[] | undefined;
  readonly partitionOf: SpecPartitionOf | 'none' | undefined;
}

/** A place among the partitions of a table. */
export interface SpecPartitionOf {
  readonly parent: Placed<QualifiedName>;
  readonly bound: SpecBound;
}

export interface SpecTable extends Facets, SpecParents {
  readonly name: Placed<QualifiedName>;
  readonly server: Placed<string>;
  readonly renamedFrom: Placed<QualifiedName> | undefined;
  readonly options: Options;
  readonly columns: readonly SpecColumn[];
  readonly checks: readonly Placed<Check>[] | undefined;
  readonly columnGrants: readonly ColumnGrant[] | undefined;
}

/** What an imported table shall have beyond what the remote says, by the table's name there. */
export interface SpecOverride extends Facets, SpecParents {
  readonly name: Placed<string>;
  readonly renamedFrom: Placed<QualifiedName> | undefined;
  readonly options: Options;
  readonly columns: readonly SpecColumnOverride[];
  readonly checks: readonly Placed<Check>[] | undefined;
  readonly columnGrants: readonly ColumnGrant[] | undefined;
}

/** Of a column what is given. */
export type SpecColumnOverride = Omit<SpecColumn, 'type' | 'notNull'> & { readonly type: Placed<string> | undefined; readonly notNull: boolean | undefined };

/** A partitioned table whose partitions are foreign tables. */
export interface SpecShardedTable extends Facets {
  readonly name: Placed<QualifiedName>;
  readonly strategy: 'hash' | 'range' | 'list';
  /** As written, what follows PARTITION BY. Never put into SQL that is kept before the server has said it in its own words. */
  readonly key: Placed<string>;
  readonly columns: readonly SpecColumn[];
  readonly partitions: readonly SpecPartition[];
  /** Whether values without a partition are meant. */
  readonly gaps: boolean;
  /** Whether foreign tables that are partitions of it and that the spec does not name are dropped. */
  readonly prune: boolean;
}

export interface SpecPartition extends Facets {
  readonly name: Placed<QualifiedName>;
  readonly server: Placed<string>;
  readonly options: Options;
  /** What columns have here beyond what the table hands down. */
  readonly columns: readonly SpecColumnOverride[];
  /** Beside those of the table. */
  readonly checks: readonly Placed<Check>[] | undefined;
  readonly columnGrants: readonly ColumnGrant[] | undefined;
  readonly bound: SpecBound;
}

/** What of the rows a partition holds. */
export type SpecBound =
  | { readonly kind: 'hash'; readonly modulus: number; readonly remainder: number }
  | { readonly kind: 'range'; readonly from: readonly BoundValue[]; readonly to: readonly BoundValue[] }
  | { readonly kind: 'list'; readonly values: readonly BoundValue[] }
  | { readonly kind: 'default' };

/** A value of a bound: a text that the server reads as the key's type, or a word. */
export type BoundValue = { readonly text: string } | 'null' | 'minvalue' | 'maxvalue';

export interface SpecColumn {
  readonly name: Placed<string>;
  readonly renamedFrom: string | undefined;
  /** As written; PostgreSQL decides what it means. Never put into SQL before it was checked by the server. */
  readonly type: Placed<string>;
  readonly notNull: boolean;
  readonly collation: Placed<QualifiedName | string> | undefined;
  readonly default: Placed<string> | undefined;
  /** An expression and how it is kept. */
  readonly generated: Placed<Generated> | undefined;
  readonly identity: Placed<Identity> | undefined;
  readonly options: Options;
  readonly statistics: number | undefined;
  readonly nDistinct: number | undefined;
  readonly nDistinctInherited: number | undefined;
  /** `default`: that of its type. */
  readonly storage: Placed<Storage['mode'] | 'default'> | undefined;
  readonly comment: string | undefined;
}

export interface SpecPushdown {
  /** Globs, relative to the spec's folder. */
  readonly queries: readonly Placed<string>[];
  readonly role: string | undefined;
  readonly checks: readonly SpecCheck[];
}

export interface SpecCheck {
  readonly name: Placed<string>;
  readonly sql: Placed<string>;
  readonly expect: Expectation | undefined;
  readonly ignores: readonly Ignore[];
}

/** A reason that the author of a query knows of and takes. */
export interface Ignore {
  readonly reason: ReasonId;
  readonly because: string;
  readonly at: SourceSpan;
}

/** The clause kinds of a verdict; `output` is a select-list expression. */
export type ClauseKind = (typeof clauseKinds)[number];

/** The overall words of a verdict that one may expect. */
export type VerdictWord = (typeof verdictWords)[number];

/** A limit that one may expect. */
export type LimitName = (typeof limitNames)[number];

/** What a query is held to: a word for the whole, or a place per kind of clause, or limits. */
export interface Expectation {
  readonly at: SourceSpan;
  readonly verdict: VerdictWord | undefined;
  readonly clauses: readonly { readonly kind: ClauseKind; readonly runs: (typeof expectedPlaces)[number] }[];
  readonly limits: readonly { readonly name: LimitName; readonly most: number }[];
}
