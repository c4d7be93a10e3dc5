import { withHeld } from '../held.ts';
import type { BaselineChanges, Held, PushdownReport, QueryVerdict } from '../types.ts';
import { keyOf, record } from './entry.ts';
import type { Baseline, BaselineEntry } from './entry.ts';
import { verdictRanks as ranks } from '../verdict.ts';

export interface CompareOptions {
  /** A file's path from the folder of the baseline. */
  readonly pathOf: (file: string) => string;
  /** Whether all queries were judged that the baseline is for; else only files with a judged query have entries that are gone. */
  readonly complete: boolean;
}

/**
 * Holds queries that have no expectation to a baseline. A worse word, or a kind of clause that is blocked now and was
 * not, is missed. Better ones are only reported, as are queries without an entry, and entries without a query.
 */
export function compareWithBaseline(report: PushdownReport, baseline: Baseline, options: CompareOptions): { readonly report: PushdownReport; readonly changes: BaselineChanges } {
  const known = new Map(baseline.entries.map((entry) => [keyOf(entry), entry]));
  const held = new Map<QueryVerdict, Held>();
  const improved: string[] = [];
  const added: QueryVerdict[] = [];
  for (const { query, entry } of record(report.queries, options.pathOf)) {
    const before = known.get(keyOf(entry));
    if (before === undefined) {
      added.push(query);
      continue;
    }
    const worse = regression(before, entry);
    held.set(query, { what: 'baseline', missed: worse });
    const better = worse === undefined ? improvement(before, entry) : undefined;
    if (better !== undefined) improved.push(`${query.name}: ${better}`);
  }
  const gone = goneEntries(report, baseline, options).map(({ file, name }) => `${file}: ${name}`);
  const queries = report.queries.map((query) => withHeld(query, [held.get(query)].filter((each) => each !== undefined)));
  return { report: { ...report, queries }, changes: { added, improved, gone } };
}

function regression(before: BaselineEntry, now: BaselineEntry): string | undefined {
  if (ranks[now.verdict] > ranks[before.verdict]) return `the baseline has the verdict ${before.verdict}, but it is ${now.verdict} now`;
  const blocked = now.blocked.filter(({ kind }) => !before.blocked.some((each) => each.kind === kind)).map(({ kind }) => kind);
  return blocked.length === 0 ? undefined : `in the baseline nothing keeps ${blocked.join(', ')} here, but something does now`;
}

function improvement(before: BaselineEntry, now: BaselineEntry): string | undefined {
  if (ranks[now.verdict] < ranks[before.verdict]) return `the baseline has the verdict ${before.verdict}, and it is ${now.verdict} now`;
  const freed = before.blocked.filter(({ kind }) => !now.blocked.some((each) => each.kind === kind)).map(({ kind }) => kind);
  return freed.length === 0 ? undefined : `nothing keeps ${freed.join(', ')} here any more`;
}

function goneEntries(report: PushdownReport, { entries }: Baseline, { pathOf, complete }: CompareOptions): readonly BaselineEntry[] {
  const there = new Set(record(report.queries, pathOf).map(({ entry }) => keyOf(entry)));
  const files = new Set(report.queries.flatMap(({ file }) => (file === undefined ? [] : [pathOf(file)])));
  // A query that could not be judged may have been any of its file.
  const unsure = new Set(report.queries.flatMap(({ file, verdict }) => (verdict === 'error' && file !== undefined ? [pathOf(file)] : [])));
  return entries.filter((entry) => !there.has(keyOf(entry)) && (complete || files.has(entry.file)) && !unsure.has(entry.file));
}

/** The baseline as this run would have it: entries of other files stay, those that are gone go. */
export function updatedBaseline(report: PushdownReport, baseline: Baseline, options: CompareOptions): Baseline {
  const gone = new Set(goneEntries(report, baseline, options).map(keyOf));
  const now = new Map(baseline.entries.filter((entry) => !gone.has(keyOf(entry))).map((entry) => [keyOf(entry), entry]));
  for (const { entry } of record(report.queries, options.pathOf)) now.set(keyOf(entry), entry);
  return { entries: [...now].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, entry]) => entry) };
}
