import type { Schema } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';

/** All schemas but the sessions' own temporary ones. */
export async function readSchemas(session: Session): Promise<readonly Schema[]> {
  const rows = await session.query<{ name: string }>(`
    SELECT nspname AS name FROM pg_namespace
    WHERE nspname !~ '^pg_(toast_)?temp_'
    ORDER BY nspname COLLATE "C"`);
  return rows.map((row) => ({ kind: 'schema', name: row.name }));
}
