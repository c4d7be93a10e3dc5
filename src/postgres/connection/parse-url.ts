import { connectionInvalid, knownKeyword } from './settings.ts';
import type { Setting, Settings } from './settings.ts';

/** Whether libpq would read the text as a URL (the scheme is case-sensitive there). */
export function isConnectionUrl(text: string): boolean {
  return text.startsWith('postgresql://') || text.startsWith('postgres://');
}

/**
 * Parses a `postgresql://` URL.
 *
 * The rules are those of `conninfo_uri_parse_options` in libpq (src/interfaces/libpq/fe-connect.c): every
 * part may be missing; the host may be a list, each with its own port, an IPv6 address in brackets, or a
 * percent-encoded socket folder; everything is percent-decoded; `?key=value&…` takes any key word of libpq.
 * Stricter than libpq in one point: a plain `@` in a host or database is refused.
 *
 * @param from what the text is called in messages
 * @throws {UserError} `connection-invalid`; its text never holds a part of the URL but key words
 */
export function parseConnectionUrl(text: string, from: string): Settings {
  const settings = new Map<string, Setting>();
  const store = (name: string, raw: string): void => {
    settings.set(name, { value: percentDecode(raw, from), from });
  };
  let rest = text.slice(text.indexOf('://') + 3);

  // Credentials end at the first "@", unless a "/" comes first.
  const credentialsEnd = rest.search(/[@/]/);
  if (credentialsEnd >= 0 && rest.charAt(credentialsEnd) === '@') {
    const credentials = rest.slice(0, credentialsEnd);
    rest = rest.slice(credentialsEnd + 1);
    const colon = credentials.indexOf(':');
    const user = colon < 0 ? credentials : credentials.slice(0, colon);
    const password = colon < 0 ? '' : credentials.slice(colon + 1);
    if (user !== '') store('user', user);
    if (password !== '') store('password', password);
  }

  const hosts: string[] = [];
  const ports: string[] = [];
  for (;;) {
    let host: string;
    if (rest.startsWith('[')) {
      const end = rest.indexOf(']');
      if (end < 0) throw connectionInvalid(`An IPv6 address in ${from} has no closing "]".`);
      if (end === 1) throw connectionInvalid(`An IPv6 address in ${from} is empty.`);
      host = rest.slice(1, end);
      rest = rest.slice(end + 1);
      if (rest !== '' && !/^[:/?,]/.test(rest)) {
        throw connectionInvalid(`After the "]" of an IPv6 address in ${from} only ":", "/", "?" or "," may follow.`, {
          todo: passwordAdvice,
        });
      }
    } else {
      host = take(/[:/?,]/);
    }
    let port = '';
    if (rest.startsWith(':')) {
      rest = rest.slice(1);
      port = take(/[/?,]/);
    }
    hosts.push(host);
    ports.push(port);
    if (!rest.startsWith(',')) break;
    rest = rest.slice(1);
  }
  if (hosts.some((host) => host.includes('@'))) throw strayAt();
  if (hosts.join(',') !== '') store('host', hosts.join(','));
  if (ports.join(',') !== '') store('port', ports.join(','));

  if (rest.startsWith('/')) {
    rest = rest.slice(1);
    const database = take(/\?/);
    if (database.includes('@')) throw strayAt();
    if (database !== '') store('dbname', database);
  }
  if (rest.startsWith('?')) parseQuery(rest.slice(1));
  return settings;

  /** libpq would take it as part of a name, which then shows up in messages; nearly always it belongs to a password. */
  function strayAt(): Error {
    return connectionInvalid(`${capitalised(from)} has an "@" in a host or a database's name.`, { todo: passwordAdvice });
  }

  function take(until: RegExp): string {
    const end = rest.search(until);
    const taken = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end);
    return taken;
  }

  function parseQuery(query: string): void {
    if (query === '') return;
    for (const pair of query.split('&')) {
      const [rawName = '', rawValue, ...more] = pair.split('=');
      if (rawValue === undefined) {
        throw connectionInvalid(`A parameter after the "?" of ${from} has no "=".`, { todo: passwordAdvice });
      }
      if (more.length > 0) {
        throw connectionInvalid(`A parameter after the "?" of ${from} has more than one "=".`, {
          todo: 'Write "=" inside a value as %3D.',
        });
      }
      const name = percentDecode(rawName, from);
      // libpq takes JDBC's spelling.
      if (name === 'ssl' && percentDecode(rawValue, from) === 'true') store('sslmode', 'require');
      else store(knownKeyword(name, from, query.includes('@')), rawValue);
    }
  }
}

const passwordAdvice =
  'In a URL, write special characters of user names and passwords percent-encoded: "/" as %2F, "@" as %40, ":" as %3A, "?" as %3F, "#" as %23, "%" as %25.';

/** Decodes `%xx`; unlike decodeURIComponent it says which rule was broken, without the text. */
function percentDecode(text: string, from: string): string {
  if (!text.includes('%')) return text;
  const bytes: Buffer[] = [];
  for (const [piece] of text.matchAll(/%[\s\S]{0,2}|[^%]+/g)) {
    if (!piece.startsWith('%')) {
      bytes.push(Buffer.from(piece, 'utf8'));
      continue;
    }
    if (!/^%[0-9A-Fa-f]{2}$/.test(piece)) {
      throw connectionInvalid(`${capitalised(from)} has a "%" that is not followed by two hexadecimal digits.`, {
        todo: passwordAdvice,
      });
    }
    if (piece === '%00') throw connectionInvalid(`${capitalised(from)} holds %00, which no value may.`);
    bytes.push(Buffer.from(piece.slice(1), 'hex'));
  }
  return Buffer.concat(bytes).toString('utf8');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
