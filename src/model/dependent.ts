import type { QualifiedName } from './name.ts';

/** A foreign table that is to be dropped, or a column of it that is to go or to change its type. */
export interface Loss {
  readonly table: QualifiedName;
  /** undefined: the whole table. */
  readonly column: string | undefined;
}

/** Something that stands on a loss, so that PostgreSQL will refuse it without CASCADE. */
export interface Dependent {
  readonly loss: Loss;
  /** As PostgreSQL describes it: `view reporting.large`. */
  readonly description: string;
}
