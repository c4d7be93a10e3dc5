import type { EnumType } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';

interface EnumRow extends Record<string, unknown> {
  readonly schema: string;
  readonly name: string;
  readonly labels: readonly string[];
}

/** All enums, with their labels in sort order. */
export async function readEnums(session: Session): Promise<readonly EnumType[]> {
  const rows = await session.query<EnumRow>(`
    SELECT n.nspname AS schema, t.typname AS name,
      ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e'
    ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"`);
  return rows.map((row) => ({ kind: 'enum', schema: row.schema, name: row.name, labels: row.labels }));
}
