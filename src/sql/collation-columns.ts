/**
 * Provider (a letter), locale and version of a database's collation, as entries of a select list over `pg_database`. Before 15 there is libc
 * alone, and no version; the locale's column was renamed in 17 (postgresql.org/docs/18/catalog-pg-database.html).
 */
export function collationColumns(versionNum: number): string {
  if (versionNum < 150000) return "'c' AS provider, datcollate AS locale, NULL::text AS version";
  return `datlocprovider::text AS provider, coalesce(${versionNum >= 170000 ? 'datlocale' : 'daticulocale'}, datcollate) AS locale, datcollversion AS version`;
}
