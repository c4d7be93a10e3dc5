import type { SourceFile, TextRange } from './source.ts';

const known = new WeakMap<SourceFile, Lines>();

/**
 * The lines of a text, found once; each question then costs a binary search at most. A line ends with LF or CRLF, as git and those who show
 * annotations count; a lone CR, which ends a comment in SQL, ends no line.
 */
export class Lines {
  /** Those of a source, kept for the next question about it. */
  static of(source: SourceFile): Lines {
    const lines = known.get(source) ?? new Lines(source.text);
    known.set(source, lines);
    return lines;
  }

  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  /** The line of an offset, from 1. */
  at(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** The range of a line (from 1) without its line end. */
  range(line: number): TextRange {
    const start = this.#starts[line - 1] ?? this.#text.length;
    const next = this.#starts[line];
    let end = next === undefined ? this.#text.length : next - 1;
    if (next !== undefined && this.#text[end - 1] === '\r' && end > start) end--;
    return { start, end };
  }
}
