import type { ForeignTable } from '../model/objects.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import { typeParts, type UserType } from '../model/user-types.ts';

/**
 * The types that came with tables: those of their schemas that their columns use, directly or through one another; each
 * after those that it is made of.
 *
 * @param textOf a type's name as the catalog prints it in a column
 */
export function typesWithin(tables: readonly ForeignTable[], types: readonly UserType[], textOf: (name: QualifiedName) => string): readonly UserType[] {
  const schemas = new Set(tables.map(({ schema }) => schema));
  return typesBehind(tables.flatMap(({ columns }) => columns.map(({ type }) => type)), types.filter(({ schema }) => schemas.has(schema)), textOf);
}

/** Of some types those that these texts name, directly or through one another; each after those that it is made of. */
export function typesBehind(texts: readonly string[], types: readonly UserType[], textOf: (name: QualifiedName) => string): readonly UserType[] {
  const known = new Map(types.map((type) => [textOf(type), type]));
  const found = new Map<string, UserType>();
  const seen = new Set<string>();
  const visit = (text: string): void => {
    const type = known.get(text.replace(/(\[\])+$/, ''));
    if (type === undefined || seen.has(nameKey(type))) return;
    seen.add(nameKey(type));
    typeParts(type).forEach(visit);
    found.set(nameKey(type), type);
  };
  texts.forEach(visit);
  return [...found.values()];
}
