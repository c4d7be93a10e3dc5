import type { PlannerSettings } from '../explain/explain.ts';
import type { Clause, Wire } from '../types.ts';
import type { Change } from '../what-if/change.ts';

/** What a statement is planned in; what is left out is as it is. */
export interface World {
  /** Another statement. */
  readonly sql?: string;
  readonly change?: Change | undefined;
  readonly settings?: PlannerSettings;
}

/** What the plan of a remedied statement shows. */
export interface Trial {
  /** The clauses that run here. */
  readonly local: readonly Pick<Clause, 'kind' | 'text'>[];
  readonly remoteSql: readonly string[];
  /** How many scans are asked once for each row of something else. */
  readonly loops: number;
  /** Whether rows are inserted in batches. */
  readonly batched: boolean;
  /** Whether shards are asked at once. */
  readonly async: boolean;
  /** Whether the estimates are those of the tables, as far as those have statistics. */
  readonly estimates: boolean;
  /** undefined: not known. */
  readonly wire: Wire | undefined;
}

/** Where remedies are tried. */
export interface Laboratory {
  /** What the statement fetches as it is. */
  readonly wire: Wire;
  /** How many of its scans are asked for each row of something else. */
  readonly loops: number;
  /** The statement's plan in another world; a sentence where there is none. */
  readonly plan: (world: World) => Promise<Trial | string>;
  /** Whether the remote may be asked. */
  readonly remote: boolean;
}

/** The clauses of whose kind fewer run here. */
export function curedBy(ill: readonly Clause[], trial: Trial): readonly Clause[] {
  return ill.filter((clause) => clause.runs === 'local' && trial.local.filter(({ kind }) => kind === clause.kind).length < ill.filter(({ kind }) => kind === clause.kind).length);
}

/** What is left here in a trial, for people. */
export function remainingIn({ local }: Trial): readonly string[] {
  return local.map(({ kind, text }) => `${kind} ${text}`);
}
