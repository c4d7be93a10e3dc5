import { parseConninfo } from './parse-conninfo.ts';
import { isConnectionUrl, parseConnectionUrl } from './parse-url.ts';
import type { Settings } from './settings.ts';

/**
 * Parses what a user gave as a connection: a URL, `key=value` pairs, or the bare name of a database
 * (libpq: `recognized_connection_string` in fe-connect.c; psql's first argument).
 *
 * @param from what the text is called in messages: `--database`, `DATABASE_URL` …
 * @throws {UserError} `connection-invalid`; its text never holds a value
 */
export function parseConnection(text: string, from: string): Settings {
  if (isConnectionUrl(text)) return parseConnectionUrl(text, from);
  if (text.includes('=')) return parseConninfo(text, from);
  return text === '' ? new Map() : new Map([['dbname', { value: text, from }]]);
}
