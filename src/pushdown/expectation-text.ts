import { nearest } from '../base/nearest.ts';
import type { SourceSpan } from '../base/source.ts';
import { clauseKinds, expectedPlaces, limitNames, verdictWords } from '../model/verdict.ts';
import type { Expectation } from '../spec/types.ts';

/** What is wrong with an expectation, and where in its text (UTF-16 offset, length). */
export interface ExpectationFlaw {
  readonly message: string;
  readonly hint: string | undefined;
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads what a query is held to: a word (`full`), or `kind:place` and limits (`max_fetched_rows:number`), separated by
 * commas (`filter:remote,sort:any,max_fetched_rows:1000`).
 *
 * @param at the place of the whole text, kept in the result
 */
export function parseExpectation(text: string, at: SourceSpan): Expectation | ExpectationFlaw {
  const word = verdictWords.find((each) => each === text.trim());
  if (word !== undefined) return { at, verdict: word, clauses: [], limits: [] };
  const clauses: Expectation['clauses'][number][] = [];
  const limits: Expectation['limits'][number][] = [];
  let offset = 0;
  for (const item of text.split(',')) {
    const flaw = (message: string, hint: string | undefined): ExpectationFlaw => ({ message, hint, offset, length: Math.max(1, item.length) });
    const [left = '', right, ...more] = item.split(':').map((part) => part.trim());
    if (right === undefined || more.length > 0) {
      return flaw(`\`${item.trim()}\` is no expectation`, hint(left, [...verdictWords, ...clauseKinds]) ?? `one of ${verdictWords.join(', ')}, or kind:place`);
    }
    const kind = clauseKinds.find((each) => each === left);
    const place = expectedPlaces.find((each) => each === right);
    const limit = limitNames.find((each) => each === left);
    if (limit !== undefined) {
      const most = Number(right);
      if (right === '' || !Number.isSafeInteger(most) || most < 0) return flaw(`\`${right}\` is no ${limitUnits[limit]}`, undefined);
      if (limits.some(({ name }) => name === limit)) return flaw(`\`${left}\` stands twice`, undefined);
      limits.push({ name: limit, most });
    } else if (kind === undefined) {
      return flaw(`\`${left}\` is no kind of clause`, hint(left, [...clauseKinds, ...limitNames]) ?? `one of ${clauseKinds.join(', ')}`);
    } else if (place === undefined) {
      return flaw(`\`${right}\` is no place`, hint(right, expectedPlaces) ?? `one of ${expectedPlaces.join(', ')}`);
    } else if (clauses.some((clause) => clause.kind === kind)) {
      return flaw(`\`${kind}\` stands twice`, undefined);
    } else {
      clauses.push({ kind, runs: place });
    }
    offset += item.length + 1;
  }
  return { at, verdict: undefined, clauses, limits };
}

const limitUnits: Readonly<Record<(typeof limitNames)[number], string>> = { max_fetched_rows: 'number of rows', max_fetch_ratio: 'number of rows', max_round_trips: 'number of round trips' };

function hint(word: string, known: readonly string[]): string | undefined {
  const found = nearest(word, known);
  return found === undefined ? undefined : `did you mean ${found}?`;
}
