import type { ForeignTable, ObjectName } from '../model/objects.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import { typeParts, type UserType } from '../model/user-types.ts';

/**
 * The types that came with tables: those of their schemas that their columns use, directly or through one another; each
 * after those that it is made of.
 *
 * @param textOf a type's name as the catalog prints it in a column
 */
export function typesWithin(tables: readonly ForeignTable[], types: readonly UserType[], textOf: (name: QualifiedName) => string): readonly ObjectName[] {
  const schemas = new Set(tables.map(({ schema }) => schema));
  const known = new Map(types.filter(({ schema }) => schemas.has(schema)).map((type) => [textOf(type), type]));
  const found = new Map<string, ObjectName>();
  const seen = new Set<string>();
  const visit = (text: string): void => {
    const type = known.get(text.replace(/(\[\])+$/, ''));
    if (type === undefined || seen.has(nameKey(type))) return;
    seen.add(nameKey(type));
    typeParts(type).forEach(visit);
    found.set(nameKey(type), { kind: type.kind, schema: type.schema, name: type.name });
  };
  for (const { columns } of tables) for (const { type } of columns) visit(type);
  return [...found.values()];
}
