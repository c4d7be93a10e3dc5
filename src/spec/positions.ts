import type { SourceFile, SourceSpan, TextRange } from '../base/source.ts';

/** Turns offsets into a source's text into places. */
export class Positions {
  readonly source: SourceFile;
  readonly #starts: readonly number[];

  constructor(source: SourceFile) {
    this.source = source;
    const starts = [0];
    for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  /** The place of a range; of one that spans lines, the part on its first line. Ranges past the end are moved into the text. */
  span(range: TextRange): SourceSpan {
    const start = Math.max(0, Math.min(range.start, this.source.text.length));
    const index = this.#lineIndex(start);
    const lineStart = this.#starts[index] ?? 0;
    const nextLine = this.#starts[index + 1];
    let lineEnd = nextLine === undefined ? this.source.text.length : nextLine - 1;
    if (nextLine !== undefined && this.source.text[lineEnd - 1] === '\r') lineEnd--;
    const column = start - lineStart + 1;
    const endColumn = Math.min(range.end, lineEnd) - lineStart + 1;
    return { source: this.source, line: index + 1, column, endColumn: Math.max(column + 1, endColumn) };
  }

  #lineIndex(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const known = new WeakMap<SourceFile, Positions>();

/** The positions of a source, made once. */
export function positionsOf(source: SourceFile): Positions {
  const positions = known.get(source) ?? new Positions(source);
  known.set(source, positions);
  return positions;
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
    return positionsOf(this.source).span(this);
  }
}
