import type { AnalyzeResult } from '../flows/analyze.ts';
import type { Analysis, AnalysisOutcome, TableAnalysis } from '../model/analysis.ts';
import { databaseText } from './database-text.ts';
import type { Style, Surface } from './style.ts';
import { amount, bytes, visible, wrap } from './text.ts';

/** What was analysed, or would be, and why; the last line is the summary. Without a final line feed. */
export function analyzeText({ database, analysis }: Pick<AnalyzeResult, 'database' | 'analysis'>, surface: Surface): string {
  const { tables, parents } = analysis;
  const shown = tables.filter(({ outcome }) => outcome.kind !== 'kept').map((table) => tableText(table, surface));
  const above = parents.length === 0 ? [] : [wrap(surface.style.dim(`Partitioned tables above them have statistics of their own, which only ANALYZE of those gathers, reading their partitions again: ${parents.map(({ schema, name }) => visible(`${schema}.${name}`)).join(', ')}.`), surface.width)];
  return [databaseText(database, surface), ...(shown.length === 0 ? [] : [shown.join('\n')]), ...above, surface.style.bold(summary(analysis))].join('\n\n');
}

const words: Readonly<Record<AnalysisOutcome['kind'], string>> = { due: 'due', kept: 'kept', barred: 'barred', done: 'done', failed: 'failed' };

function tableText(table: TableAnalysis, { style, width }: Surface): string {
  const { outcome } = table;
  const head = `${paint(outcome, style)(words[outcome.kind].padEnd(7))} ${style.bold(visible(`${table.schema}.${table.name}`))}${style.dim(` of ${visible(table.server)}`)}: ${said(table)}`;
  const lines = [wrap(head, width, 2, 8)];
  if ('todo' in outcome && outcome.todo !== undefined) lines.push(wrap(`${style.cyan('→')} ${visible(outcome.todo)}`, width, 10, 2));
  return lines.join('\n');
}

function paint({ kind }: AnalysisOutcome, style: Style): (text: string) => string {
  return kind === 'done' ? style.green : kind === 'due' ? style.cyan : kind === 'kept' ? style.dim : style.red;
}

function said({ outcome, reason, localRows, remoteRows, cost }: TableAnalysis): string {
  const there = remoteRows === undefined ? '' : `, ${rowsText(remoteRows)} there`;
  const why = reason === 'never' ? 'never analysed' : reason === 'stale' ? `${rowsText(localRows ?? 0)} here${there}` : 'asked for';
  switch (outcome.kind) {
    case 'done':
      return `${rowsText(outcome.rows)}, in ${outcome.seconds.toFixed(1)} s (${why})`;
    case 'barred':
    case 'failed':
      return visible(outcome.message);
    case 'due':
    case 'kept': {
      if (cost === undefined) return `${why}; what it costs is not known: the remote has no row count of its own`;
      const size = cost.bytes === undefined ? '' : `, about ${bytes(cost.bytes)}`;
      return `${why}; ${cost.whole ? 'all' : 'a sample of'} ${rowsText(cost.rows)}${size} would come over in ${amount(cost.roundTrips, 'round trip')}`;
    }
  }
}

function rowsText(rows: number): string {
  return amount(Math.round(rows), 'row');
}

/** One line, a contract: `2 analysed, 1 failed, 5 left as they are.` */
function summary({ dryRun, tables }: Analysis): string {
  if (tables.length === 0) return 'No foreign tables.';
  const of = (kind: AnalysisOutcome['kind']): number => tables.filter(({ outcome }) => outcome.kind === kind).length;
  const unsure = tables.filter(({ outcome, reason }) => outcome.kind === 'kept' && reason === 'unknown').length;
  const parts = [
    dryRun ? `${of('due')} would be analysed` : `${of('done')} analysed`,
    ...(of('failed') ? [`${of('failed')} failed`] : []),
    ...(of('barred') ? [`${of('barred')} cannot be analysed`] : []),
    ...(of('kept') ? [`${of('kept')} left as they are${unsure ? ` (of ${unsure} the remote's row count is not known)` : ''}`] : []),
  ];
  return `${parts.join(', ')}.`;
}
