import type { Shape } from '../schema/shape.ts';
import { isNull, type MapEntry, type MapNode, type Node } from '../yaml/node.ts';

/**
 * Lays one value over another: maps merge key by key, null removes a key, and everything else replaces. What
 * stays keeps its place, and so does what comes from the overlay. A map of which exactly one key may be given
 * (`{env: …}`, `{file: …}`) is one value, so it is replaced.
 *
 * @param shape of the value; undefined where nobody knows it
 * @param nothing called for each null that has nothing to remove
 */
export function mergeOver(base: Node | undefined, overlay: Node, shape: Shape | undefined, nothing: (entry: MapEntry) => void): Node {
  if (overlay.kind !== 'map' || isOne(shape)) return overlay;
  return mergeMaps(base?.kind === 'map' ? base : undefined, overlay, shape, nothing);
}

function mergeMaps(base: MapNode | undefined, overlay: MapNode, shape: Shape | undefined, nothing: (entry: MapEntry) => void): MapNode {
  const entries = new Map(base?.entries.map((entry) => [entry.key, entry]));
  for (const entry of overlay.entries) {
    const under = entries.get(entry.key);
    if (isNull(entry.value)) {
      if (under === undefined) nothing(entry);
      entries.delete(entry.key);
    } else {
      const value = mergeOver(under?.value, entry.value, shapeBehind(shape, entry.key), nothing);
      const merged = under?.value.kind === 'map' && value !== entry.value;
      entries.set(entry.key, (merged ? under : entry).with({ value }));
    }
  }
  return (base ?? overlay).with([...entries.values()], [...(base?.repeated ?? []), ...overlay.repeated]);
}

function shapeBehind(shape: Shape | undefined, key: string): Shape | undefined {
  switch (shape?.kind) {
    case 'object':
      return Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    case 'map':
      return shape.of;
    case 'choice':
      return shapeBehind(shape.map, key);
    default:
      return undefined;
  }
}

function isOne(shape: Shape | undefined): boolean {
  const map = shape?.kind === 'choice' ? shape.map : shape;
  return map?.kind === 'object' && map.one === true;
}
