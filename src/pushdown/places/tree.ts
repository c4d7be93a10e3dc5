import type { Node } from '../parser.ts';

/** A node's fields, or a node under the name of its type. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of what should be a list. */
export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** A value as a node: an object with one key, its type. */
export function asNode(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}

function isNode(value: unknown): value is Node {
  return isJson(value) && Object.keys(value).length === 1;
}

/** The AND-ed parts of a condition. */
export function andParts(condition: unknown): readonly Node[] {
  const node = asNode(condition);
  if (node === undefined) return [];
  return 'BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR' ? (node.BoolExpr.args ?? []).flatMap((arg) => andParts(arg)) : [node];
}

export function firstLocation(value: unknown): number | undefined {
  return locationIn(value, Math.min);
}

export function lastLocation(value: unknown): number | undefined {
  return locationIn(value, Math.max);
}

/** Of all places that a tree mentions, in bytes, the one that `choose` leaves. */
function locationIn(value: unknown, choose: (a: number, b: number) => number, known?: number): number | undefined {
  if (typeof value !== 'object' || value === null) return known;
  let found = known;
  if (Array.isArray(value)) {
    for (const each of value) found = locationIn(each, choose, found);
    return found;
  }
  if (!isJson(value)) return found;
  for (const key of Object.keys(value)) {
    const each = value[key];
    if (key !== 'location') found = locationIn(each, choose, found);
    else if (typeof each === 'number' && each >= 0) found = found === undefined ? each : choose(found, each);
  }
  return found;
}

/** What holds places beside `location` (parsenodes.h, 18). */
const placeKeys: ReadonlySet<string> = new Set(['location', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end']);

/** A tree without its places: two texts of one expression give the same. */
export function shapeKey(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => (placeKeys.has(key) ? undefined : each));
}
