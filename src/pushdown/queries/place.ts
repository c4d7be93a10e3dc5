import { Lines } from '../../base/lines.ts';
import type { SourceFile, SourceSpan } from '../../base/source.ts';
import type { Region } from '../types.ts';

/** Offsets of a text to lines and columns. */
export class Places {
  readonly #source: SourceFile;
  readonly #lines: Lines;

  constructor(source: SourceFile) {
    this.#source = source;
    this.#lines = Lines.of(source);
  }

  /** The line of an offset, from 1. */
  line(offset: number): number {
    return this.#lines.at(offset);
  }

  /** From one offset up to another, over as many lines as it takes. */
  region(start: number, end: number): Region {
    const [first, last] = [this.#lines.at(start), this.#lines.at(end)];
    return { line: first, column: start - this.#lines.range(first).start + 1, endLine: last, endColumn: end - this.#lines.range(last).start + 1 };
  }

  /** The part of the first line between two offsets. */
  span(start: number, end: number): SourceSpan {
    const line = this.#lines.at(start);
    const range = this.#lines.range(line);
    const column = start - range.start + 1;
    return { source: this.#source, line, column, endColumn: Math.max(column + 1, Math.min(end, range.end) - range.start + 1) };
  }
}
