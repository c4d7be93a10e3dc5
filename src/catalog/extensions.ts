import type { Extension } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';

/** The installed extensions. */
export async function readExtensions(session: Session): Promise<readonly Extension[]> {
  const rows = await session.query<{ name: string; schema: string; version: string; relocatable: boolean }>(`
    SELECT e.extname AS name, n.nspname AS schema, e.extversion AS version, e.extrelocatable AS relocatable
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    ORDER BY e.extname COLLATE "C"`);
  return rows.map((row) => ({ kind: 'extension', ...row }));
}
