import type { ReasonId } from '../model/rules.ts';
import type { Clause, Held, PushdownReport, QueryVerdict, Remedy } from '../pushdown/types.ts';
import { element, xmlText } from './xml.ts';

/** One test case: a query, or one expectation of it. */
interface Case {
  readonly xml: string;
  readonly outcome: 'passed' | 'failed' | 'error';
}

/** The report as JUnit XML: a suite per query file, a case per expectation, or per query that is held to nothing. */
export function pushdownJunit({ queries }: PushdownReport): string {
  const files = [...new Set(queries.map(suiteName))];
  const suites = files.map((file) => suite(file, queries.filter((query) => suiteName(query) === file)));
  const xml = element('testsuites', { name: 'fdw check-pushdown', ...totals(suites.flatMap((each) => each.cases)), time: time(queries) }, suites.map((each) => each.xml));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}

function suiteName({ file }: QueryVerdict): string {
  return file === undefined ? '--query' : file === '-' ? 'standard input' : file;
}

function suite(name: string, queries: readonly QueryVerdict[]): { readonly xml: string; readonly cases: readonly Case[] } {
  const cases = queries.flatMap((query) => casesOf(name, query));
  return { cases, xml: element('testsuite', { name, ...totals(cases), time: time(queries) }, cases.map((each) => each.xml)) };
}

function totals(cases: readonly Case[]): Record<'tests' | 'failures' | 'errors', number> {
  const of = (outcome: Case['outcome']): number => cases.filter((each) => each.outcome === outcome).length;
  return { tests: cases.length, failures: of('failed'), errors: of('error') };
}

function time(queries: readonly QueryVerdict[]): string {
  return queries.reduce((sum, query) => sum + query.seconds, 0).toFixed(3);
}

function casesOf(classname: string, query: QueryVerdict): readonly Case[] {
  const make = (name: string, outcome: Case['outcome'], content: readonly string[], seconds: number): Case => ({
    outcome,
    xml: element('testcase', { name, classname, file: query.file, line: query.line, time: seconds.toFixed(3) }, content),
  });
  if (query.error !== undefined) {
    const { message, hint } = query.error;
    return [make(query.name, 'error', [element('error', { type: 'not-judged', message }, [xmlText(`${message}${hint === undefined ? '' : `\n${hint}`}`)])], query.seconds)];
  }
  if (query.held.length === 0) return [make(query.name, 'passed', [element('system-out', {}, [xmlText(described(query))])], query.seconds)];
  // Its time counts once: the cases of a query were judged together.
  return query.held.map((held, index) => {
    const { what, missed } = held;
    const failure = missed === undefined ? [] : [element('failure', failureOf(query, held, missed), [xmlText(described(query))])];
    return make(`${query.name}: ${what}`, missed === undefined ? 'passed' : 'failed', failure, index === 0 ? query.seconds : 0);
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

function lines({ runs, kind, text, place, reasons, remedies }: Clause): readonly string[] {
  const at = place?.region === undefined ? '' : ` (line ${place.region.line}, column ${place.region.column})`;
  return [`${runs} ${kind} ${text}${at}`, ...reasons.map(({ id, message }) => `  ${id}: ${message}`), ...fixes(remedies).map((line) => `  ${line}`)];
}

function fixes(remedies: readonly Remedy[]): readonly string[] {
  return remedies.flatMap(({ title, sql, proved }) => [`remedy (${proved ? 'proved' : 'unproved'}): ${title}`, ...sql.split('\n').map((line) => `  ${line}`)]);
}
