import type { QualifiedName } from '../model/name.ts';
import type { ActualState, ForeignTable } from '../model/objects.ts';
import type { RelationSelection } from '../model/remote-relation.ts';
import type { SpecBound, SpecImportedSchema } from '../spec/types.ts';

/** What a foreign-data wrapper stands on. */
export interface WrapperFact {
  readonly name: string;
  /** The extensions that bring it or its functions. */
  readonly extensions: readonly string[];
  /** Its functions that are nobody's but the user's. */
  readonly functions: readonly QualifiedName[];
}

/** Something that a foreign table has and the model does not hold. */
export interface TableFact extends QualifiedName {
  /** In words, with what a plural has in braces, after what a singular has in its place: `polic{y|ies}`. */
  readonly what: string;
  readonly count: number;
  /** Whether the table would be another one without it: a partition, an heir. */
  readonly decisive: boolean;
}

/** Something that a foreign table cannot be without: a type, a function, a collation … */
export interface Need {
  readonly table: QualifiedName;
  /** In words: `type`, `function`. */
  readonly what: string;
  /** As in SQL: `reporting.f(integer)`. */
  readonly identity: string;
  /** Where it is a type. */
  readonly type: QualifiedName | undefined;
  /** The extension that brings it. */
  readonly extension: string | undefined;
}

/** What a spec needs or cannot say of partitioned tables. */
export interface PartitionFacts {
  /** Of the partitioned tables. */
  readonly tables: readonly TableFact[];
  /** Of partitions, by their `nameKey`: those that a spec can say. */
  readonly bounds: ReadonlyMap<string, SpecBound>;
}

/** Something that an object which is no table has and the model does not hold. */
export interface ObjectFact {
  readonly kind: 'wrapper' | 'server' | 'schema' | 'type';
  /** Of a type. */
  readonly schema: string | null;
  readonly name: string;
  /** In words. */
  readonly what: string;
}

/** What a spec needs or cannot say, beyond the model. */
export interface PullFacts {
  readonly wrappers: readonly WrapperFact[];
  readonly tables: readonly TableFact[];
  readonly partitions: PartitionFacts;
  readonly needs: readonly Need[];
  /** Extensions whose version is not the one that CREATE EXTENSION gives. */
  readonly otherVersions: readonly string[];
  readonly objects: readonly ObjectFact[];
}

/** A local schema whose tables are what an import of a remote schema gives, but for what can be laid over it. */
export interface RecognisedSchema {
  readonly schema: string;
  readonly server: string;
  readonly remoteSchema: string;
  readonly selection: RelationSelection;
  readonly import: SpecImportedSchema['import'];
  readonly types: SpecImportedSchema['types'];
  /** Its tables as they are, and as the import alone would make them. */
  readonly tables: readonly { readonly actual: ForeignTable; readonly imported: ForeignTable }[];
}

/** A remote that could not be asked what stands behind foreign tables. */
export interface UnreadRemote {
  readonly server: string;
  readonly why: string;
}

/** A database as `fdw pull` sees it. */
export interface Pulled {
  readonly actual: ActualState;
  readonly facts: PullFacts;
  /** The role that reads, and that would own what a plain CREATE makes. */
  readonly role: string;
  readonly recognised: readonly RecognisedSchema[];
  readonly unread: readonly UnreadRemote[];
}

/** What is wanted of it; empty lists: everything. */
export interface PullFilter {
  readonly servers: readonly string[];
  readonly schemas: readonly string[];
}

/** A spec's text, and what it could not say. */
export interface WrittenSpec {
  readonly text: string;
  /** Tables: those that are spelled out; with the partitions of sharded ones. */
  readonly counts: { readonly servers: number; readonly userMappings: number; readonly schemas: number; readonly tables: number };
  /** Environment variables that stand for secrets, in the order of the text. */
  readonly variables: readonly string[];
  /** One line each, names quoted and control characters written out. */
  readonly unsaid: readonly string[];
  /** Servers whose remotes could not be asked, so that their tables are spelled out; one line each, as above. */
  readonly unread: readonly string[];
  /** How many user mappings have options that the role may not see. */
  readonly hiddenMappings: number;
}
