import type { Dependent, Loss } from '../model/dependent.ts';
import type { ObjectName } from '../model/objects.ts';
import { roleKey } from '../model/role.ts';
import type { Session } from '../postgres/session.ts';

interface DependentRow extends Record<string, unknown> {
  readonly position: number;
  readonly description: string;
  readonly schema: string | null;
  readonly name: string | null;
}

/**
 * What stands in the way of losses: views, materialized views, functions, rules, policies, columns of a row type, and
 * whatever else depends on them, or on something that depends on them. What the losses take away themselves is not
 * among it, nor are heirs of a table that comes back: they step aside meanwhile. One query; names come out qualified where the search_path is that of `withCatalogPath`.
 */
export async function readDependents(session: Session, losses: readonly Loss[]): Promise<readonly Dependent[]> {
  if (losses.length === 0) return [];
  const keys = losses.map(({ object }) => keyOf(object));
  const rows = await session.query<DependentRow>(query, [
    keys.map(({ catalog }) => catalog),
    keys.map(({ space }) => space),
    keys.map(({ name }) => name),
    losses.map(({ column }) => column ?? null),
    losses.map(({ object, fate }) => object.kind === 'foreign-table' && fate === 'back'),
  ]);
  return rows.flatMap(({ position, description, schema, name }) => {
    const loss = losses[position - 1];
    if (loss === undefined) return [];
    return [{ loss, description, view: schema === null || name === null ? undefined : { schema, name } }];
  });
}

/** Where a catalog has an object: its schema, or what else its name is unique in. */
function keyOf(object: ObjectName): { readonly catalog: string; readonly space: string; readonly name: string } {
  switch (object.kind) {
    case 'extension':
    case 'wrapper':
    case 'server':
    case 'schema':
      return { catalog: object.kind, space: '', name: object.name };
    case 'user-mapping':
      return { catalog: object.kind, space: object.server, name: roleKey(object.role) };
    case 'partitioned-table':
    case 'foreign-table':
      return { catalog: 'relation', space: object.schema, name: object.name };
    default:
      return { catalog: 'type', space: object.schema, name: object.name };
  }
}

/*
 * postgresql.org/docs/18/catalog-pg-depend.html. A dependency of type n stops a DROP and an ALTER TYPE; those of the
 * other types go or change along (the row type of a table, the members of an extension, a default), and what stands
 * on those stops it just the same. A view depends through its rule _RETURN; it is the view that users know, also where its column has a type that goes. Attributes
 * of a composite type are columns of the relation that stands for it.
 */
const query = `
  WITH RECURSIVE wanted AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[]) WITH ORDINALITY AS w(catalog, space, name, col, back, position)
  ), root AS (
    SELECT w.position, 'pg_class'::regclass::oid AS classid, c.oid AS objid, coalesce(a.attnum, 0)::int AS objsubid
    FROM wanted w JOIN pg_namespace n ON n.nspname = w.space JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = w.col AND NOT a.attisdropped
    WHERE (w.catalog = 'relation' OR w.col IS NOT NULL) AND (w.col IS NULL OR a.attnum IS NOT NULL)
    UNION ALL
    SELECT w.position, 'pg_type'::regclass, t.oid, 0
    FROM wanted w JOIN pg_namespace n ON n.nspname = w.space JOIN pg_type t ON t.typnamespace = n.oid AND t.typname = w.name
    WHERE w.catalog = 'type' AND w.col IS NULL
    UNION ALL
    SELECT w.position, 'pg_foreign_server'::regclass, s.oid, 0
    FROM wanted w JOIN pg_foreign_server s ON s.srvname = w.name WHERE w.catalog = 'server'
    UNION ALL
    SELECT w.position, 'pg_user_mapping'::regclass, u.umid, 0
    FROM wanted w JOIN pg_user_mappings u ON u.srvname = w.space LEFT JOIN pg_roles r ON r.oid = u.umuser
    WHERE w.catalog = 'user-mapping' AND coalesce(r.rolname, '') = w.name
    UNION ALL
    SELECT w.position, 'pg_foreign_data_wrapper'::regclass, f.oid, 0
    FROM wanted w JOIN pg_foreign_data_wrapper f ON f.fdwname = w.name WHERE w.catalog = 'wrapper'
    UNION ALL
    SELECT w.position, 'pg_namespace'::regclass, n.oid, 0
    FROM wanted w JOIN pg_namespace n ON n.nspname = w.name WHERE w.catalog = 'schema'
    UNION ALL
    SELECT w.position, 'pg_extension'::regclass, e.oid, 0
    FROM wanted w JOIN pg_extension e ON e.extname = w.name WHERE w.catalog = 'extension'
  ), reached AS (
    SELECT position, classid, objid, objsubid, false AS stops FROM root
    UNION
    SELECT r.position, x.classid, x.objid, x.objsubid, d.deptype = 'n'
    FROM reached r
    JOIN pg_depend d ON d.refclassid = r.classid AND d.refobjid = r.objid AND (r.objsubid = 0 OR d.refobjsubid = r.objsubid)
    LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid AND w.rulename = '_RETURN'
    CROSS JOIN LATERAL (SELECT
      CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END AS classid,
      coalesce(w.ev_class, d.objid) AS objid,
      CASE WHEN w.oid IS NULL THEN d.objsubid ELSE 0 END AS objsubid) x
    WHERE (x.classid, x.objid) <> (r.classid, r.objid)
      AND NOT (x.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM wanted v WHERE v.position = r.position AND v.back) AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = x.objid AND h.inhparent = r.objid))
      AND NOT EXISTS (SELECT FROM root o WHERE o.classid = x.classid AND o.objid = x.objid AND o.objsubid IN (0, x.objsubid))
  )
  SELECT r.position::int AS position, i.type || ' ' || i.identity AS description,
    CASE WHEN c.relkind IN ('v', 'm') THEN n.nspname END AS schema, CASE WHEN c.relkind IN ('v', 'm') THEN c.relname END AS name
  FROM (SELECT position, classid, objid, objsubid FROM reached GROUP BY 1, 2, 3, 4 HAVING bool_and(stops)) r
  CROSS JOIN LATERAL pg_identify_object(r.classid, r.objid, r.objsubid) i
  LEFT JOIN pg_class c ON r.classid = 'pg_class'::regclass AND (r.objsubid = 0 OR c.relkind IN ('v', 'm')) AND c.oid = r.objid
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  ORDER BY 1, 2`;
