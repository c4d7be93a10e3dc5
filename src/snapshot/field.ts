/** A value of a file that has an unknown shape, with its place in it: `servers.shop.schemas.public`. */
export interface Field {
  readonly value: unknown;
  readonly path: string;
}

/** What is wrong with a file, and where. */
export class Flaw extends Error {
  override readonly name = 'Flaw';
}

/** @throws Flaw */
export function wrong({ path }: Field, why: string): never {
  throw new Flaw(`${path === '' ? 'The file' : path} ${why}.`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entries of an object with any keys, in order. */
export function entries(field: Field): readonly (readonly [name: string, value: Field])[] {
  const { value, path } = field;
  if (!isObject(value)) return wrong(field, 'is no object');
  return Object.entries(value).map(([name, part]) => [name, { value: part, path: path === '' ? name : `${path}.${name}` }]);
}

/** The parts of an object with known keys. One that is missing has the value undefined. */
export function parts<const K extends string>(field: Field, keys: readonly K[]): Readonly<Record<K, Field>> {
  const found = new Map(entries(field));
  const known = new Set<string>(keys);
  const stray = [...found].find(([name]) => !known.has(name));
  if (stray !== undefined) wrong(stray[1], 'is no key that belongs here');
  const part = (key: K): readonly [K, Field] => [key, found.get(key) ?? { value: undefined, path: field.path === '' ? key : `${field.path}.${key}` }];
  return Object.fromEntries(keys.map(part)) as Readonly<Record<K, Field>>;
}

/** The items of a list. */
export function items(field: Field): readonly Field[] {
  const { value, path } = field;
  if (!Array.isArray(value)) return wrong(field, 'is no list');
  return (value as readonly unknown[]).map((part, index) => ({ value: part, path: `${path}[${index}]` }));
}

/** A text that PostgreSQL could have. */
export function text(field: Field): string {
  const { value } = field;
  if (typeof value !== 'string') return wrong(field, 'is no text');
  return value.includes('\0') ? wrong(field, 'has a NUL, which no text of PostgreSQL can have') : value;
}

export function texts(field: Field): readonly string[] {
  return items(field).map(text);
}

export function integer(field: Field): number {
  const { value } = field;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : wrong(field, 'is no whole number');
}

/** False where it is left out. */
export function flag(field: Field): boolean {
  const { value = false } = field;
  return typeof value === 'boolean' ? value : wrong(field, 'is neither true nor false');
}

/** One of some words. */
export function word<const W extends string>(field: Field, words: readonly W[]): W {
  return words.find((each) => each === field.value) ?? wrong(field, `is none of ${words.join(', ')}`);
}

/** undefined where it is left out. */
export function optional<T>(field: Field, read: (field: Field) => T): T | undefined {
  return field.value === undefined ? undefined : read(field);
}
