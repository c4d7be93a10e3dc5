import { sensitive } from '../base/secret.ts';
import type { SourceFile, SourceSpan, TextRange } from '../base/source.ts';
import { displayWidth } from './display-width.ts';
import { visible } from './text.ts';

/** A line of a source as a terminal shows it, in three parts; the middle one is what the caret marks. */
export interface Excerpt {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** No terminal shows more of a line than this. */
const mostUnits = 400;

/**
 * The part of a span's line that fits into `width` columns around the span. Sensitive parts read `(sensitive)`
 * as a whole, also where the span covers only a piece of them.
 *
 * @param lineRange where the span's line is in the source's text
 */
export function excerptOf(at: SourceSpan, lineRange: TextRange, width: number): Excerpt {
  const { start, end } = lineRange;
  const hidden = (at.source.sensitive ?? []).filter((range) => range.start < end && range.end > start);
  let from = Math.min(start + at.column - 1, end);
  let to = Math.max(from, Math.min(start + at.endColumn - 1, end));
  for (const range of hidden) {
    if (range.start < to && range.end > from) {
      from = Math.max(start, Math.min(from, range.start));
      to = Math.min(end, Math.max(to, range.end));
    }
  }
  const show = (range: TextRange): string => visible(masked(at.source, range, hidden));
  const before = show({ start: Math.max(start, from - mostUnits), end: from });
  const marked = show({ start: from, end: Math.min(to, from + mostUnits) });
  const after = show({ start: to, end: Math.min(end, to + mostUnits) });
  return cut({ before, marked: marked === '' ? ' ' : marked, after }, Math.max(30, width));
}

/** The text of a range with its sensitive parts replaced; the mask stands where such a part begins in the range. */
function masked(source: SourceFile, range: TextRange, hidden: readonly TextRange[]): string {
  let text = '';
  let at = range.start;
  for (const part of hidden) {
    if (range.end === range.start || part.end <= at || part.start >= range.end) continue;
    text += source.text.slice(at, Math.max(at, part.start)) + sensitive;
    at = Math.min(range.end, part.end);
  }
  return text + source.text.slice(at, range.end);
}

function cut({ before, marked, after }: Excerpt, width: number): Excerpt {
  if (displayWidth(before + marked + after) <= width) return { before, marked, after };
  const middle = firstColumns(marked, Math.floor(width / 2));
  const left = lastColumns(before, Math.max(Math.floor(width / 4), width - displayWidth(middle) - displayWidth(after)));
  const right = middle === marked ? firstColumns(after, width - displayWidth(left) - displayWidth(middle)) : '';
  return { before: left, marked: middle, after: right };
}

/** At most `width` columns of the text's start; `…` says that there is more. */
function firstColumns(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (displayWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The same of its end. */
function lastColumns(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  for (const character of [...text].reverse()) {
    if (displayWidth(character + kept) > width - 1) break;
    kept = character + kept;
  }
  return `…${kept}`;
}
