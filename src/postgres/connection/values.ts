import { connectionInvalid } from './settings.ts';
import type { Settings } from './settings.ts';

/** The value of a parameter; an empty one counts as not given. */
export function valueOf(settings: Settings, name: string): string | undefined {
  const value = settings.get(name)?.value;
  return value === '' ? undefined : value;
}

/**
 * A parameter that takes one of a few words.
 * @throws {UserError} `connection-invalid` that lists the words
 */
export function wordOf<W extends string>(settings: Settings, name: string, words: readonly W[], fallback: W): W {
  // An empty word is an error in libpq too, so `valueOf` is not used here.
  const setting = settings.get(name);
  if (setting === undefined) return fallback;
  const word = words.find((each) => each === setting.value);
  if (word !== undefined) return word;
  throw connectionInvalid(`"${printable(setting.value)}" is not a value of ${name} (${setting.from}).`, {
    todo: `Use one of: ${words.join(', ')}.`,
  });
}

/**
 * A parameter that takes a whole number; spaces around it are fine, as in libpq's `pqParseIntParam`.
 * @throws {UserError} `connection-invalid`
 */
export function integerOf(settings: Settings, name: string, fallback: number): number {
  const setting = settings.get(name);
  if (setting === undefined || setting.value === '') return fallback;
  if (!/^\s*[+-]?\d{1,9}\s*$/.test(setting.value)) {
    throw connectionInvalid(`"${printable(setting.value)}" is not a whole number for ${name} (${setting.from}).`);
  }
  return Number(setting.value);
}

/** A value that is safe and short enough to show. */
export function printable(value: string): string {
  const clean = value.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  return clean.length > 60 ? `${clean.slice(0, 60)}…` : clean;
}
