import type { ReasonId } from '../../model/rules.ts';
import type { RelationFacts } from '../facts/relations.ts';
import type { OpenedQuery } from '../facts/views.ts';
import type { ColumnFacts } from '../oracle/catalog.ts';
import type { Prober } from '../oracle/prober.ts';
import type { Clause, Reason, Remedy } from '../types.ts';
import type { Trial, World } from './laboratory.ts';
import type { SpecValue } from './spec-patch.ts';

/** A remedy that leaves the statement as it is, before it is tried. */
export interface Candidate extends Pick<Remedy, 'kind' | 'title' | 'sql' | 'changesMeaning'> {
  /** The same as values of the spec; null where it is none. */
  readonly spec: readonly SpecValue[] | null;
  readonly reasons: readonly ReasonId[];
  /** The world to try it in; a sentence where it cannot be tried. */
  readonly trial: Pick<World, 'change' | 'settings'> | string;
  /** What shows that it helps, where that is not a clause fewer that runs here. */
  readonly shows?: (trial: Trial) => boolean;
}

/** What candidates are made from. */
export interface Grounds {
  readonly prober: Prober;
  readonly versionNum: number;
  readonly user: string;
  readonly ill: readonly Clause[];
  /** Of the statement as a whole. */
  readonly notes: readonly Reason[];
  /** Of all relations that the statement reaches. */
  readonly facts: readonly RelationFacts[];
  readonly columns: readonly ColumnFacts[];
  readonly opened: OpenedQuery;
}

/** The reasons of one id, over all clauses and the statement as a whole, each subject once. */
export function reasonsOf({ ill, notes }: Grounds, id: ReasonId): readonly Reason[] {
  const all = [...ill.flatMap((clause) => clause.reasons), ...notes].filter((reason) => reason.id === id);
  return [...new Map(all.map((reason) => [reason.subject, reason])).values()];
}

/** The foreign tables of a statement. */
export function foreignTables({ facts }: Grounds): readonly RelationFacts[] {
  return facts.filter((each) => each.kind === 'f' && each.server !== undefined);
}
