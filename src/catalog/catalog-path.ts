import type { Session } from '../postgres/session.ts';

/**
 * Runs `read` with `search_path = pg_catalog`, so that PostgreSQL prints every name that is not built in
 * qualified; afterwards the path is what it was.
 * @param session in a transaction
 */
export async function withCatalogPath<T>(session: Session, read: () => Promise<T>): Promise<T> {
  const [before] = await session.query<{ path: string }>(
    "SELECT current_setting('search_path') AS path, set_config('search_path', 'pg_catalog', true)",
  );
  const result = await read();
  await session.query("SELECT set_config('search_path', $1, true)", [before?.path ?? '']);
  return result;
}
