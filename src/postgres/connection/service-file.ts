import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { findKeyword, nearestKeyword } from './keywords.ts';
import { systemServiceFiles, userServiceFile } from './places.ts';
import { connectionInvalid } from './settings.ts';
import type { Setting, Settings } from './settings.ts';

/**
 * The parameters of one service in a service file's text. The rules are those of `parseServiceFile` in
 * libpq (src/interfaces/libpq/fe-connect.c): `[name]`, then `keyword=value` lines without quoting; the
 * first of two equal keywords wins; services do not nest; LDAP lookups are refused, as node has no LDAP.
 *
 * @returns undefined when the file does not define the service
 * @throws {UserError} `connection-invalid`; names the file and the line, never a value
 */
export function parseServiceFile(text: string, service: string, file: string): Settings | undefined {
  let inService = false;
  let found: Map<string, Setting> | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const at = `line ${index + 1} of service file ${file}`;
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      if (inService) break;
      inService = line.startsWith(`[${service}]`);
      if (inService) found = new Map();
      continue;
    }
    if (!inService || found === undefined) continue;
    if (line.startsWith('ldap')) {
      throw connectionInvalid(`Service "${service}" is looked up by LDAP in ${at}, which fdw cannot do.`, {
        todo: 'Write the parameters into the service file, or give a connection string.',
      });
    }
    const equals = line.indexOf('=');
    if (equals < 0) throw connectionInvalid(`There is no "=" in ${at}.`, { todo: 'Write keyword=value, without quotes.' });
    const name = line.slice(0, equals);
    if (name === 'service') throw connectionInvalid(`Services cannot be nested: ${at} names another one.`);
    if (findKeyword(name) === undefined) {
      const near = nearestKeyword(name.trim());
      throw connectionInvalid(`Unknown connection parameter in ${at}.`, {
        todo:
          near === name.trim()
            ? 'No space may stand before the "=".'
            : near !== undefined
              ? `Did you mean "${near}"?`
              : 'The names are those of libpq: host, port, dbname, user, sslmode, …',
      });
    }
    if (!found.has(name)) found.set(name, { value: line.slice(equals + 1), from: `service "${service}" in ${file}` });
  }
  return found;
}

/**
 * Looks a service up: in PGSERVICEFILE or else the user's file, then in the machine's
 * (documentation of libpq, "The Connection Service File").
 *
 * @throws {UserError} `connection-invalid`, naming the files that were read
 */
export async function findService(service: string, env: NodeJS.ProcessEnv): Promise<Settings> {
  const named = env['PGSERVICEFILE'] === '' ? undefined : env['PGSERVICEFILE'];
  if (named !== undefined && !existsSync(named)) {
    throw connectionInvalid(`The service file ${named} that PGSERVICEFILE names does not exist.`);
  }
  const own = named ?? userServiceFile(env);
  const read: string[] = [];
  for (const file of [...(own === undefined ? [] : [own]), ...systemServiceFiles(env)]) {
    if (!existsSync(file)) continue;
    read.push(file);
    const settings = parseServiceFile(await readFile(file, 'utf8'), service, file);
    if (settings !== undefined) return settings;
  }
  throw connectionInvalid(`The service "${service}" is not defined.`, {
    why: read.length === 0 ? 'There is no service file.' : `Read: ${read.join(', ')}.`,
    todo: `Add [${service}] to ${own ?? 'a service file'} or name another file with PGSERVICEFILE.`,
  });
}
