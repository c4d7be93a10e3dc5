import { Lines } from '../base/lines.ts';
import type { SourceFile, SourceSpan, TextRange } from '../base/source.ts';

/** The place of a range; of one that spans lines, the part on its first line. Ranges past the end are moved into the text. */
export function spanOf(source: SourceFile, { start: from, end }: TextRange): SourceSpan {
  const lines = Lines.of(source);
  const start = Math.max(0, Math.min(from, source.text.length));
  const line = lines.at(start);
  const range = lines.range(line);
  const column = start - range.start + 1;
  return { source, line, column, endColumn: Math.max(column + 1, Math.min(end, range.end) - range.start + 1) };
}

/**
 * A place that knows its offsets and looks for its line when somebody asks: a spec of ten thousand tables has a million
 * places, of which hardly one is ever shown.
 */
export class Place implements SourceSpan, TextRange {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;

  constructor(source: SourceFile, start: number, end: number) {
    this.source = source;
    this.start = start;
    this.end = end;
  }

  get line(): number {
    return this.#span().line;
  }

  get column(): number {
    return this.#span().column;
  }

  get endColumn(): number {
    return this.#span().endColumn;
  }

  #span(): SourceSpan {
    return spanOf(this.source, this);
  }
}
