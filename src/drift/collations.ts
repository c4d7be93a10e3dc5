import { databaseKey, isC, plainLocale, type DatabaseCollation } from '../model/database-collation.ts';
import type { QualifiedName } from '../model/name.ts';

/**
 * What a collation sorts by, as far as names tell: two columns of equal keys sort alike, as long as both machines have the same version
 * of the locale. A collation of the user's own goes by its name alone, as its schema may be another here.
 */
export function sortsBy(collation: QualifiedName, database: DatabaseCollation): string {
  if (collation.schema !== 'pg_catalog') return `own:${collation.name}`;
  if (collation.name === 'default') return databaseKey(database);
  if (isC(collation.name)) return 'C';
  return collation.name.endsWith('-x-icu') ? `icu:${collation.name.slice(0, -'-x-icu'.length)}` : `libc:${plainLocale(collation.name)}`;
}
