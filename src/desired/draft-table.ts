import type { SourceSpan } from '../base/source.ts';
import type { ForeignTable } from '../model/objects.ts';
import type { SpecParents } from '../spec/types.ts';

/** Where parts of a table stand in the spec, by their names. */
export interface PartPlaces {
  readonly columns: ReadonlyMap<string, SourceSpan>;
  readonly checks: ReadonlyMap<string, SourceSpan>;
}

/**
 * A foreign table that a spec wants, before PostgreSQL has put its expressions and collations into its own
 * words. Type names are canonical already.
 */
export interface DraftTable {
  readonly table: ForeignTable;
  /** Where to point when something is wrong with the table. */
  readonly at: SourceSpan;
  /** Found when they are asked for: of ten thousand tables hardly one has anything wrong with it. */
  readonly places: () => PartPlaces;
  /** What the spec says that it is part of. */
  readonly parents: SpecParents;
  /** Whether it holds something that only PostgreSQL can put into canonical form. */
  readonly needsServer: boolean;
}
