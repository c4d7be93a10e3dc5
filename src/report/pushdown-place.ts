import type { SourceSpan, TextRange } from '../base/source.ts';
import type { ClausePlace } from '../pushdown/types.ts';
import { displayWidth } from './display-width.ts';
import { excerptOf } from './excerpt.ts';
import { Lines } from '../base/lines.ts';
import type { Surface } from './style.ts';
import { indent, visible, wrap } from './text.ts';

/**
 * A clause in the words of the user, with a caret under it; of several lines the first. Through a view, the view's
 * name, and the view's own words below.
 *
 *     12 | WHERE created_at > now() - interval '1 day'
 *        |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
 *
 * @param by columns to indent it by
 */
export function placeLines(sql: string, { range, region, view }: ClausePlace, { style, width }: Surface, by: number): readonly string[] {
  const line = lineAt(sql, range.start);
  const number = region?.line ?? countLines(sql, range.start);
  const gutter = Math.max(3, String(number).length);
  const column = range.start - line.start + 1;
  const at = { source: { file: '', text: sql }, line: number, column, endColumn: Math.max(column + 1, Math.min(range.end, line.end) - line.start + 1) };
  const { before, marked, after } = excerptOf(at, line, width - by - gutter - 3);
  const caret = ' '.repeat(displayWidth(before)) + style.yellow('^'.repeat(Math.max(1, displayWidth(marked))));
  return [
    indent(`${style.cyan(`${String(number).padStart(gutter)} |`)} ${before}${marked}${after}`.trimEnd(), by),
    indent(`${style.cyan(`${' '.repeat(gutter)} |`)} ${caret}`, by),
    ...(view === undefined ? [] : [wrap(`in the ${view.kind} ${visible(view.name)}: ${visible(view.text.replaceAll(/\s+/gu, ' '))}`, width, by + gutter + 3, 2)]),
  ];
}

/** The line that an error is on, with a caret under its place; nothing where there is no text. */
export function errorPlaceLines(at: SourceSpan, { style, width }: Surface, by: number): readonly string[] {
  const range = Lines.of(at.source).range(at.line);
  if (range.start === range.end) return [];
  const gutter = Math.max(3, String(at.line).length);
  const { before, marked, after } = excerptOf(at, range, width - by - gutter - 3);
  const caret = ' '.repeat(displayWidth(before)) + style.red('^'.repeat(Math.max(1, displayWidth(marked))));
  return [
    indent(`${style.cyan(`${String(at.line).padStart(gutter)} |`)} ${before}${marked}${after}`.trimEnd(), by),
    indent(`${style.cyan(`${' '.repeat(gutter)} |`)} ${caret}`, by),
  ];
}

/** The line around an offset, without its end. */
function lineAt(text: string, offset: number): TextRange {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', offset);
  const end = next < 0 ? text.length : next;
  return { start, end: text.charAt(end - 1) === '\r' && end > start ? end - 1 : end };
}

function countLines(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
