import { placesOf } from './spec-places.ts';
import type { ColumnWish } from './spec-column.ts';
import type { SpecSight, WrittenValue } from './spec-places.ts';
import { yamlText } from './yaml-text.ts';

/** A value of the spec, with the keys that lead to it. */
export interface SpecValue {
  readonly path: readonly string[];
  /** YAML on one line; or what a column shall be. */
  readonly value: string | ColumnWish;
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

function lines(values: readonly WrittenValue[], margin: string): readonly string[] {
  return [...new Set(values.map(({ path }) => path[0] ?? ''))].flatMap((key) => {
    const below = values.filter(({ path }) => path[0] === key).map(({ path, value }) => ({ path: path.slice(1), value }));
    const leaf = below.find(({ path }) => path.length === 0);
    return leaf === undefined ? [`${margin}${yamlText(key)}:`, ...lines(below, `${margin}  `)] : [`${margin}${yamlText(key)}: ${leaf.value}`];
  });
}
