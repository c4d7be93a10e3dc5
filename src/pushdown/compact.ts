import { Shared } from '../base/shared.ts';

/** Of which there are many in every verdict. */
const none: readonly never[] = Object.freeze([]);

/** Texts that many verdicts have: sentences of reasons above all. */
const texts = new Shared<string>(20_000);

/** Longer ones are there once, mostly. */
const mostCharacters = 400;

/**
 * The same plain data in less memory, for what is kept of each of a million queries: empty lists and texts that are alike are one, and lists take no
 * more room than their items (V8 keeps room for sixteen more in what `flatMap` makes).
 */
export function compact<T>(value: T): T {
  return compacted(value) as T;
}

function compacted(value: unknown): unknown {
  if (typeof value === 'string') return shared(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? none : value.map(compacted);
  // What stands in a file is shared already, with the text of the file.
  if ('source' in value) return value;
  // A spread keeps the shape, which objects that are made key by key do not share.
  const copy: Record<string, unknown> = { ...value };
  for (const key of Object.keys(copy)) copy[key] = compacted(copy[key]);
  return copy;
}

function shared(text: string): string {
  return text.length > mostCharacters ? text : texts.get(text, () => text);
}
