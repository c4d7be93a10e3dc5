import type { QueryVerdict } from '../pushdown/types.ts';

/** What decides where a query stands in a report for people. */
export type Rank = QueryVerdict['verdict'] | 'missed';

/** Queries by their rank, in the order of ranks given; those of a rank in their own order. */
export function* byRank(queries: readonly QueryVerdict[], order: readonly Rank[]): Generator<QueryVerdict> {
  for (const rank of order) {
    for (const query of queries) if ((query.missed.length > 0 ? 'missed' : query.verdict) === rank) yield query;
  }
}
