import type { PushdownReport, QueryVerdict } from '../pushdown/types.ts';
import { byRank } from './pushdown-rank.ts';
import type { Rank } from './pushdown-rank.ts';
import { saidOf } from './pushdown-reasons.ts';
import { adviceOf, remediesOf, remedyNotes } from './pushdown-remedies.ts';
import { summaryLine } from './pushdown-summary.ts';
import { code, fenced, mostCharacters, prose } from './markdown.ts';

/** What wants a look stands first, unlike on a terminal, where the end is what one sees. */
const order: readonly Rank[] = ['error', 'missed', 'danger', 'none', 'partial', 'full', 'no-foreign'];

/** The report as Markdown for a comment of a pull request: a table with a row per query, and the remedies. */
export function pushdownMarkdown(report: PushdownReport, baseline: readonly string[] = []): string {
  const head = [`### fdw check-pushdown\n\n${summaryLine(report)}`, ...(baseline.length > 0 ? [`\n${baseline.map((line) => `- ${prose(line)}`).join('\n')}`] : [])].join('\n');
  if (report.queries.length === 0) return head;
  const kept = [`${head}\n\n| Verdict | Query | What runs here, and why |\n|---|---|---|`];
  let room = mostCharacters - kept.join().length - 1;
  const wanted = report.queries.reduce((sum, query) => sum + 1 + remediesOf(query).length, 0);
  for (const block of blocks(report.queries)) {
    room -= block.length + 1;
    if (room < 0) break;
    kept.push(block);
  }
  const left = wanted - (kept.length - 1);
  return [...kept, ...(left > 0 ? [`\nLeft out for want of room: ${left} rows and remedies.`] : [])].join('\n');
}

function* blocks(queries: readonly QueryVerdict[]): Generator<string> {
  for (const query of byRank(queries, order)) yield row(query);
  for (const query of byRank(queries, order)) yield* remedies(query);
}

function row(query: QueryVerdict): string {
  const place = query.file === undefined ? '' : `${query.file}:${query.line}`;
  const name = query.name === place || place === '' ? code(query.name) : `${code(query.name)}<br>${code(place)}`;
  const word = query.error !== undefined ? 'not judged' : query.verdict;
  return `| ${query.missed.length > 0 || query.error !== undefined ? `**${word}**` : word} | ${name} | ${details(query).join('<br>')} |`;
}

function details(query: QueryVerdict): readonly string[] {
  const local = query.clauses.filter((clause) => clause.runs === 'local' || clause.reasons.length > 0);
  return [
    ...(query.error === undefined ? [] : [prose(query.error.message)]),
    ...query.missed.map((sentence) => `**missed:** ${prose(sentence)}`),
    ...local.flatMap((clause) => [
      `${clause.kind} ${code(clause.text)}${clause.cause === 'not-chosen' ? ' (not chosen)' : ''}`,
      ...saidOf(clause).map(({ id, message }) => `&nbsp;&nbsp;${code(id)} ${prose(message)}`),
      ...adviceOf(clause).map((advice) => `&nbsp;&nbsp;no remedy found: ${prose(advice)}`),
    ]),
    ...(query.otherPlan === undefined ? [] : [`${query.otherPlan.verdict} as a ${query.otherPlan.mode} plan`]),
    ...query.notes.map(({ id, message }) => `${code(id)} ${prose(message)}`),
  ];
}

function remedies(query: QueryVerdict): readonly string[] {
  return remediesOf(query).map((remedy) => {
    const { title, sql, spec, proved } = remedy;
    const notes = remedyNotes(remedy).map(([label, text]) => `- ${label}: ${label === 'sends' || label === 'still here' ? code(text) : prose(text)}`);
    const parts = [fenced(sql, 'sql'), ...(spec === null ? [] : [`In the spec:\n\n${fenced(spec, 'yaml')}`]), ...(notes.length === 0 ? [] : [notes.join('\n')])];
    return `\n<details><summary>Remedy for ${prose(query.name)}${proved ? ' (proved)' : ''}: ${prose(title)}</summary>\n\n${parts.join('\n\n')}\n\n</details>`;
  });
}
