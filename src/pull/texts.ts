import { Scalar } from 'yaml';
import type { QualifiedName } from '../model/name.ts';
import { ident, qualified } from '../sql/quote.ts';

/**
 * A text as a YAML scalar that the spec's reader takes back as that very text. The library quotes what looks
 * like a number or a null; here is added what the spec's reader has of its own: `${` refers to the environment,
 * `<<` merges, and no control character may stand in the file.
 */
export function textNode(text: string): Scalar<string> {
  return keyNode(text.replaceAll('${', () => '$${'));
}

/** The same for a key, where `${` means nothing. */
export function keyNode(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  if (text === '<<' || needsEscapes.test(text)) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** Line ends, controls, invisible and unassigned characters: readable only as escapes. */
const needsEscapes = /[\p{C}\p{Zl}\p{Zp}]/u;

/** The value of an option: numbers and booleans without quotes where YAML gives back the very text. */
export function optionNode(text: string): Scalar {
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return new Scalar(Number(text));
  return text === 'true' || text === 'false' ? new Scalar(text === 'true') : textNode(text);
}

/**
 * Escapes what the library leaves as it is inside double quotes and YAML does not allow in a file
 * (yaml.org/spec/1.2.2, c-printable); `keyNode` has put it into double quotes.
 */
export function escapeForbidden(yaml: string): string {
  return yaml.replace(/[\u007F\uFFFE\uFFFF]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** `schema.table` as a key of `tables`: a part is quoted as in SQL where it has a dot or starts with a quote. */
export function dottedName({ schema, name }: QualifiedName): string {
  return `${namePart(schema)}.${namePart(name)}`;
}

/** A collation as a spec writes it: those of PostgreSQL itself go without their schema. */
export function collationName({ schema, name }: QualifiedName): string {
  return schema === 'pg_catalog' ? namePart(name) : dottedName({ schema, name });
}

/** One part of a name. */
export function namePart(name: string): string {
  return name.includes('.') || name.startsWith('"') ? `"${name.replaceAll('"', '""')}"` : name;
}

/** A name for a comment or a message: as in SQL, on one line. */
export function shown(name: string | QualifiedName): string {
  const sql = typeof name === 'string' ? ident(name) : qualified(name);
  return oneLine(sql);
}

/** `1 index of its own`, `2 indexes of its own`. */
export function counted({ count, what }: { readonly count: number; readonly what: string }): string {
  return `${count} ${what.replace(/\{(?:([^|}]*)\|)?([^}]*)\}/g, (_, one: string | undefined, many: string) => (count === 1 ? (one ?? '') : many))}`;
}

/** A text without what would break a line or hide in it. */
export function oneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
}
