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

/** The limits that one may expect, beside places. */
export const limitNames = ['max_fetched_rows'] as const;
