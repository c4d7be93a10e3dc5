import type { SourceFile, TextRange } from '../base/source.ts';

const known = new WeakMap<SourceFile, LineIndex>();

/** Where the lines of a text are, found once. */
export class LineIndex {
  /** That of a source, kept for the next question about it. */
  static of(source: SourceFile): LineIndex {
    const index = known.get(source) ?? new LineIndex(source.text);
    known.set(source, index);
    return index;
  }

  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  /** The range of a line (from 1) without its line end. */
  line(number: number): TextRange {
    const start = this.#starts[number - 1] ?? this.#text.length;
    const next = this.#starts[number];
    let end = next === undefined ? this.#text.length : next - 1;
    if (this.#text[end - 1] === '\r' && end > start) end--;
    return { start, end };
  }
}
