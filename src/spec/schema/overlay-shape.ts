import type { ChoiceShape, MapShape, ObjectShape, Shape } from './shape.ts';

/**
 * What may be laid over a value of this shape: the same, but nothing is required, because what is left out
 * stays, and everything may be null, which removes. Lists replace, so their elements must be whole.
 */
function overlayShape(shape: Shape): Shape {
  switch (shape.kind) {
    case 'object':
      return overlayObject(shape);
    case 'map':
      return overlayMap(shape);
    case 'choice':
      return overlayChoice(shape);
    default:
      return shape;
  }
}

/** An object of which exactly one key is given is replaced, not merged: it stays as it is. */
export function overlayObject({ required: _, ...shape }: ObjectShape): ObjectShape {
  if (shape.one === true) return shape;
  return { ...shape, keys: Object.fromEntries(Object.entries(shape.keys).map(([key, of]) => [key, overlayShape(of)])) };
}

function overlayMap({ filled: _, ...shape }: MapShape): MapShape {
  return { ...shape, of: overlayShape(shape.of) };
}

function overlayChoice(shape: ChoiceShape): ChoiceShape {
  const { map } = shape;
  if (map === undefined) return { ...shape, nullable: true };
  return { ...shape, nullable: true, map: map.kind === 'map' ? overlayMap(map) : overlayObject(map) };
}
