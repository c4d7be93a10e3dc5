import type { SourceSpan } from '../base/source.ts';

/** How a pipeline shows a finding. */
export type Level = 'error' | 'warning' | 'note';

/** One thing to say, for formats that list findings with their place. */
export interface Placed {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  /** What the spec has of it; undefined: it does not name it, or there is none. */
  readonly at: SourceSpan | undefined;
  /** What tells it from others, whatever else changes. */
  readonly key: string;
  /** What mends it, for whoever reads on. */
  readonly more: readonly string[];
}
