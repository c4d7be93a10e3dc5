import { parse, stringify } from 'yaml';

/** A spec with a patch in it: maps together key by key, anything else in place of what is there. */
export function patched(spec: string, patch: string): string {
  return stringify(merged(parse(spec), parse(patch)));
}

function merged(into: unknown, from: unknown): unknown {
  if (!isMap(into) || !isMap(from)) return from;
  return { ...into, ...Object.fromEntries(Object.entries(from).map(([key, value]) => [key, key in into ? merged(into[key], value) : value])) };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
