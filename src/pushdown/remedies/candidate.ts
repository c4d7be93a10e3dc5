import type { ReasonId } from '../../model/rules.ts';
import type { RelationFacts, ServerFacts } from '../facts/relations.ts';
import type { OpenedQuery } from '../facts/views.ts';
import type { Prober } from '../oracle/prober.ts';
import type { Clause, Reason, Remedy } from '../types.ts';
import type { Trial, World } from './laboratory.ts';
import type { SpecValue } from './spec-patch.ts';
import type { SpecSight } from './spec-places.ts';

/** A remedy that leaves the statement as it is, before it is tried. */
export interface Candidate extends Pick<Remedy, 'kind' | 'title' | 'sql' | 'changesMeaning'> {
  /** The same as values of the spec; null where it is none. */
  readonly spec: readonly SpecValue[] | null;
  readonly reasons: readonly ReasonId[];
  /** The world to try it in; a sentence where it cannot be tried. */
  readonly trial: Pick<World, 'change' | 'settings'> | string;
  /** What shows that it helps, where that is not a clause fewer that runs here. */
  readonly shows?: (trial: Trial) => boolean;
  /** Whether the remote takes what is then sent, as far as that is known here; not offered where it does not. */
  readonly accepted?: (remoteSql: readonly string[]) => boolean;
  /** It contacts the remote; a sentence for where that is not wanted. */
  readonly asksRemote?: string;
  /** A sentence for where it was tried and does not show; without one it is then not offered. */
  readonly failing?: string;
  /** One of several of this name, from the mildest on: the first that helps is offered. */
  readonly ladder?: string;
  /** A ladder that is better: tried only where that does not help. */
  readonly unless?: string;
  /** Offered only for what nothing else is proved for. */
  readonly lastResort?: true;
  /** A matter of costs: without the statistics of the tables, trying it says nothing. */
  readonly needsStatistics?: boolean;
}

/** What candidates are made from. */
export interface Grounds extends SpecSight {
  readonly prober: Prober;
  readonly versionNum: number;
  readonly user: string;
  readonly ill: readonly Clause[];
  /** Of the statement as a whole. */
  readonly notes: readonly Reason[];
  readonly opened: OpenedQuery;
}

/** The reasons of one id, over all clauses and the statement as a whole, each subject once. */
export function reasonsOf({ ill, notes }: Grounds, id: ReasonId): readonly Reason[] {
  const all = [...ill.flatMap((clause) => clause.reasons), ...notes].filter((reason) => reason.id === id);
  return [...new Map(all.map((reason) => [reason.subject, reason])).values()];
}

/** The servers of tables. */
export function serversOf(tables: readonly RelationFacts[]): readonly ServerFacts[] {
  return [...new Map(tables.flatMap(({ server }) => (server === undefined ? [] : [[server.oid, server] as const]))).values()];
}

/** The foreign tables of a statement. */
export function foreignTables({ facts }: Grounds): readonly RelationFacts[] {
  return facts.filter((each) => each.kind === 'f' && each.server !== undefined);
}
