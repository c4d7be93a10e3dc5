import { Places } from '../queries/place.ts';
import type { QueryError, QueryInput } from '../types.ts';
import type { ExplainError } from './explain.ts';

/** An error of the server at its place in the text that the user wrote. */
export function locate(query: QueryInput, error: ExplainError): QueryError {
  const { origin } = query;
  if (error.position === undefined || origin === undefined) return { message: error.message, hint: error.hint, at: query.at };
  const { source, offset } = origin;
  // The server counts characters, JavaScript UTF-16 units.
  const before = [...query.sql].slice(0, error.position).join('').length;
  const start = offset + before;
  return { message: error.message, hint: error.hint, at: Places.of(source).span(start, start + wordLength(query.sql, before)) };
}

/** How much of the text to point at: to the next space or punctuation. */
function wordLength(text: string, from: number): number {
  let end = from;
  while (end < text.length && !' \t\r\n(),;'.includes(text.charAt(end))) end += 1;
  return Math.max(1, end - from);
}
