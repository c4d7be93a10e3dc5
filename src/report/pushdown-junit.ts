import type { ReasonId } from '../model/rules.ts';
import type { Clause, Held, PushdownReport, QueryVerdict, Remedy } from '../pushdown/types.ts';
import type { Pieces } from './pieces.ts';
import { saidOf } from './pushdown-reasons.ts';
import { element, elementPieces, xmlText } from './xml.ts';

/** The report as JUnit XML: a suite per query file, a case per expectation, or per query that is held to nothing. */
export function* pushdownJunit({ queries }: PushdownReport): Generator<string> {
  const files = new Map<string, QueryVerdict[]>();
  for (const query of queries) {
    const name = suiteName(query);
    const others = files.get(name);
    if (others === undefined) files.set(name, [query]);
    else others.push(query);
  }
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield* elementPieces('testsuites', { name: 'fdw check-pushdown', ...totals(queries), time: time(queries) }, suites(files));
}

function suiteName({ file }: QueryVerdict): string {
  return file === undefined ? '--query' : file === '-' ? 'standard input' : file;
}

function* suites(files: ReadonlyMap<string, readonly QueryVerdict[]>): Generator<Pieces> {
  for (const [name, queries] of files) yield elementPieces('testsuite', { name, ...totals(queries), time: time(queries) }, cases(name, queries));
}

function* cases(suite: string, queries: readonly QueryVerdict[]): Generator<Pieces> {
  for (const query of queries) yield casesOf(suite, query);
}

function totals(queries: readonly QueryVerdict[]): Record<'tests' | 'failures' | 'errors', number> {
  const sum = { tests: 0, failures: 0, errors: 0 };
  for (const { error, held } of queries) {
    sum.tests += error === undefined ? Math.max(1, held.length) : 1;
    if (error !== undefined) sum.errors += 1;
    else sum.failures += held.filter(({ missed }) => missed !== undefined).length;
  }
  return sum;
}

function time(queries: readonly QueryVerdict[]): string {
  return queries.reduce((sum, query) => sum + query.seconds, 0).toFixed(3);
}

/** A query that could not be judged, or is held to nothing, is one case. */
function casesOf(classname: string, query: QueryVerdict): readonly string[] {
  const make = (name: string, content: readonly string[], seconds: number): string =>
    element('testcase', { name, classname, file: query.file, line: query.line, time: seconds.toFixed(3) }, content);
  if (query.error !== undefined) {
    const { message, hint } = query.error;
    return [make(query.name, [element('error', { type: 'not-judged', message }, [xmlText(`${message}${hint === undefined ? '' : `\n${hint}`}`)])], query.seconds)];
  }
  if (query.held.length === 0) return [make(query.name, [element('system-out', {}, [xmlText(described(query))])], query.seconds)];
  // Its time counts once: the cases of a query were judged together.
  return query.held.map((held, index) => {
    const { what, missed } = held;
    const failure = missed === undefined ? [] : [element('failure', failureOf(query, held, missed), [xmlText(described(query))])];
    return make(`${query.name}: ${what}`, failure, index === 0 ? query.seconds : 0);
  });
}

/** What the remote said is told in its own words. */
function failureOf({ notes }: QueryVerdict, { noted }: Held, missed: string): { readonly type: string; readonly message: string } {
  const said = noted === true ? notes.filter(({ id }) => isRefusal(id)) : [];
  return { type: said[0]?.id ?? 'expectation-missed', message: said.length === 0 ? missed : said.map(({ message }) => message).join('; ') };
}

function isRefusal(id: ReasonId): boolean {
  return id === 'remote-sql-invalid' || id === 'type-mismatch' || id === 'remote-not-asked';
}

/** What was found of a query, a line per clause and reason. */
function described(query: QueryVerdict): string {
  return [query.verdict, ...query.clauses.flatMap(lines), ...query.notes.map(({ id, message }) => `${id}: ${message}`), ...fixes(query.remedies)].join('\n');
}

function lines({ runs, kind, text, place, reasons, cause, remedies }: Clause): readonly string[] {
  const at = place?.region === undefined ? '' : ` (line ${place.region.line}, column ${place.region.column})`;
  return [`${runs} ${kind} ${text}${at}`, ...saidOf({ reasons, cause }).map(({ id, message }) => `  ${id}: ${message}`), ...fixes(remedies).map((line) => `  ${line}`)];
}

function fixes(remedies: readonly Remedy[]): readonly string[] {
  return remedies.flatMap(({ title, sql, proved }) => [`remedy (${proved ? 'proved' : 'unproved'}): ${title}`, ...sql.split('\n').map((line) => `  ${line}`)]);
}
