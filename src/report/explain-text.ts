import type { QueryVerdict } from '../pushdown/types.ts';
import { planTree } from './plan-tree.ts';
import { clauseLines, noteLines, otherPlanLines, paint, planModes } from './pushdown-text.ts';
import { saidOf } from './pushdown-reasons.ts';
import { wireText } from './pushdown-remedies.ts';
import type { Surface } from './style.ts';
import { amount, indent, visible, visibleLines, wrap } from './text.ts';

type Word = QueryVerdict['verdict'];

/** What a verdict's word means, as a sentence. */
const meanings: Readonly<Record<Word, string>> = {
  full: 'all of it that concerns foreign tables is done by the remote.',
  partial: 'a part is done by the remote, a part here.',
  none: 'the remote only delivers rows; the work is done here.',
  danger: 'it locks more rows on the remote than it writes or returns.',
  'no-foreign': 'there is no foreign table in it.',
  error: 'it could not be judged.',
};

/** One query's story: its text, the plan with what runs where, each clause with why and what would help, and the verdict. */
export function explainText(query: QueryVerdict, surface: Surface): string {
  const { style, width } = surface;
  const parts = [section('Query', indent(visibleLines(query.sql), 2), surface)];
  if (query.tree !== undefined) {
    const { analyzed } = query;
    const title = query.plan === undefined ? 'Plan' : `Plan (${planModes[query.plan]})`;
    parts.push(section(title, indent(planTree(query.tree, query.scans, analyzed?.kind === 'ran' ? analyzed.scans : [], { style, width: width - 2 }), 2), surface));
  }
  const printed = new Set<string>();
  if (query.clauses.length > 0) parts.push(section('Clauses', query.clauses.map((clause) => clauseLines(clause, query.sql, surface, printed).join('\n')).join('\n'), surface));
  const other = otherPlanLines(query, surface, printed);
  if (other.length > 0) parts.push(section('The other plan', other.join('\n'), surface));
  if (query.notes.length > 0) parts.push(section('Notes', noteLines(query, surface, 2, printed).join('\n'), surface));
  const executed = analyzedText(query, surface);
  if (executed !== undefined) parts.push(section('Executed', executed, surface));
  parts.push(verdictText(query, surface));
  return parts.join('\n\n');
}

function section(title: string, body: string, { style }: Surface): string {
  return `${style.bold(title)}\n${body}`;
}

function analyzedText({ analyzed }: QueryVerdict, { width }: Surface): string | undefined {
  if (analyzed === undefined) return undefined;
  if (analyzed.kind === 'ran') return `  ${amount(analyzed.rows, 'row')} in ${(analyzed.seconds * 1000).toFixed(1)} ms`;
  return wrap(`not: ${visible(analyzed.message)}`, width, 2, 2);
}

function verdictText(query: QueryVerdict, { style, width }: Surface): string {
  const lines: string[] = [];
  if (query.error !== undefined) {
    lines.push(wrap(visibleLines(query.error.message), width));
    if (query.error.hint !== undefined) lines.push(wrap(`${style.cyan('→')} ${visibleLines(query.error.hint)}`, width, 0, 2));
  }
  const reads = query.scans.filter(({ operation }) => operation === 'select');
  if (reads.length > 0 && query.returnedRows !== undefined) {
    const rows = reads.reduce((sum, scan) => sum + scan.estimatedRows, 0);
    const bytes = reads.reduce((sum, scan) => sum + scan.estimatedBytes, 0);
    const trips = reads.reduce((sum, scan) => sum + scan.roundTrips, 0);
    lines.push(wrap(`Fetches about ${wireText({ rows, bytes })} in ${amount(trips, 'round trip')}, for ${amount(query.returnedRows, 'row')} of the result.`, width));
  }
  lines.push(...query.missed.map((sentence) => wrap(`${style.red('missed:')} ${visible(sentence)}`, width, 0, 2)));
  lines.push(wrap(`${paint(query.verdict, style)(query.verdict)}: ${meanings[query.verdict]}`, width));
  return lines.join('\n');
}

/** The rules that a story names, in its order, for a hint on where to read on. */
export function rulesIn({ clauses, notes, otherPlan }: QueryVerdict): readonly string[] {
  const reasons = [...clauses, ...(otherPlan?.clauses ?? [])].flatMap(saidOf);
  return [...new Set([...reasons, ...notes].map(({ id }) => id))];
}
