import type { DatabaseCollation } from '../model/standing.ts';
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

/** What a database sorts by. */
export function databaseKey({ provider, locale }: DatabaseCollation): string {
  if (provider !== 'icu' && isC(locale)) return 'C';
  return provider === 'libc' ? `libc:${plainLocale(locale)}` : `${provider}:${locale}`;
}

/** The ways to write one locale: `en_US.UTF-8` and `en_US.utf8`. */
function plainLocale(locale: string): string {
  const [name = '', encoding = ''] = locale.split('.');
  return `${name}.${encoding.toLowerCase().replaceAll('-', '')}`;
}

function isC(name: string): boolean {
  return name === 'C' || name === 'POSIX';
}
