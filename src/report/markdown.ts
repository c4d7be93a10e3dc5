import { visible, visibleLines } from './text.ts';

/** A comment of GitHub holds 65,536 characters; some are left for what is put around it. */
export const mostCharacters = 60_000;

/** A block of code; its fence is longer than any run of backticks in it. */
export function fenced(code: string, language: 'sql' | 'yaml'): string {
  const text = visibleLines(code);
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A code span in a table cell: nothing in it is markup or mentions anybody. */
export function code(text: string): string {
  const shown = visible(text);
  const ticks = '`'.repeat(longestRun(shown) + 1);
  const room = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  // A table is cut at | even within code, unless it is escaped (GitHub Flavored Markdown, 4.10).
  return `${ticks}${room}${shown.replaceAll('|', '\\|')}${room}${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** A sentence in a table cell, as text: no markup, no mention of a user, no link to a number. */
export function prose(text: string): string {
  const html = visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return html.replace(/[\\`*_{}[\]()!|~$]/g, '\\$&').replace(/[@#](?=\w)/g, '$&<!-- -->');
}
