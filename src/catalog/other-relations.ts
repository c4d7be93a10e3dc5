import type { OtherRelation } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';

/** What else of the named schemas has a name that a foreign table might want: tables, views, indexes, sequences. */
export async function readOtherRelations(session: Session, schemas: readonly string[]): Promise<readonly OtherRelation[]> {
  return session.query<OtherRelation & Record<string, unknown>>(
    `SELECT n.nspname AS schema, c.relname AS name,
       CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
         WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite type' ELSE 'index' END AS what
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY ($1::text[]) AND c.relkind <> 'f'
     ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`,
    [schemas],
  );
}
