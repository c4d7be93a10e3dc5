import { createHash } from 'node:crypto';
import type { ClauseKind, VerdictWord } from '../../spec/types.ts';
import type { QueryVerdict } from '../types.ts';

/** What a baseline holds of a query: only what does not depend on data, on estimates or on how a plan is printed. */
export interface BaselineEntry {
  /** From the folder of the baseline, with `/`; `-` is standard input. */
  readonly file: string;
  /** Its name; of a query without one a digest of its text, so that it may move in its file. */
  readonly name: string;
  readonly verdict: VerdictWord;
  /** The kinds of clause that cannot be sent, with the ids of the reasons; sorted. */
  readonly blocked: readonly { readonly kind: ClauseKind; readonly reasons: readonly string[] }[];
}

/** The entries, sorted by file and name. */
export interface Baseline {
  readonly entries: readonly BaselineEntry[];
}

/** Reasons that come and go with the data: they are told of clauses that are only here by cost. */
export const costReasons: readonly string[] = ['not-chosen-cost', 'never-analyzed', 'parameterised-loop'];

/** A verdict with the entry that it makes. */
export interface Recorded {
  readonly query: QueryVerdict;
  readonly entry: BaselineEntry;
}

/**
 * The entries of those verdicts that a baseline is for: of a file, judged, and held to nothing else.
 *
 * @param pathOf a file's path from the folder of the baseline
 */
export function record(queries: readonly QueryVerdict[], pathOf: (file: string) => string): readonly Recorded[] {
  const seen = new Map<string, number>();
  return queries.flatMap((query): readonly Recorded[] => {
    const { file, steady } = query;
    if (file === undefined || steady === undefined || query.held.length > 0) return [];
    const path = pathOf(file);
    const name = query.name === `${file}:${query.line}` ? digestOf(query.sql) : query.name;
    const times = (seen.get(keyOf({ file: path, name })) ?? 0) + 1;
    seen.set(keyOf({ file: path, name }), times);
    return [{ query, entry: { file: path, name: times === 1 ? name : `${name} (${times})`, verdict: steady, blocked: blockedOf(query) } }];
  });
}

/** What makes an entry one and the same. */
export function keyOf({ file, name }: Pick<BaselineEntry, 'file' | 'name'>): string {
  return `${file}\0${name}`;
}

function digestOf(sql: string): string {
  return `sha256:${createHash('sha256').update(sql.trim().replace(/\s+/g, ' ')).digest('hex').slice(0, 16)}`;
}

function blockedOf({ clauses }: QueryVerdict): BaselineEntry['blocked'] {
  const blocked = clauses.filter((clause) => clause.cause === 'blocked');
  return [...new Set(blocked.map((clause) => clause.kind))].sort().map((kind) => {
    const ids = blocked.filter((clause) => clause.kind === kind).flatMap((clause) => clause.reasons.map(({ id }) => id));
    return { kind, reasons: [...new Set(ids)].filter((id) => !costReasons.includes(id)).sort() };
  });
}
