import type { Session } from '../postgres/session.ts';

/** How many foreign tables there are outside of the named schemas, without the sessions' temporary ones. */
export async function countForeignTablesElsewhere(session: Session, schemas: readonly string[]): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count
     FROM pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname <> ALL ($1::text[]) AND c.relpersistence <> 't'`,
    [schemas],
  );
  return row?.count ?? 0;
}
