import type { Expectation, VerdictWord } from '../spec/types.ts';
import type { Clause, Scan } from './types.ts';

/** What an expectation is held against. */
export interface Judged {
  readonly word: VerdictWord;
  readonly clauses: readonly Clause[];
  readonly scans: readonly Scan[];
}

/**
 * Where an expectation is missed, a sentence each.
 *
 * What was merely not chosen counts as remote: the same suite must pass or fail alike on an empty and on a
 * full database, and only the planner's estimates keep such a clause here. `word` is to be made under the
 * same rule.
 * - A word must be exactly the verdict's: an improvement misses it too, so that the record stays true.
 * - `kind:remote`: no clause of that kind is local; there need not be one. `kind:local`: some clause is.
 * - `max_fetched_rows`: the planner's estimate of rows fetched, over all scans.
 */
export function missedExpectations(expect: Expectation, judged: Judged): readonly string[] {
  const missed: string[] = [];
  if (expect.verdict !== undefined && expect.verdict !== judged.word) {
    missed.push(`expected the verdict ${expect.verdict}, but it is ${judged.word}${onlyCost(judged.clauses)}`);
  }
  for (const { kind, runs } of expect.clauses) {
    const local = judged.clauses.filter((clause) => clause.kind === kind && clause.runs === 'local' && clause.cause !== 'not-chosen');
    const [first] = local;
    if (runs === 'remote' && first !== undefined) missed.push(`expected ${kind} to run on the remote, but ${quoted(first.text)} runs here`);
    if (runs === 'local' && first === undefined) missed.push(`expected ${kind} to run here, but ${noLocal(kind, judged.clauses)}`);
  }
  if (expect.maxFetchedRows !== undefined) {
    const rows = judged.scans.reduce((sum, scan) => sum + (scan.operation === 'select' ? scan.estimatedRows : 0), 0);
    if (rows > expect.maxFetchedRows) missed.push(`expected at most ${expect.maxFetchedRows} fetched rows, but the planner expects ${rows}`);
  }
  return missed;
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
