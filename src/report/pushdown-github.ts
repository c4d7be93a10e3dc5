import { rules } from '../model/rules.ts';
import type { PushdownReport } from '../pushdown/types.ts';
import { findingsOf } from './pushdown-findings.ts';
import type { Finding, Level } from './pushdown-findings.ts';
import { summaryLine } from './pushdown-summary.ts';
import { count, visibleLines } from './text.ts';

/** GitHub shows so many annotations of a level per step (docs.github.com, "Workflow commands", limits of annotations). */
const most = 10;

const commands: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/**
 * Findings as workflow commands of GitHub Actions: it shows them beside the lines of a pull request. At most 10 of a
 * level; the last lines say how many were left out, and the summary.
 *
 * @param pathOf a file's path from the root of the repository
 */
export function pushdownGithub(report: PushdownReport, pathOf: (file: string) => string): string {
  const lines: string[] = [];
  const found = new Map<Level, number>();
  for (const finding of findingsOf(report)) {
    if (finding.ignored !== undefined) continue;
    const before = found.get(finding.level) ?? 0;
    found.set(finding.level, before + 1);
    if (before < most) lines.push(annotation(finding, pathOf));
  }
  const left = [...found].filter(([, number]) => number > most).map(([level, number]) => count(number - most, commands[level]));
  if (left.length > 0) lines.push(`${left.join(', ')} left out: GitHub shows ${most} of a level per step.`);
  return [...lines, summaryLine(report)].join('\n');
}

function annotation({ level, rule, message, file, region, query }: Finding, pathOf: (file: string) => string): string {
  const place: Record<string, string | number> = {};
  if (file !== undefined && file !== '-') {
    place['file'] = pathOf(file);
    place['line'] = region.line;
    place['endLine'] = region.endLine;
    // GitHub refuses columns of a range over several lines.
    if (region.line === region.endLine) {
      place['col'] = region.column;
      place['endColumn'] = region.endColumn;
    }
  }
  place['title'] = `fdw: ${rule}`;
  const properties = Object.entries(place).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  const fix = level === 'note' || query.error !== undefined ? '' : `\n${rules[rule].todo}`;
  return `::${commands[level]} ${properties.join(',')}::${escapeMessage(visibleLines(message) + fix)}`;
}

/** Escapes what stands after the second `::` (actions/toolkit, packages/core/src/command.ts, escapeData). */
export function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Escapes the value of a property (the same, escapeProperty). */
export function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
