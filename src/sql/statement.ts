import type { SecretReference } from '../model/secret-reference.ts';

/** A hole in a statement where a secret's literal goes at the last moment. */
export interface SecretSlot {
  readonly reference: SecretReference;
  /** A psql variable's name for it, made of the object and the option: `shop_public_password`. */
  readonly variable: string;
}

/**
 * One SQL statement without its final semicolon: text, with slots where secrets go. Adjacent parts follow
 * each other without a separator.
 */
export interface Statement {
  readonly parts: readonly (string | SecretSlot)[];
}

/** A statement made of text alone. */
export function statement(text: string): Statement {
  return { parts: [text] };
}

/** The slots of a statement, in order. */
export function slots(of: Statement): readonly SecretSlot[] {
  return of.parts.filter((part) => typeof part !== 'string');
}

/** The statement as text, each slot replaced by what `show` gives. */
export function render(of: Statement, show: (slot: SecretSlot) => string): string {
  return of.parts.map((part) => (typeof part === 'string' ? part : show(part))).join('');
}
