import { escapeMessage, escapeProperty } from './pushdown-github.ts';
import type { Level, Placed } from './placed.ts';
import { count, visibleLines } from './text.ts';

/** GitHub shows so many annotations of a level per step (docs.github.com, "Workflow commands", limits of annotations). */
const most = 10;

const commands: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** Findings as workflow commands of GitHub Actions, at the places of the spec; the last lines say how many were left out, and the summary. */
export function placedGithub(all: readonly Placed[], summary: string, pathOf: (file: string) => string): string {
  const lines: string[] = [];
  const left: string[] = [];
  for (const level of ['error', 'warning', 'note'] as const) {
    const ofLevel = all.filter((each) => each.level === level);
    lines.push(...ofLevel.slice(0, most).map((each) => annotation(each, pathOf)));
    if (ofLevel.length > most) left.push(count(ofLevel.length - most, commands[level]));
  }
  if (left.length > 0) lines.push(`${left.join(', ')} left out: GitHub shows ${most} of a level per step.`);
  return [...lines, summary].join('\n');
}

function annotation({ rule, level, message, at, more }: Placed, pathOf: (file: string) => string): string {
  const place = at === undefined || at.source.file === '-' ? {} : { file: pathOf(at.source.file), line: at.line, endLine: at.line, col: at.column, endColumn: at.endColumn };
  const properties = Object.entries({ ...place, title: `fdw: ${rule}` }).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${commands[level]} ${properties.join(',')}::${escapeMessage(visibleLines([message, ...more].join('\n')))}`;
}
