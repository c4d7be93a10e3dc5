import { tokens } from '../queries/lexer.ts';
import { Places } from '../queries/place.ts';
import type { QueryError, QueryInput } from '../types.ts';
import type { ExplainError } from './explain.ts';

/** An error of the server at its place in the text that the user wrote. */
export function locate(query: QueryInput, error: ExplainError): QueryError {
  const { origin, sql } = query;
  const { message, hint } = explained(query, error);
  if (origin === undefined) return { message, hint, at: query.at };
  const { source, offset } = origin;
  // Without a place of its own it is about the statement as a whole.
  const before = unitsBefore(sql, error.position ?? 0);
  const start = offset + before;
  return { message, hint, at: new Places(source).span(start, start + wordLength(sql, before)) };
}

/** The server counts characters, JavaScript UTF-16 units. */
function unitsBefore(sql: string, position: number): number {
  return [...sql].slice(0, position).join('').length;
}

/** Errors that come of parameters as drivers and psql write them: PostgreSQL itself only knows `$1`. */
function explained({ sql }: QueryInput, { message, hint, position }: ExplainError): { readonly message: string; readonly hint: string | undefined } {
  if (message.startsWith('could not determine data type of parameter')) return { message, hint: hint ?? 'say its type, $1::text; parameters are counted from $1, without gaps' };
  const foreign = message.startsWith('syntax error') ? placeholderAt(sql, position === undefined ? sql.length : unitsBefore(sql, position)) : undefined;
  if (foreign === undefined) return { message, hint };
  return { message: `${foreign} is a parameter of psql or of a driver, which PostgreSQL does not know`, hint: 'write $1, $2 … in its place' };
}

/** `:id`, `:'id'`, `%s`, `%(id)s`, where the server stumbled; `?`, which it takes for an operator, right before. */
function placeholderAt(sql: string, at: number): string | undefined {
  const all = [...tokens(sql)];
  const index = all.findIndex((token) => token.start >= at);
  const before = index < 0 ? all.at(-1) : all[index - 1];
  if (before !== undefined && sql.slice(before.start, before.end) === '?') return '?';
  const [first, second, , fourth, fifth] = index < 0 ? [] : all.slice(index, index + 5);
  if (first === undefined || second?.start !== first.end) return undefined;
  switch (sql.slice(first.start, first.end)) {
    case ':':
      return second.kind === 'word' || second.kind === 'string' || second.kind === 'quoted-name' ? sql.slice(first.start, second.end) : undefined;
    case '%':
      if (second.kind === 'word') return sql.slice(first.start, second.end);
      return second.kind === 'open' && fourth?.kind === 'close' ? sql.slice(first.start, fifth?.start === fourth.end ? fifth.end : fourth.end) : undefined;
    default:
      return undefined;
  }
}

/** How much of the text to point at: to the next space or punctuation. */
function wordLength(text: string, from: number): number {
  let end = from;
  while (end < text.length && !' \t\r\n(),;'.includes(text.charAt(end))) end += 1;
  return Math.max(1, end - from);
}
