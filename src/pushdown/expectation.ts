import type { ClauseKind, Expectation, VerdictWord } from '../spec/types.ts';
import type { Clause, Held, Scan } from './types.ts';

/** What an expectation is held against. */
export interface Judged {
  readonly word: VerdictWord;
  readonly clauses: readonly Clause[];
  readonly scans: readonly Scan[];
}

/**
 * Each thing that an expectation says, with a sentence where it is missed.
 *
 * What was merely not chosen counts as remote: the same suite must pass or fail alike on an empty and on a
 * full database, and only the planner's estimates keep such a clause here. `word` is to be made under the
 * same rule.
 * - A word must be exactly the verdict's: an improvement misses it too, so that the record stays true.
 * - `kind:remote`: no clause of that kind is local; there need not be one. `kind:local`: some clause is.
 * - `max_fetched_rows`: the planner's estimate of rows fetched, over all scans.
 */
export function holdTo(expect: Expectation, judged: Judged): readonly Held[] {
  const held: Held[] = [];
  if (expect.verdict !== undefined) held.push({ what: expect.verdict, missed: missedWord(expect.verdict, judged) });
  for (const { kind, runs } of expect.clauses) held.push({ what: `${kind}:${runs}`, missed: runs === 'any' ? undefined : missedPlace(kind, runs, judged.clauses) });
  if (expect.maxFetchedRows !== undefined) {
    held.push({ what: `max_fetched_rows:${expect.maxFetchedRows}`, missed: missedRows(expect.maxFetchedRows, judged.scans) });
  }
  return held;
}

function missedWord(word: VerdictWord, judged: Judged): string | undefined {
  return word === judged.word ? undefined : `expected the verdict ${word}, but it is ${judged.word}${onlyCost(judged.clauses)}`;
}

function missedPlace(kind: ClauseKind, runs: 'remote' | 'local', clauses: readonly Clause[]): string | undefined {
  const first = clauses.find((clause) => clause.kind === kind && clause.runs === 'local' && clause.cause !== 'not-chosen');
  if (runs === 'remote') return first === undefined ? undefined : `expected ${kind} to run on the remote, but ${quoted(first.text)} runs here`;
  return first === undefined ? `expected ${kind} to run here, but ${noLocal(kind, clauses)}` : undefined;
}

function missedRows(most: number, scans: readonly Scan[]): string | undefined {
  const rows = scans.reduce((sum, scan) => sum + (scan.operation === 'select' ? scan.estimatedRows : 0), 0);
  return rows > most ? `expected at most ${most} fetched rows, but the planner expects ${rows}` : undefined;
}

function noLocal(kind: string, clauses: readonly Clause[]): string {
  const same = clauses.filter((clause) => clause.kind === kind);
  if (same.some((clause) => clause.runs === 'local')) return 'only its cost keeps it here';
  return same.length > 0 ? 'it runs on the remote' : 'there is none';
}

function onlyCost(clauses: readonly Clause[]): string {
  return clauses.some((clause) => clause.cause === 'not-chosen') ? ' (what only its cost keeps here counts as remote)' : '';
}

function quoted(text: string): string {
  return `\`${text.length > 120 ? `${text.slice(0, 119)}…` : text}\``;
}
