import type { Secret } from '../base/secret.ts';
import type { SecretReference } from './secret-reference.ts';

/**
 * The value of an option: text as written; a reference to a secret (desired, from the spec); or a secret's
 * value as the catalog gave it (actual). PostgreSQL stores all of them as text, unnormalised
 * (postgresql.org/docs/18/sql-createserver.html, OPTIONS).
 */
export type OptionValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly reference: SecretReference }
  | { readonly kind: 'secret'; readonly secret: Secret };

export interface Option {
  /** Case-sensitive, as stored. */
  readonly name: string;
  readonly value: OptionValue;
}

/** The options of one object: sorted by name, no name twice; their order means nothing to PostgreSQL. */
export type Options = readonly Option[];

/** Plain-text options from a record, sorted by name. */
export function textOptions(record: Iterable<readonly [string, string]>): Options {
  return [...record]
    .map(([name, text]): Option => ({ name, value: { kind: 'text', text } }))
    .sort((a, b) => compareNames(a.name, b.name));
}

/** A text that equal options have alike, and different ones do not; undefined where a secret is among them. */
export function optionsKey(options: Options): string | undefined {
  const parts: string[] = [];
  for (const { name, value } of options) {
    if (value.kind !== 'text') return undefined;
    // NUL cannot stand in a text of PostgreSQL.
    parts.push(name, value.text);
  }
  return parts.join('\0');
}

/** Order by code unit, the same on every machine (no locale). */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
