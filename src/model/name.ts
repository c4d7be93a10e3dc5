import { compareNames } from './option.ts';

/** A name in a schema, both parts as PostgreSQL stores them (unquoted, case and all). */
export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/** A string that is equal for equal names and different for different ones (NUL cannot stand in a name). */
export function nameKey(name: QualifiedName): string {
  return `${name.schema}\0${name.name}`;
}

/** Order by schema, then name. */
export function compareQualified(a: QualifiedName, b: QualifiedName): number {
  return compareNames(a.schema, b.schema) || compareNames(a.name, b.name);
}

/** Whether two names are equal; undefined equals itself only. */
export function sameName(a: QualifiedName | undefined, b: QualifiedName | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && nameKey(a) === nameKey(b));
}
