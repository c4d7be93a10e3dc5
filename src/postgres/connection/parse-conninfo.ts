import { findKeyword } from './keywords.ts';
import { connectionInvalid, knownKeyword } from './settings.ts';
import type { Setting, Settings } from './settings.ts';

const space = /\s/;

/**
 * Parses a `key=value` connection string.
 *
 * The rules are those of `conninfo_parse` in libpq (src/interfaces/libpq/fe-connect.c): spaces may stand
 * around `=`; a value with spaces, or an empty one, stands in single quotes; a backslash takes the next
 * character as it is, inside quotes and outside; a later value of the same key word wins.
 *
 * @param from what the text is called in messages
 * @throws {UserError} `connection-invalid`; its text never holds a value
 */
export function parseConninfo(text: string, from: string): Settings {
  const settings = new Map<string, Setting>();
  let at = 0;
  let afterSecret = false;
  const skipSpace = (): void => {
    while (at < text.length && space.test(text.charAt(at))) at++;
  };

  for (;;) {
    skipSpace();
    if (at >= text.length) return settings;

    const nameStart = at;
    while (at < text.length && text.charAt(at) !== '=' && !space.test(text.charAt(at))) at++;
    const name = text.slice(nameStart, at);
    skipSpace();
    if (text.charAt(at) !== '=') {
      throw connectionInvalid(`A parameter in ${from} has no "=" after its name.`, {
        why: 'A connection string with "=" in it is read as key=value pairs separated by spaces.',
        todo: "Write every parameter as key=value, and put a value with spaces into single quotes: dbname='my db'.",
      });
    }
    at++;
    skipSpace();
    const value = text.charAt(at) === "'" ? quotedValue() : plainValue();
    settings.set(knownKeyword(name, from, afterSecret), { value, from });
    afterSecret = findKeyword(name)?.secret === true;
  }

  function plainValue(): string {
    let value = '';
    while (at < text.length && !space.test(text.charAt(at))) {
      if (text.charAt(at) === '\\') at++;
      value += text.charAt(at);
      at++;
    }
    return value;
  }

  function quotedValue(): string {
    let value = '';
    at++;
    for (;;) {
      if (at >= text.length) {
        throw connectionInvalid(`A quoted value in ${from} has no closing quote.`, {
          todo: "Close it with ', and write a quote inside a value as \\'.",
        });
      }
      const character = text.charAt(at);
      if (character === "'") {
        at++;
        return value;
      }
      if (character === '\\') at++;
      value += text.charAt(at);
      at++;
    }
  }
}

/** A value as it must be written in a `key=value` string to be read back unchanged. */
export function quoteConninfoValue(value: string): string {
  if (/^[^\s'\\]+$/.test(value)) return value;
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}
