import type { Clause, PlanMode, PushdownReport, QueryVerdict, Remedy, Scan } from '../pushdown/types.ts';
import { between } from './pieces.ts';
import type { Pieces } from './pieces.ts';
import { errorPlaceLines, placeLines } from './pushdown-place.ts';
import { type Said, saidOf } from './pushdown-reasons.ts';
import { adviceOf, remedyNotes, wireText } from './pushdown-remedies.ts';
import { byRank } from './pushdown-rank.ts';
import type { Rank } from './pushdown-rank.ts';
import { summaryLine } from './pushdown-summary.ts';
import type { Style, Surface } from './style.ts';
import { amount, indent, visible, visibleLines, wrap } from './text.ts';

type Word = QueryVerdict['verdict'];

/** From what needs no look to what needs one first: the most important stands last, above the summary. */
const order: readonly Rank[] = ['no-foreign', 'full', 'partial', 'none', 'danger', 'missed', 'error'];

/** How a verdict's word is coloured. */
export function paint(word: Word, style: Style): (text: string) => string {
  switch (word) {
    case 'full':
      return style.green;
    case 'no-foreign':
      return style.dim;
    case 'partial':
    case 'none':
      return style.yellow;
    case 'danger':
    case 'error':
      return style.red;
  }
}

/** The longest kind is `set-operation`; most are shorter, and so is the column. */
const kindWidth = 9;

/**
 * A clause with where it runs, its place, its reasons and its remedies.
 *
 * @param printed remedies and advice of this query that stand above already; those of this clause are added
 */
export function clauseLines(clause: Clause, sql: string, surface: Surface, printed: Set<string>): readonly string[] {
  const { style, width } = surface;
  const mark = clause.runs === 'remote' ? style.green('remote') : style.yellow('local ');
  const head = `${mark}  ${clause.kind.padEnd(kindWidth)}  ${visible(clause.text)}${clause.cause === null ? '' : style.dim(` (${causeText(clause)})`)}`;
  const lines = [wrap(head, width, 4, 'remote'.length + kindWidth + 4, 'cut')];
  if (clause.place !== undefined && (clause.runs === 'local' || clause.reasons.length > 0)) lines.push(...placeLines(sql, clause.place, surface, 12));
  for (const reason of saidOf(clause)) lines.push(reasonText(reason, surface, 12));
  for (const advice of adviceOf(clause)) {
    if (!printed.has(advice)) lines.push(wrap(`${style.cyan('→')} no remedy found: ${advice}`, width, 12, 2));
    printed.add(advice);
  }
  return [...lines, ...clause.remedies.flatMap((remedy) => remedyLines(remedy, surface, 12, printed))];
}

/** What is worth knowing of a statement as a whole, and what would help. @param by columns to indent it by */
export function noteLines({ notes, remedies }: QueryVerdict, surface: Surface, by: number, printed: Set<string>): readonly string[] {
  return [...notes.map((note) => reasonText(note, surface, by)), ...remedies.flatMap((remedy) => remedyLines(remedy, surface, by, printed))];
}

function causeText({ cause, costs }: Clause): string {
  if (cause === 'blocked') return 'blocked';
  return costs === undefined ? 'not chosen' : `not chosen: costs ${costs.here} here, ${costs.sent} sent`;
}

/** @param by columns to indent it by */
function reasonText({ id, message }: Said, { style, width }: Surface, by: number): string {
  return wrap(`${style.dim(`${id}:`)} ${visible(message)}`, width, by, 2);
}

export const planModes: Readonly<Record<PlanMode, string>> = { generic: 'generic plan, parameters unknown', custom: 'custom plan, values for the parameters' };

/** What runs here under the other plan of a statement with parameters. */
export function otherPlanLines({ sql, otherPlan }: QueryVerdict, surface: Surface, printed: Set<string>): readonly string[] {
  if (otherPlan === undefined) return [];
  const { style, width } = surface;
  const local = otherPlan.clauses.filter((clause) => clause.runs === 'local');
  return [wrap(`${style.bold(`${planModes[otherPlan.mode]}:`)} ${paint(otherPlan.verdict, style)(otherPlan.verdict)}`, width, 4, 2), ...local.flatMap((clause) => clauseLines(clause, sql, surface, printed))];
}

/** @param printed remedies that stand above already; this one is added */
function remedyLines(remedy: Remedy, { style, width }: Surface, by: number, printed: Set<string>): readonly string[] {
  const { title, proved, sql, spec } = remedy;
  if (printed.has(sql)) return [];
  printed.add(sql);
  const word = proved ? style.green('proved') : style.yellow('unproved');
  const lines = [wrap(`${style.cyan('→')} remedy (${word}): ${visible(title)}`, width, by, 2), indent(visibleLines(sql), by + 2)];
  if (spec !== null) lines.push(indent(style.dim('in the spec:'), by + 2), indent(visibleLines(spec), by + 4));
  for (const [label, text] of remedyNotes(remedy)) lines.push(wrap(`${style.dim(`${label}:`)} ${visible(text)}`, width, by + 2, 2));
  return lines;
}

function scanLines(scan: Scan, { style }: Surface, actual: { readonly rows: number; readonly loops: number } | undefined): readonly string[] {
  const about = wireText({ rows: scan.estimatedRows, bytes: scan.estimatedBytes });
  const loops = scan.loops > 1 ? `, asked ${amount(scan.loops, 'time')}` : '';
  const trips = scan.operation === 'select' || scan.roundTrips > 1 ? `, ${amount(scan.roundTrips, 'round trip')} of up to ${amount(scan.rowsPerTrip, 'row')}` : '';
  const lines = [`    ${style.dim(`${visible(scan.server)}: ${scan.relations.map(visible).join(', ')}, about ${about}${loops}${trips}`)}`];
  if (actual !== undefined) lines.push(`      ${style.bold('actually:')} ${amount(actual.rows, 'row')}${actual.loops === 1 ? '' : `, asked ${amount(actual.loops, 'time')}`}`);
  lines.push(indent(`${style.dim('Remote SQL:')} ${visibleLines(scan.remoteSql)}`, 6));
  if (scan.filter !== null) lines.push(indent(`${style.dim('Filter here:')} ${visibleLines(scan.filter)}`, 6));
  return lines;
}

function queryText(query: QueryVerdict, surface: Surface): string {
  const { style, width } = surface;
  const place = query.file === undefined ? '' : `${query.file}:${query.line}`;
  const name = visible(query.name);
  const at = place === '' || name === visible(place) ? '' : `  ${style.dim(visible(place))}`;
  const lines = [`${paint(query.verdict, style)(query.verdict.padEnd(10))}  ${style.bold(name)}${at}`];
  if (query.otherPlan !== undefined && query.plan !== undefined) lines.push(`    ${style.bold(`${planModes[query.plan]}:`)}`);
  const printed = new Set<string>();
  for (const clause of query.clauses) lines.push(...clauseLines(clause, query.sql, surface, printed));
  const { analyzed } = query;
  for (const [index, scan] of query.scans.entries()) lines.push(...scanLines(scan, surface, analyzed?.kind === 'ran' ? analyzed.scans[index] : undefined));
  if (query.scans.length > 0 && query.returnedRows !== undefined) lines.push(`    ${style.dim(`${isWrite(query) ? 'writes' : 'returns'} about ${amount(query.returnedRows, 'row')}`)}`);
  if (analyzed?.kind === 'ran') lines.push(`    ${style.bold('executed:')} ${amount(analyzed.rows, 'row')} in ${(analyzed.seconds * 1000).toFixed(1)} ms`);
  if (analyzed?.kind === 'refused') lines.push(wrap(`${style.yellow('not executed:')} ${visible(analyzed.message)}${query.file === undefined ? '' : ` (${visible(query.file)}:${analyzed.region.line}:${analyzed.region.column})`}`, width, 4, 2));
  lines.push(...otherPlanLines(query, surface, printed));
  for (const { reason, because } of query.ignores ?? []) lines.push(wrap(`${style.dim(`ignored, ${reason}:`)} ${visible(because)}`, width, 4, 2));
  lines.push(...noteLines(query, surface, 4, printed));
  if (query.error !== undefined) {
    lines.push(wrap(visibleLines(query.error.message), width, 4));
    if (query.error.at !== undefined) lines.push(...errorPlaceLines(query.error.at, surface, 4));
    if (query.error.hint !== undefined) lines.push(wrap(`${style.cyan('→')} ${visibleLines(query.error.hint)}`, width, 4, 2));
  }
  for (const sentence of query.missed) lines.push(wrap(`${style.red('missed:')} ${visible(sentence)}`, width, 4, 2));
  return lines.join('\n');
}

function isWrite({ scans }: QueryVerdict): boolean {
  return scans.some((scan) => scan.operation !== 'select');
}

/** Verdicts for people, the most important last; the last line is the summary. Without a final line feed. `baseline`: what else to say before it. */
export function pushdownText(report: PushdownReport, surface: Surface, baseline: readonly string[] = []): Pieces {
  return between('\n\n', blocks(report, surface, baseline));
}

function* blocks(report: PushdownReport, surface: Surface, baseline: readonly string[]): Generator<string> {
  for (const query of byRank(report.queries, order)) yield queryText(query, surface);
  if (baseline.length > 0) yield baseline.map((line) => wrap(visible(line), surface.width, 0, 2)).join('\n');
  yield surface.style.bold(summaryLine(report));
}
