import { sameName } from '../../model/name.ts';
import type { AttributeChange } from '../../model/type-change.ts';
import type { Attribute, CompositeType } from '../../model/user-types.ts';

/**
 * What ALTER TYPE has to do. The order of attributes counts, since a value travels as `(first,second)`, and ADD
 * ATTRIBUTE only adds at the end: what cannot stay in its place is dropped and added again.
 */
export function diffComposite(after: CompositeType, before: CompositeType): readonly AttributeChange[] {
  const kept = keptOf(after.attributes, before.attributes);
  const names = new Set(kept.map(({ name }) => name));
  const present = new Map(before.attributes.map((attribute) => [attribute.name, attribute]));
  return [
    ...before.attributes.filter(({ name }) => !names.has(name)).map(({ name }): AttributeChange => ({ kind: 'drop-attribute', name })),
    ...kept.flatMap((attribute): readonly AttributeChange[] => {
      const old = present.get(attribute.name);
      if (old === undefined || (attribute.type === old.type && sameName(attribute.collation, old.collation))) return [];
      return [{ kind: 'set-type', before: old, after: attribute }];
    }),
    ...after.attributes.slice(kept.length).map((attribute): AttributeChange => ({ kind: 'add-attribute', attribute })),
  ];
}

/** The longest beginning of `after` that comes in this order in `before`. */
function keptOf(after: readonly Attribute[], before: readonly Attribute[]): readonly Attribute[] {
  let from = 0;
  const kept: Attribute[] = [];
  for (const attribute of after) {
    const at = before.findIndex(({ name }, index) => index >= from && name === attribute.name);
    if (at < 0) break;
    kept.push(attribute);
    from = at + 1;
  }
  return kept;
}
