import type { QualifiedName } from './name.ts';

/** Why a foreign table's statistics are to be gathered, or not. `unknown`: the remote's row count is not known. */
export type AnalysisReason = 'never' | 'stale' | 'asked' | 'fresh' | 'unknown';

/** What gathering costs. */
export interface AnalysisCost {
  /** Rows that cross the wire, by estimate. */
  readonly rows: number;
  /** Their size, by what a row takes on disk there; undefined: not known. */
  readonly bytes: number | undefined;
  readonly roundTrips: number;
  /** Whether the whole table comes over, rather than a sample. */
  readonly whole: boolean;
}

/** What became of a table. `due`: to be analysed; `kept`: there is no need; `barred`: it cannot be, and `message` says why. */
export type AnalysisOutcome =
  | { readonly kind: 'due' }
  | { readonly kind: 'kept' }
  | { readonly kind: 'barred'; readonly message: string; readonly todo: string | undefined }
  | { readonly kind: 'done'; readonly rows: number; readonly seconds: number }
  | { readonly kind: 'failed'; readonly message: string; readonly todo: string | undefined };

export interface TableAnalysis extends QualifiedName {
  readonly server: string;
  /** Rows by the statistics here; undefined: never analysed. */
  readonly localRows: number | undefined;
  /** Rows by the statistics there; undefined: not known. */
  readonly remoteRows: number | undefined;
  readonly reason: AnalysisReason;
  /** undefined: not known. */
  readonly cost: AnalysisCost | undefined;
  readonly outcome: AnalysisOutcome;
}

export interface Analysis {
  readonly dryRun: boolean;
  /** By schema and name. */
  readonly tables: readonly TableAnalysis[];
  /** Partitioned tables above the tables that are due: their own statistics are gathered by ANALYZE of them alone. */
  readonly parents: readonly QualifiedName[];
}
