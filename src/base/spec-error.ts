import type { SourceSpan } from './source.ts';
import { UserError } from './user-error.ts';

/** One thing wrong with a spec (or with a query file), at its place. */
export interface Problem {
  readonly message: string;
  /** undefined where the problem has no place of its own (the file cannot be read, say). */
  readonly at: SourceSpan | undefined;
  /** `did you mean …`, or the key to set. */
  readonly hint?: string | undefined;
  /** The column of an import that it is about: for who goes on without that. */
  readonly column?: ImportedColumn | undefined;
}

/** A column that stands behind a server, by its names there. */
export interface ImportedColumn {
  /** The server's local name. */
  readonly server: string;
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
}

/** All problems of a spec at once, in the order of their places. */
export class SpecError extends UserError {
  override readonly name = 'SpecError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], id = 'spec-invalid', message = problems.length === 1 ? 'The spec has a problem.' : `The spec has ${problems.length} problems.`) {
    super(id, message);
    this.problems = problems;
  }
}
