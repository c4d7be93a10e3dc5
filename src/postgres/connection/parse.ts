import { parseConninfo } from './parse-conninfo.ts';
import { isConnectionUrl, parseConnectionUrl } from './parse-url.ts';
import { connectionInvalid } from './settings.ts';
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
  if (looksLikeUrl(text)) {
    throw connectionInvalid(`${from} is neither a URL of PostgreSQL, nor key=value pairs, nor the name of a database.`, {
      why: 'It is not shown, as it may hold a password.',
      todo: `Begin a URL with postgresql:// or postgres://; write a database's name that contains ":" or "@" as dbname='…'.`,
    });
  }
  if (text.includes('=')) return parseConninfo(text, from);
  return text === '' ? new Map() : new Map([['dbname', { value: text, from }]]);
}

/**
 * Whether a text that libpq would take for pairs or for a database's name is more likely a URL gone wrong (`mysql://…`,
 * `jdbc:postgresql:…`, `postgres:/…`, `ann:secret@host/shop`). A database's name stands in messages, a password must not.
 */
function looksLikeUrl(text: string): boolean {
  return /^[A-Za-z][\w+.-]*:/.test(text) || (text.includes('@') && !text.includes('='));
}
