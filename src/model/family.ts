import type { Check } from './check.ts';
import type { Column } from './column.ts';
import type { QualifiedName } from './name.ts';

/** What a relation is part of, and what is part of it: what is done to it locks these too. */
export interface Family extends QualifiedName {
  /** What it is a partition of. */
  readonly partitionOf: QualifiedName | undefined;
  /** The default partition beside it. */
  readonly besides: QualifiedName | undefined;
  /** Its own default partition. */
  readonly takesRest: QualifiedName | undefined;
  /** What inherits from it directly; partitions are none of these. */
  readonly heirs: readonly FoundHeir[];
  /** All that is part of it, through others too. */
  readonly descendants: readonly QualifiedName[];
}

/** A relation that inherits from another one, whatever it is. */
export interface FoundHeir extends QualifiedName {
  readonly what: 'table' | 'foreign table';
  readonly columns: readonly HeirColumn[];
  readonly checks: readonly Pick<Check, 'name' | 'expression'>[];
}

/** What has to be alike for a table to inherit. */
export interface HeirColumn extends Pick<Column, 'name' | 'type' | 'notNull' | 'collation'> {
  readonly generated: boolean;
  /** Whether it is only there because the parent has it. */
  readonly handedDown: boolean;
}

/** Families by the `nameKey` of whose they are. */
export type Families = ReadonlyMap<string, Family>;
