/** What a database sorts and compares text by, unless a column says otherwise. */
export interface DatabaseCollation {
  readonly provider: 'libc' | 'icu' | 'builtin';
  /** The locale of the provider: `en_US.UTF-8`, `de-DE`, `C`. */
  readonly locale: string;
}

/** The same with the version of the library, as recorded when the database was made; undefined: none, or before 15. */
export interface VersionedCollation extends DatabaseCollation {
  readonly version: string | undefined;
}

/** What `datlocprovider` means (postgresql.org/docs/18/catalog-pg-database.html); before 15 there is only libc. */
export function collationProvider(letter = 'c'): DatabaseCollation['provider'] {
  return letter === 'i' ? 'icu' : letter === 'b' ? 'builtin' : 'libc';
}

/** `de of icu 153.120`. */
export function collationText({ provider, locale, version }: VersionedCollation): string {
  return `${locale} of ${provider}${version === undefined ? '' : ` ${version}`}`;
}

/** What a database sorts by: equal keys sort alike, as far as names tell. */
export function databaseKey({ provider, locale }: DatabaseCollation): string {
  if (provider !== 'icu' && isC(locale)) return 'C';
  return provider === 'libc' ? `libc:${plainLocale(locale)}` : `${provider}:${locale}`;
}

/** The ways to write one locale: `en_US.UTF-8` and `en_US.utf8`. */
export function plainLocale(locale: string): string {
  const [name = '', encoding = ''] = locale.split('.');
  return `${name}.${encoding.toLowerCase().replaceAll('-', '')}`;
}

/** Byte by byte. */
export function isC(name: string): boolean {
  return name === 'C' || name === 'POSIX';
}
