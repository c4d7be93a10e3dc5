import type { FacetChange } from './facets.ts';
import type { CheckChange } from './check.ts';
import type { QualifiedName } from './name.ts';
import type { Column, Generated, Identity, Storage } from './column.ts';
import type { ColumnGrantChange } from './column-grant.ts';
import type { Extension, FdwObject, ForeignTable, Schema, Server, UserMapping, Wrapper } from './objects.ts';
import type { Option, OptionValue } from './option.ts';
import type { PartitionedTable, PartitionOf } from './partitioned-table.ts';
import type { TypeUpdate } from './type-change.ts';

/** One difference in an option array. PostgreSQL has no upsert: the verb must fit what is there. */
export type OptionChange =
  | { readonly verb: 'add'; readonly option: Option }
  | { readonly verb: 'set'; readonly option: Option; readonly before: OptionValue }
  | { readonly verb: 'drop'; readonly name: string };

/** One difference in a column of a foreign table. */
export type ColumnChange =
  | { readonly kind: 'add-column'; readonly column: Column }
  | { readonly kind: 'drop-column'; readonly name: string }
  | { readonly kind: 'rename-column'; readonly from: string; readonly name: string }
  /** Type and collation change together: `ALTER COLUMN … TYPE … COLLATE …`. */
  | { readonly kind: 'set-type'; readonly before: Column; readonly after: Column }
  | { readonly kind: 'set-not-null'; readonly name: string; readonly notNull: boolean }
  | { readonly kind: 'set-default'; readonly name: string; readonly before: string | undefined; readonly after: string | undefined }
  /** From 17 on; below, the column is dropped and added again. */
  | { readonly kind: 'set-expression'; readonly name: string; readonly before: Generated; readonly after: Generated }
  /** A stored generated column becomes a plain one. */
  | { readonly kind: 'drop-expression'; readonly name: string }
  | { readonly kind: 'set-identity'; readonly name: string; readonly before: Identity | undefined; readonly after: Identity | undefined }
  | { readonly kind: 'set-number'; readonly name: string; readonly setting: ColumnNumber; readonly before: number | undefined; readonly after: number }
  | { readonly kind: 'set-storage'; readonly name: string; readonly before: Storage | undefined; readonly after: Storage }
  | { readonly kind: 'set-column-comment'; readonly name: string; readonly after: string }
  | { readonly kind: 'set-options'; readonly name: string; readonly options: readonly OptionChange[] };

/** What of a column is a number. */
export type ColumnNumber = 'statistics' | 'nDistinct' | 'nDistinctInherited';

/**
 * A foreign table that leaves a parent, by the names that both have before any change. All partings of a plan are made by the first change
 * that they concern: no place among partitions can be taken while another one has it, and a parent's change would be its heirs' too.
 */
export interface Parting {
  readonly table: QualifiedName;
  readonly parent: QualifiedName;
  /** Whether it is a partition of the parent; else it inherits from it. */
  readonly partition: boolean;
  /** Whether it comes back to the parent in the same plan. */
  readonly returns: boolean;
}

/** An heir of a table that is dropped and created again, which steps aside meanwhile; by the names that there are when that happens. */
export interface Aside {
  readonly heir: QualifiedName;
  readonly what: 'table' | 'foreign table';
  readonly parent: QualifiedName;
  /** What the parent is called afterwards. */
  readonly again: QualifiedName;
  /** Columns that it has through the parent alone: once it has left, they are its own as well. */
  readonly ownFromThen: readonly string[];
  /** Why it could not inherit again; empty: it can. */
  readonly misfits: readonly string[];
}

/** One difference between desired and actual, before it is SQL. */
export type Change =
  | { readonly action: 'create'; readonly object: FdwObject; readonly leave?: readonly Parting[] | undefined }
  | { readonly action: 'update'; readonly kind: 'extension'; readonly before: Extension; readonly after: Extension }
  | {
      readonly action: 'update';
      readonly kind: 'wrapper';
      /** undefined: an extension that is created before brings it. */
      readonly before: Wrapper | undefined;
      readonly after: Wrapper;
      readonly options: readonly OptionChange[];
      readonly facets: readonly FacetChange[];
    }
  | {
      readonly action: 'update';
      readonly kind: 'server';
      readonly before: Server;
      readonly after: Server;
      readonly options: readonly OptionChange[];
      readonly facets: readonly FacetChange[];
    }
  | { readonly action: 'update'; readonly kind: 'schema'; readonly after: Schema; readonly facets: readonly FacetChange[] }
  | {
      readonly action: 'update';
      readonly kind: 'user-mapping';
      readonly after: UserMapping;
      /** `rewrite`: what is there is hidden, so that nobody can say what to add and what to set. */
      readonly options: readonly OptionChange[] | 'rewrite';
    }
  | TypeUpdate
  | {
      readonly action: 'update';
      readonly kind: 'foreign-table';
      readonly after: ForeignTable;
      readonly options: readonly OptionChange[];
      /** What the table is called until then; undefined: the same. */
      readonly renamedFrom: QualifiedName | undefined;
      readonly columns: readonly ColumnChange[];
      readonly checks: readonly CheckChange[];
      readonly facets: readonly FacetChange[];
      readonly columnGrants: readonly ColumnGrantChange[];
      readonly leave?: readonly Parting[] | undefined;
      /** Where it becomes a partition; it is none when this runs. */
      readonly attach?: PartitionOf | undefined;
      /** What it begins to inherit from. */
      readonly inherit?: readonly QualifiedName[] | undefined;
      /** What it inherits from again, after that has changed. */
      readonly inheritAgain?: readonly QualifiedName[] | undefined;
    }
  | {
      readonly action: 'update';
      readonly kind: 'partitioned-table';
      readonly after: PartitionedTable;
      readonly columns: readonly ColumnChange[];
      readonly facets: readonly FacetChange[];
      /** Partitions that get another bound: all let go of theirs before the first gets its new one. */
      readonly detach: readonly QualifiedName[];
    }
  | { readonly action: 'replace'; readonly kind: 'foreign-table'; readonly before: ForeignTable; readonly after: ForeignTable; readonly leave?: readonly Parting[] | undefined; readonly aside?: readonly Aside[] | undefined }
  | ServerReplacement
  | { readonly action: 'drop'; readonly object: FdwObject };

/** A server that is dropped and created again, with all that is on it. */
export interface ServerReplacement {
  readonly action: 'replace';
  readonly kind: 'server';
  readonly before: Server;
  readonly after: Server;
  readonly options: readonly OptionChange[];
  /** The user mappings and foreign tables that go with it. */
  readonly gone: readonly (UserMapping | ForeignTable)[];
  /** What of it comes back. */
  readonly back: readonly (UserMapping | ForeignTable)[];
  readonly aside?: readonly Aside[] | undefined;
}

/** What could not be compared, or cannot be brought about. */
export interface Obstacle {
  readonly object: FdwObject;
  readonly message: string;
}

/** What diff gives: the changes in the order of the desired objects, and what stands in their way. */
export interface Difference {
  readonly changes: readonly Change[];
  /** Not comparable: the plan goes on without, and says so. */
  readonly unknown: readonly Obstacle[];
  /** Not possible by ALTER, and not by a replacement that would keep what hangs on the object: the plan is refused. */
  readonly impossible: readonly (Obstacle & { readonly todo: string })[];
}

/** The object that a change is about, as it should become; where it goes, as it is. */
export function objectOf(change: Change): FdwObject {
  return change.action === 'create' || change.action === 'drop' ? change.object : change.after;
}
