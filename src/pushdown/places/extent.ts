import type { TextRange } from '../../base/source.ts';
import type { Node, Parser } from '../parser.ts';
import { tokens } from '../queries/lexer.ts';
import type { Token } from '../queries/lexer.ts';
import type { Spot } from './candidates.ts';
import { isStartOf, lastLeaf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { firstLocation, lastLocation, shapeKey } from './tree.ts';

/** How many tokens after its last known place an expression may go on. */
const longest = 60;

/** A statement's text beside its tree, whose places are those of single tokens, in bytes. */
export class StatementText {
  readonly #parser: Parser;
  readonly #sql: string;
  readonly #bytes: Buffer;
  /** A byte for each character. */
  readonly #plain: boolean;
  #tokens: readonly Token[] | undefined;

  constructor(parser: Parser, sql: string) {
    this.#parser = parser;
    this.#sql = sql;
    this.#bytes = Buffer.from(sql);
    this.#plain = this.#bytes.length === sql.length;
  }

  /** From the first to the last of these spots. */
  rangeOf(spots: readonly Spot[]): TextRange | undefined {
    const ranges = spots.flatMap((spot) => this.#range(spot) ?? []);
    if (ranges.length === 0) return undefined;
    return { start: Math.min(...ranges.map(({ start }) => start)), end: Math.max(...ranges.map(({ end }) => end)) };
  }

  #range(spot: Spot): TextRange | undefined {
    switch (spot.at) {
      case 'expression':
        return this.expression(spot.node);
      case 'name':
        return this.#name(this.#offset(spot.location));
      case 'word':
        return this.#word(spot);
    }
  }

  /**
   * Where an expression stands. Its end is found by trying: the shortest text from its start that parses to the same
   * tree, starting with the last token that the tree has a place of.
   */
  expression(node: Node): TextRange | undefined {
    const [first, last] = [firstLocation(node), lastLocation(node)];
    if (first === undefined || last === undefined) return undefined;
    const [from, to] = [this.#offset(first), this.#offset(last)];
    const leaf = lastLeaf(node);
    const plain = leaf?.location !== last ? undefined : this.#rangeFrom(from, (start) => this.#closedAfter(start, to, leaf));
    if (plain !== undefined) return plain;
    const wanted = shapeKey(node);
    return this.#rangeFrom(from, (start) => this.#endOf(start, to, wanted));
  }

  /** Parentheses around the first part are no part of the tree: `(now() - interval '1 day')::date`. */
  #rangeFrom(from: number, endOf: (start: number) => number | undefined): TextRange | undefined {
    for (let start: number | undefined = from; start !== undefined; start = this.#openBefore(start)) {
      const end = endOf(start);
      if (end !== undefined) return { start, end };
    }
    return undefined;
  }

  /** The end of a plain expression: that of its last leaf, and of the parentheses that are open there. */
  #closedAfter(start: number, last: number, leaf: Leaf): number | undefined {
    let depth = 0;
    let taken = 0;
    for (const token of tokens(this.#sql, start)) {
      if (token.kind === 'open') depth += 1;
      else if (token.kind === 'close') depth -= 1;
      if (depth < 0) return undefined;
      if (token.end <= last) continue;
      // A sign, a comment, a constant in several pieces: not so plain after all.
      if (taken === 0 && !isStartOf(leaf, token, this.#sql)) return undefined;
      if (token.kind === 'line-comment' || token.kind === 'block-comment') return undefined;
      taken += 1;
      if (taken >= leaf.tokens && depth === 0) return token.kind === 'string' && this.#isString(token.end) ? undefined : token.end;
    }
    return undefined;
  }

  /** Whether a further constant stands there: `'a' \n 'b'` is one. */
  #isString(offset: number): boolean {
    const [next] = tokens(this.#sql, offset);
    return next?.kind === 'string';
  }

  #endOf(start: number, last: number, wanted: string): number | undefined {
    let depth = 0;
    let tried = 0;
    for (const token of tokens(this.#sql, start)) {
      if (token.kind === 'open') depth += 1;
      else if (token.kind === 'close') depth -= 1;
      if (depth < 0) return undefined;
      if (depth > 0 || token.end <= last) continue;
      if ((tried += 1) > longest) return undefined;
      const node = this.#parser.expression(`(${this.#sql.slice(start, token.end)})`);
      if (node !== undefined && shapeKey(node) === wanted) return token.end;
    }
    return undefined;
  }

  #openBefore(offset: number): number | undefined {
    const before = this.#sql.slice(0, offset).trimEnd();
    return before.endsWith('(') ? before.length - 1 : undefined;
  }

  /** `schema.name`, without its alias. */
  #name(start: number): TextRange {
    let end = start;
    let dot = true;
    for (const token of tokens(this.#sql, start)) {
      const isDot = this.#sql.charAt(token.start) === '.';
      if (isDot === dot) break;
      dot = isDot;
      end = token.end;
    }
    return { start, end };
  }

  #word({ words, more = [], closes = false, before, after }: Extract<Spot, { readonly at: 'word' }>): TextRange | undefined {
    this.#tokens ??= [...tokens(this.#sql)];
    const [from, to] = [after === undefined ? 0 : this.#offset(after), before === undefined ? this.#sql.length : this.#offset(before)];
    const is = (token: Token | undefined, known: readonly string[]): boolean =>
      token?.kind === 'word' && known.includes(this.#sql.slice(token.start, token.end).toUpperCase());
    const fitting = [...this.#tokens.entries()].filter(([, token]) => token.start >= from && token.end <= to && is(token, words));
    const found = before === undefined ? fitting[0] : fitting.at(-1);
    if (found === undefined) return undefined;
    const [index, { start }] = found;
    let last = index;
    while (is(this.#tokens[last + 1], more)) last += 1;
    if (closes) while (this.#tokens[last] !== undefined && this.#tokens[last]?.kind !== 'close') last += 1;
    return { start, end: this.#tokens[last]?.end ?? start };
  }

  #offset(byte: number): number {
    return this.#plain ? byte : this.#bytes.subarray(0, byte).toString().length;
  }
}
