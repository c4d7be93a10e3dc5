import type { SourceFile, SourceSpan } from '../../base/source.ts';
import type { Region } from '../types.ts';
import { lineEnd } from './lexer.ts';

const known = new WeakMap<SourceFile, Places>();

/** Offsets of a text to lines and columns; made once per text, each question then costs a binary search. */
export class Places {
  /** Those of a source, kept for the next question about it. */
  static of(source: SourceFile): Places {
    const places = known.get(source) ?? new Places(source);
    known.set(source, places);
    return places;
  }

  readonly #source: SourceFile;
  readonly #starts: readonly number[];

  constructor(source: SourceFile) {
    this.#source = source;
    this.#starts = lineStarts(source.text);
  }

  /** The line of an offset, from 1. */
  line(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** From one offset up to another, over as many lines as it takes. */
  region(start: number, end: number): Region {
    const first = this.line(start);
    const last = this.line(end);
    const column = start - (this.#starts[first - 1] ?? 0) + 1;
    return { line: first, column, endLine: last, endColumn: end - (this.#starts[last - 1] ?? 0) + 1 };
  }

  /** The part of the first line between two offsets. */
  span(start: number, end: number): SourceSpan {
    const line = this.line(start);
    const lineStart = this.#starts[line - 1] ?? 0;
    const column = start - lineStart + 1;
    const last = Math.min(end, lineEnd(this.#source.text, start));
    return { source: this.#source, line, column, endColumn: Math.max(column + 1, last - lineStart + 1) };
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = lineEnd(text, 0); at < text.length; at = lineEnd(text, at)) {
    at += text.charAt(at) === '\r' && text.charAt(at + 1) === '\n' ? 2 : 1;
    starts.push(at);
  }
  return starts;
}
