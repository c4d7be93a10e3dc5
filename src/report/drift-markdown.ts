import type { DriftFinding, DriftReport } from '../model/drift.ts';
import { driftSummary } from './drift-summary.ts';
import { subjectOf, tableName } from './drift-text.ts';
import { code, fenced, mostCharacters, prose } from './markdown.ts';

/** Drift as Markdown for an issue or a comment: a table with a row per finding, the worst first, and the SQL that mends it. */
export function driftMarkdown(report: DriftReport): string {
  const head = `### fdw drift\n\n${prose(driftSummary(report))}`;
  const rows = [...report.unknown.map(({ server, table, message }) => `| **unknown** | ${code(table === undefined ? server : tableName(table))} | ${prose(message)} |`), ...bySeverity(report).map(row)];
  if (rows.length === 0) return head;
  const mends = report.findings.flatMap(({ mend, guess }) => mend.map((sql) => (guess ? `-- a guess\n${sql};` : `${sql};`)));
  const details = mends.length === 0 ? [] : [`\n<details><summary>What mends it here</summary>\n\n${fenced(mends.join('\n'), 'sql')}\n\n</details>`];
  const blocks = [`${head}\n\n| Class | Table | What |\n|---|---|---|`, ...rows, ...details];
  let size = 0;
  const kept = blocks.filter((block) => (size += block.length + 1) <= mostCharacters);
  const left = blocks.length - kept.length;
  return [...kept, ...(left > 0 ? [`\nLeft out for want of room: ${left}.`] : [])].join('\n');
}

/** The worst first, else as they come. */
export function bySeverity({ findings }: DriftReport): readonly DriftFinding[] {
  const order = ['wrong-results', 'breaks-now', 'will-break', 'invisible'];
  return [...findings].sort((a, b) => order.indexOf(a.class) - order.indexOf(b.class));
}

function row(finding: DriftFinding): string {
  const { class: word, id, server, tables, message, guess } = finding;
  const subject = subjectOf(finding);
  const about = tables.length === 0 ? code(server) : tables.map((table) => code(tableName(table))).join('<br>');
  const named = subject === undefined ? '' : `${code(subject)}: `;
  return `| ${word === 'invisible' ? word : `**${word}**`} | ${about} | ${named}${prose(message)}${guess ? ' (a guess)' : ''} ${code(id)} |`;
}
