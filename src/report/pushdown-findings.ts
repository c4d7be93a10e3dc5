import type { ReasonId, RuleId } from '../model/rules.ts';
import type { PushdownReport, QueryVerdict, Region } from '../pushdown/types.ts';

/** From what fails a run, over what may deserve a look, to what is known and expected. */
const levels = ['error', 'warning', 'note'] as const;

export type Level = (typeof levels)[number];

/** One thing to say about a query, for formats that list findings with their place. */
export interface Finding {
  readonly rule: RuleId;
  readonly level: Level;
  readonly message: string;
  readonly query: QueryVerdict;
  /** As the user named it; `-` for stdin, undefined for `--query`. */
  readonly file: string | undefined;
  readonly region: Region;
  /** What tells it from others of the query, whatever else changes in the file. */
  readonly key: string;
  /** Why the author of the query takes it; undefined: it is not ignored. */
  readonly ignored: string | undefined;
}

/**
 * All findings of a report, the most severe first, else in the order of the queries; one at a time, for there may be millions.
 *
 * Errors: what was missed or could not be judged. Warnings: reasons of clauses that cannot be sent, in a query
 * that is held to nothing, and a remote that reads too much. Notes: the same in a query that is what it is held to, what is here only by cost, and what
 * is worth knowing of clauses that are sent.
 */
export function* findingsOf({ queries }: PushdownReport): Generator<Finding> {
  for (const level of levels) {
    for (const query of queries) {
      for (const finding of ofQuery(query)) if (finding.level === level) yield finding;
    }
  }
}

function ofQuery(query: QueryVerdict): readonly Finding[] {
  const found = (rule: RuleId, level: Level, message: string, key: string, region = query.region): Finding => {
    const ignored = query.ignores?.find(({ reason }) => reason === rule)?.because;
    return { rule, level: ignored === undefined ? level : 'note', message, key, query, file: query.file, region, ignored };
  };
  const missed = query.held.flatMap((held) => (held.missed === undefined || held.noted === true ? [] : [found('expectation-missed', 'error', `${query.name}: ${held.missed}`, held.what)]));
  const isHeld = query.held.some((held) => held.noted !== true);
  return [...broken(query, found), ...missed, ...query.clauses.flatMap((clause): readonly Finding[] => {
    const blocked = clause.cause === 'blocked';
    const level = blocked && !isHeld ? 'warning' : 'note';
    const here = clause.runs === 'local' ? 'runs here' : 'is sent';
    const key = `${clause.kind} ${clause.text}`;
    const region = clause.place?.region;
    const view = clause.place?.view === undefined ? '' : ` (in the ${clause.place.view.kind} ${clause.place.view.name})`;
    const head = `${query.name}: ${clause.kind} ${clause.text}${view} ${here}`;
    if (clause.reasons.length === 0) return blocked ? [found('runs-here', level, head, key, region)] : [];
    return clause.reasons.map(({ id, subject, message }) => found(id, level, `${head}: ${message}`, `${key} ${subject}`, region));
  }), ...query.notes.map(({ id, subject, message }) => found(id, noteLevels[id] ?? 'note', `${query.name}: ${message}`, subject))];
}

/** Notes of a query that are more than worth knowing: what the remote says of it. */
const noteLevels: Partial<Readonly<Record<ReasonId, Level>>> = { 'remote-sql-invalid': 'error', 'type-mismatch': 'error', 'remote-not-asked': 'error', 'remote-seq-scan': 'warning' };

function broken(query: QueryVerdict, found: (rule: RuleId, level: Level, message: string, key: string) => Finding): readonly Finding[] {
  if (query.error === undefined) return [];
  const { message, hint, at } = query.error;
  const finding = found('not-judged', 'error', `${query.name}: ${message}${hint === undefined ? '' : ` (${hint})`}`, message);
  if (at === undefined) return [finding];
  return [{ ...finding, region: { line: at.line, column: at.column, endLine: at.line, endColumn: at.endColumn } }];
}
