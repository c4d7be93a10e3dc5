import type { Options } from '../model/option.ts';
import { optionsFromArray } from './options.ts';

/** Gives one object for all equal ones. */
export interface SharedParts {
  readonly text: (text: string) => string;
  readonly options: (elements: readonly string[] | null, wrapper: string) => Options;
}

export function sharedParts(): SharedParts {
  const texts = new Map<string, string>();
  const options = new Map<string, Options>();
  return {
    text(text) {
      const known = texts.get(text);
      if (known === undefined) texts.set(text, text);
      return known ?? text;
    },
    options(elements, wrapper) {
      // NUL cannot stand in a text of PostgreSQL.
      const key = [wrapper, ...(elements ?? [])].join('\0');
      const made = options.get(key) ?? optionsFromArray(elements, { wrapper, kind: 'column' });
      options.set(key, made);
      return made;
    },
  };
}
