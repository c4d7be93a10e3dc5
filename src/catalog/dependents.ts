import type { Dependent, Loss } from '../model/dependent.ts';
import type { Session } from '../postgres/session.ts';

/**
 * What stands in the way of losses: views, materialized views, functions with a parsed body, and whatever else
 * has a normal dependency (postgresql.org/docs/18/catalog-pg-depend.html, `deptype` n). One query.
 *
 * A view depends through its rule; it is the view that users know. Names come out qualified, whatever the
 * search_path.
 */
export async function readDependents(session: Session, losses: readonly Loss[]): Promise<readonly Dependent[]> {
  if (losses.length === 0) return [];
  const rows = await session.query<{ position: number; description: string }>(query, [
    losses.map(({ table }) => table.schema),
    losses.map(({ table }) => table.name),
    losses.map(({ column }) => column ?? null),
  ]);
  return rows.flatMap(({ position, description }) => {
    const loss = losses[position - 1];
    return loss === undefined ? [] : [{ loss, description }];
  });
}

const query = `
  SELECT DISTINCT w.position::int AS position,
    i.type || ' ' || i.identity AS description
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w(schema, name, col, position)
  JOIN pg_namespace n ON n.nspname = w.schema
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = w.col AND NOT a.attisdropped
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'n'
    AND (w.col IS NULL OR d.refobjsubid = a.attnum)
  LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
  CROSS JOIN LATERAL pg_identify_object(
    CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END,
    coalesce(r.ev_class, d.objid), CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END) i
  ORDER BY 1, 2`;
