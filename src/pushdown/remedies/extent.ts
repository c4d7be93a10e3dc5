import type { Node, Parser } from '../parser.ts';
import { tokens } from '../queries/lexer.ts';

/** Where an expression stands in a text. UTF-16 offsets, end exclusive. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** How many tokens an expression may have, for its end to be looked for. */
const longest = 200;

/**
 * Where a node of a parsed statement stands in its text. The tree has only the places of single tokens, in
 * bytes; the end is found by trying: the shortest text from there that parses to the same expression.
 *
 * @returns undefined where no such text is found
 */
export function extentOf(parser: Parser, sql: string, node: Node): Extent | undefined {
  const first = Math.min(...locations(node));
  if (!Number.isFinite(first)) return undefined;
  const wanted = parser.text(node);
  const start = Buffer.from(sql).subarray(0, first).toString().length;
  // Parentheses around the first part are no part of the tree: `(now() - interval '1 day')::date`.
  for (let from: number | undefined = start; from !== undefined; from = openBefore(sql, from)) {
    const end = endFrom(parser, sql, from, wanted);
    if (end !== undefined) return { start: from, end };
  }
  return undefined;
}

function endFrom(parser: Parser, sql: string, start: number, wanted: string): number | undefined {
  let depth = 0;
  let count = 0;
  for (const token of tokens(sql, start)) {
    if (token.kind === 'open') depth += 1;
    else if (token.kind === 'close') depth -= 1;
    count += 1;
    if (depth < 0 || count > longest) return undefined;
    if (depth > 0) continue;
    const node = parser.expression(`(${sql.slice(start, token.end)})`);
    if (node !== undefined && parser.text(node) === wanted) return token.end;
  }
  return undefined;
}

/** The place of an opening parenthesis right before an offset. */
function openBefore(sql: string, offset: number): number | undefined {
  const before = sql.slice(0, offset).trimEnd();
  return before.endsWith('(') ? before.length - 1 : undefined;
}

/** All places that a tree mentions. */
function* locations(value: unknown): Generator<number> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === 'location' && typeof each === 'number') {
      if (each >= 0) yield each;
    } else yield* locations(each);
  }
}
