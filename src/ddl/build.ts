import type { Statement } from '../sql/statement.ts';

type Part = Statement['parts'][number];

/** Joins texts, parts and lists of parts into one statement; adjacent texts become one. */
export function sql(...pieces: readonly (Part | readonly Part[])[]): Statement {
  const parts: Part[] = [];
  for (const part of pieces.flat()) {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return { parts };
}

/** The lists with `separator` between them. */
export function joined(items: readonly (readonly Part[])[], separator: string): readonly Part[] {
  return items.flatMap((item, index) => (index === 0 ? item : [separator, ...item]));
}
