import type { SourceSpan } from '../base/source.ts';
import type { ForeignTable } from '../model/objects.ts';

/**
 * A foreign table that a spec wants, before PostgreSQL has put its expressions and collations into its own
 * words. Type names are canonical already.
 */
export interface DraftTable {
  readonly table: ForeignTable;
  /** Where to point when something is wrong with the table, or with one of its columns. */
  readonly at: SourceSpan;
  readonly columnsAt: ReadonlyMap<string, SourceSpan>;
  /** Where each of its checks stands. */
  readonly checksAt: ReadonlyMap<string, SourceSpan>;
  /** Whether it holds something that only PostgreSQL can put into canonical form. */
  readonly needsServer: boolean;
}
