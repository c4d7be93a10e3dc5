import type { ClauseKind, Expectation, LimitName, VerdictWord } from '../spec/types.ts';
import type { Clause, Held, Scan } from './types.ts';
import { fetchedBy } from './wire.ts';

/** What an expectation is held against. */
export interface Judged {
  readonly word: VerdictWord;
  readonly clauses: readonly Clause[];
  readonly scans: readonly Scan[];
  /** Rows that the query returns or writes, as estimated. */
  readonly returnedRows: number;
}

/**
 * Each thing that an expectation says, with a sentence where it is missed.
 *
 * What was merely not chosen counts as remote: the same suite must pass or fail alike on an empty and on a
 * full database, and only the planner's estimates keep such a clause here. `word` is to be made under the
 * same rule.
 * - A word must be exactly the verdict's: an improvement misses it too, so that the record stays true.
 * - `kind:remote`: no clause of that kind is local; there need not be one. `kind:local`: some clause is.
 * - `max_fetched_rows` and other limits: what the planner estimates, over all scans. These do depend on data.
 */
export function holdTo(expect: Expectation, judged: Judged): readonly Held[] {
  const held: Held[] = [];
  if (expect.verdict !== undefined) held.push({ what: expect.verdict, missed: missedWord(expect.verdict, judged) });
  for (const { kind, runs } of expect.clauses) held.push({ what: `${kind}:${runs}`, missed: runs === 'any' ? undefined : missedPlace(kind, runs, judged.clauses) });
  for (const { name, most } of expect.limits) held.push({ what: `${name}:${most}`, missed: missedLimit(name, most, judged) });
  return held;
}

function missedWord(word: VerdictWord, judged: Judged): string | undefined {
  return word === judged.word ? undefined : `expected the verdict ${word}, but it is ${judged.word}${dependsOnData(judged)}`;
}

function missedPlace(kind: ClauseKind, runs: 'remote' | 'local', clauses: readonly Clause[]): string | undefined {
  const first = clauses.find((clause) => clause.kind === kind && clause.runs === 'local' && clause.cause !== 'not-chosen');
  if (runs === 'remote') return first === undefined ? undefined : `expected ${kind} to run on the remote, but ${quoted(first.text)} runs here`;
  return first === undefined ? `expected ${kind} to run here, but ${noLocal(kind, clauses)}` : undefined;
}

function missedLimit(name: LimitName, most: number, { scans, returnedRows }: Judged): string | undefined {
  const { rows } = fetchedBy(scans);
  switch (name) {
    case 'max_fetched_rows':
      return rows > most ? `expected at most ${most} fetched rows, but the planner expects ${rows}` : undefined;
    case 'max_fetch_ratio':
      return rows > most * Math.max(1, returnedRows) ? `expected at most ${most} fetched rows for each row of the result, but the planner expects ${rows} fetched rows for ${returnedRows}` : undefined;
    case 'max_round_trips': {
      const trips = scans.reduce((sum, scan) => sum + scan.roundTrips, 0);
      return trips > most ? `expected at most ${most} round ${most === 1 ? 'trip' : 'trips'}, but the planner expects ${trips}` : undefined;
    }
  }
}

function noLocal(kind: string, clauses: readonly Clause[]): string {
  const same = clauses.filter((clause) => clause.kind === kind);
  if (same.some((clause) => clause.runs === 'local')) return 'only its cost keeps it here';
  return same.length > 0 ? 'it runs on the remote' : 'there is none';
}

/** Why the word that is held to may be another than the verdict that the user sees. */
function dependsOnData({ word, clauses }: Judged): string {
  if (clauses.some((clause) => clause.cause === 'not-chosen')) return ' (what only its cost keeps here counts as remote)';
  return word === 'none' && clauses.some(({ runs }) => runs === 'remote') ? ' (a condition by which a join looks rows up one by one does not count: other numbers of rows keep it here)' : '';
}

function quoted(text: string): string {
  return `\`${text.length > 120 ? `${text.slice(0, 119)}…` : text}\``;
}
