/**
 * The closed sets of words that a verdict is made of; the spec, annotations in query files and the judge
 * share them.
 */

/** What a clause is; `output` is an expression of the select list. */
export const clauseKinds = [
  'filter', 'join', 'aggregate', 'distinct', 'window', 'sort', 'limit', 'set-operation',
  'lock', 'insert', 'update', 'delete', 'output',
] as const;

/** The overall words that one may expect of a query. */
export const verdictWords = ['full', 'partial', 'none', 'danger', 'no-foreign'] as const;

/** Where a kind of clause may be expected to run. */
export const expectedPlaces = ['remote', 'local', 'any'] as const;

/** The limits that one may expect, beside places, each by what the planner estimates. */
export const limitNames = ['max_fetched_rows', 'max_fetch_ratio', 'max_round_trips'] as const;

/** What a limit is about, for people. */
export const limitTexts: Readonly<Record<(typeof limitNames)[number], string>> = {
  max_fetched_rows: 'The most rows that may be fetched, as the planner estimates them.',
  max_fetch_ratio: 'How many rows may be fetched for each row that the query returns or writes, as the planner estimates them.',
  max_round_trips: 'The most round trips to remotes, as the planner estimates them: fetches of fetch_size rows, batches of batch_size rows.',
};
