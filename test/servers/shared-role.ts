/**
 * SQL that makes a role unless it is there. For names that more than one test needs, words of SQL such as PUBLIC: roles belong to
 * the cluster, and whoever comes first makes them. They stay.
 */
export function sharedRole(name: string): string {
  return `DO $make$ BEGIN CREATE ROLE "${name.replaceAll('"', '""')}"; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $make$`;
}
