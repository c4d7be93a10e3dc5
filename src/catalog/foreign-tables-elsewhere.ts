import type { Session } from '../postgres/session.ts';

/** How many foreign tables `readForeignTables` does not read, without the sessions' temporary ones. */
export async function countForeignTablesElsewhere(session: Session, schemas: readonly string[], servers: readonly string[] = []): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count
     FROM pg_foreign_table t
     JOIN pg_class c ON c.oid = t.ftrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_foreign_server s ON s.oid = t.ftserver
     WHERE c.relpersistence <> 't' AND n.nspname <> ALL ($1::text[]) AND s.srvname <> ALL ($2::text[])`,
    [schemas, servers],
  );
  return row?.count ?? 0;
}
