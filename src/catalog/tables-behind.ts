import type { Session } from '../postgres/session.ts';

/** What the foreign tables of a server stand for, `schema.table` on the remote as postgres_fdw finds it: by its options, else the local names. */
export async function tablesBehind(session: Session, server: string): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT coalesce(max(o.option_value) FILTER (WHERE o.option_name = 'schema_name'), n.nspname) || '.' ||
       coalesce(max(o.option_value) FILTER (WHERE o.option_name = 'table_name'), c.relname) AS name
     FROM pg_catalog.pg_foreign_table f
     JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
     JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN LATERAL pg_catalog.pg_options_to_table(f.ftoptions) o ON true
     WHERE s.srvname = $1
     GROUP BY f.ftrelid, n.nspname, c.relname`,
    [server],
  );
  return rows.map(({ name }) => name);
}
