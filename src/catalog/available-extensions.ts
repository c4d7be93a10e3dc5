import type { AvailableExtension } from '../model/available-extension.ts';
import type { Session } from '../postgres/session.ts';

/**
 * What the server's files offer of some extensions: two queries. Any role may ask
 * (postgresql.org/docs/18/view-pg-available-extension-versions.html; pg_extension_update_paths, extension.c, 14 to 18).
 *
 * @param names those that the server has no files of are not in the answer
 */
export async function readAvailableExtensions(session: Session, names: readonly string[]): Promise<readonly AvailableExtension[]> {
  const versions = await session.query<{ name: string; version: string; requires: readonly string[] | null; chosen: boolean }>(
    `SELECT v.name, v.version, v.requires::text[] AS requires, v.version = x.default_version AS chosen
     FROM pg_available_extension_versions v JOIN pg_available_extensions x USING (name)
     WHERE v.name = ANY ($1::text[])`,
    [names],
  );
  const present = [...new Set(versions.map(({ name }) => name))].sort();
  const updates = await session.query<{ name: string; source: string; target: string }>(
    `SELECT n.name, p.source, p.target FROM unnest($1::text[]) AS n(name), pg_extension_update_paths(n.name) p WHERE p.path IS NOT NULL`,
    [present],
  );
  return present.map((name) => {
    const own = versions.filter((each) => each.name === name);
    return {
      name,
      versions: own.map(({ version }) => version).sort(byNumbers),
      requires: (own.find(({ chosen }) => chosen) ?? own[0])?.requires ?? [],
      updates: updates.filter((each) => each.name === name).map(({ source, target }) => ({ from: source, to: target })),
    };
  });
}

/** The names of all extensions that the server has the files of. */
export async function readExtensionNames(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>('SELECT name::text COLLATE "C" FROM pg_available_extensions ORDER BY 1');
  return rows.map(({ name }) => name);
}

/** `1.10` after `1.9`. */
function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
