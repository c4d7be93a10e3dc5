import type { Token } from './lexer.ts';

const prefix = 'fdw:';

/** Where the pairs of a `-- fdw: …` begin, an offset into the whole text; undefined: the `--` comment is another one. */
export function annotationStart(text: string, { start, end }: Token): number | undefined {
  const body = text.slice(start + 2, end);
  const lead = body.length - body.trimStart().length;
  return body.startsWith(prefix, lead) ? start + 2 + lead + prefix.length : undefined;
}
