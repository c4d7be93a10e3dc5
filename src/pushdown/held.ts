import { costReasons } from './baseline/entry.ts';
import type { Ignore } from '../spec/types.ts';
import type { Clause, Held, PushdownReport, QueryVerdict } from './types.ts';

/** A verdict that is held to more. */
export function withHeld(query: QueryVerdict, more: readonly Held[]): QueryVerdict {
  if (more.length === 0) return query;
  const held = [...query.held, ...more];
  return { ...query, held, missed: held.flatMap((each) => each.missed ?? []) };
}

/** What `--fail-on` may name beside what is always held: expectations and the baseline. */
export type FailOn = 'blocked' | 'danger' | 'new';

/**
 * Holds every judged query to what `--fail-on` asks for.
 *
 * @param added queries of this report that the baseline does not have
 */
export function holdAll(report: PushdownReport, failOn: readonly FailOn[], added: readonly QueryVerdict[]): PushdownReport {
  const queries = report.queries.map((query) => {
    if (query.verdict === 'error') return query;
    const more: Held[] = [];
    const blocked = query.clauses.filter((clause) => clause.cause === 'blocked' && !isIgnored(query, clause));
    if (failOn.includes('blocked')) more.push({ what: 'nothing blocked', missed: blocked.length === 0 ? undefined : `nothing may be blocked, but ${[...new Set(blocked.map(({ kind }) => kind))].join(', ')} is` });
    if (failOn.includes('danger')) more.push({ what: 'no danger', missed: query.steady === 'danger' && !ignoring(query).has('locks-unfiltered') ? 'it locks more rows on the remote than it writes or returns' : undefined });
    if (failOn.includes('new') && added.includes(query)) more.push({ what: 'in the baseline', missed: 'it is not in the baseline' });
    return withHeld(query, more);
  });
  return { ...report, queries, summary: summarise(queries) };
}

/** The reasons that a query's author takes. */
function ignoring({ ignores = [] }: QueryVerdict): ReadonlySet<string> {
  return new Set(ignores.map(({ reason }) => reason));
}

/** Whether a clause is here for nothing but reasons that the query's author takes. */
function isIgnored(query: QueryVerdict, { reasons }: Clause): boolean {
  const ignored = ignoring(query);
  return reasons.length > 0 && reasons.every(({ id }) => ignored.has(id));
}

/** The ignored reasons that no judged query has any more; those that come and go with the data are let be. */
export function idleIgnores({ queries }: PushdownReport): readonly Ignore[] {
  return queries.flatMap((query) => {
    if (query.verdict === 'error') return [];
    const there = new Set<string>([...query.clauses, ...(query.otherPlan?.clauses ?? [])].flatMap(({ reasons }) => reasons.map(({ id }) => id)).concat(query.notes.map(({ id }) => id)));
    return (query.ignores ?? []).filter(({ reason }) => !there.has(reason) && !costReasons.includes(reason));
  });
}

/** How many queries there are of each word, and how many missed something. */
export function summarise(verdicts: readonly QueryVerdict[]): PushdownReport['summary'] {
  const summary: PushdownReport['summary'] = { full: 0, partial: 0, none: 0, danger: 0, 'no-foreign': 0, error: 0, missed: 0 };
  for (const each of verdicts) {
    summary[each.verdict] += 1;
    if (each.missed.length > 0) summary.missed += 1;
  }
  return summary;
}
