import { placesOf } from './spec-places.ts';
import type { SpecSight } from './spec-places.ts';

/** A value of the spec, with the keys that lead to it. */
export interface SpecValue {
  readonly path: readonly string[];
  /** YAML on one line. */
  readonly value: string;
}

/**
 * A part of the user's spec as YAML, under where in it the things stand; what lies below the same key stands there together.
 *
 * @returns null where the spec names none of them
 */
export function specPatch(values: readonly SpecValue[], sight: SpecSight): string | null {
  const placed = placesOf(values, sight);
  if (placed.length === 0) return null;
  const places = placed.flatMap(({ of, at }) => (at === undefined ? [] : [`# ${of}: ${at.source.file}:${at.line}:${at.column}`.replaceAll(/[\r\n]+/g, ' ')]));
  return [...new Set(places), ...lines(placed, '')].join('\n');
}

function lines(values: readonly SpecValue[], margin: string): readonly string[] {
  return [...new Set(values.map(({ path }) => path[0] ?? ''))].flatMap((key) => {
    const below = values.filter(({ path }) => path[0] === key).map(({ path, value }) => ({ path: path.slice(1), value }));
    const leaf = below.find(({ path }) => path.length === 0);
    return leaf === undefined ? [`${margin}${yamlKey(key)}:`, ...lines(below, `${margin}  `)] : [`${margin}${yamlKey(key)}: ${leaf.value}`];
  });
}

/** A key or a value that YAML could read as something else, in quotes. */
export function yamlKey(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text) ? text : JSON.stringify(text);
}
