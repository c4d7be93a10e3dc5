import type { Clause, QueryVerdict, Reason } from '../../../src/pushdown/types.ts';

/** One rule of postgres_fdw, as a statement on the shop, with all that the judge is to find; from and to a major where they differ. */
export interface Rule {
  readonly from?: number;
  readonly to?: number;
  readonly rule: string;
  readonly sql: string;
  /** The word; where costs are part of it, also the one that holds for any data. */
  readonly verdict: string;
  /** Outermost first: `local filter blocked: type-not-shippable shop.order_status`. */
  readonly clauses: readonly string[];
  readonly notes?: readonly string[];
  /** Of a statement with parameters, where the other plan differs. */
  readonly other?: string;
}

/** A verdict in the words of a rule. */
export function told({ verdict, steady, clauses, notes, otherPlan }: QueryVerdict): Pick<Rule, 'verdict' | 'clauses' | 'notes' | 'other'> {
  return {
    verdict: steady === verdict ? verdict : `${verdict}, ${String(steady)} for any data`,
    clauses: clauses.map(clauseText),
    ...(notes.length === 0 ? {} : { notes: notes.map(reasonText) }),
    ...(otherPlan === undefined ? {} : { other: `${otherPlan.mode} plan: ${otherPlan.verdict}` }),
  };
}

function clauseText({ kind, runs, cause, reasons }: Clause): string {
  const head = [runs, kind, ...(cause === null ? [] : [cause])].join(' ');
  return reasons.length === 0 ? head : `${head}: ${reasons.map(reasonText).join('; ')}`;
}

function reasonText({ id, subject }: Reason): string {
  return unnamed.has(id) ? id : `${id} ${subject}`;
}

/** Reasons whose subject is the clause itself or a condition, which majors print differently, or a role of the test's own. */
const unnamed: ReadonlySet<string> = new Set([
  'different-user', 'local-filter-below', 'local-operation-below', 'subquery-below', 'join-to-subquery', 'outer-join-clause', 'one-time-filter', 'row-marks', 'lateral', 'remote-cross-product',
  'grouping-sets', 'partial-aggregate', 'distinct', 'window', 'set-operation', 'with-ties', 'limit-parameter', 'limit-over-append', 'limit-over-srf', 'redundant-sort',
  'row-by-row-write', 'multi-assignment', 'returning-old-new', 'unbatched-insert', 'not-chosen-cost',
]);
