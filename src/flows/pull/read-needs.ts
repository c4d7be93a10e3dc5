import type { Session } from '../../postgres/session.ts';
import type { Need } from '../../pull/types.ts';

interface NeedRow extends Record<string, unknown> {
  readonly schema: string;
  readonly name: string;
  readonly what: string;
  readonly identity: string;
  readonly type_schema: string | null;
  readonly type_name: string | null;
  readonly extension: string | null;
}

/** What foreign tables stand on beyond their servers and schemas, directly or through types: one query. */
export async function readNeeds(session: Session, schemas: readonly string[]): Promise<readonly Need[]> {
  const rows = await session.query<NeedRow>(needsQuery, [schemas]);
  return rows.map(({ schema, name, what, identity, type_schema, type_name, extension }) => ({
    table: { schema, name },
    what,
    identity,
    type: type_schema === null || type_name === null ? undefined : { schema: type_schema, name: type_name },
    extension: extension ?? undefined,
  }));
}

/*
 * pg_depend names what columns, defaults and checks use, and what types are made of (postgresql.org/docs/18/catalog-pg-depend.html); an
 * array stands on its element, internally; the relation of a composite type, which stands on what its attributes are of, stands on the type
 * (TypeCreate, src/backend/catalog/pg_type.c, 14 to 18). What initdb makes is not in it, or has an OID below 16384
 * (FirstNormalObjectId, src/include/access/transam.h). Of what an extension brings, and of functions, nothing further is asked. What
 * tables stand on is followed once, however many tables do. OFFSET 0 has each part looked up by the index: the planner knows nothing of a CTE's size.
 */
const needsQuery = `
  WITH RECURSIVE root AS MATERIALIZED (
    SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'f' AND n.nspname = ANY ($1::text[])
  ), part (root, classid, objid) AS MATERIALIZED (
    SELECT r.oid, 'pg_class'::regclass::oid, r.oid FROM root r
    UNION ALL SELECT d.adrelid, 'pg_attrdef'::regclass, d.oid FROM pg_attrdef d WHERE d.adrelid IN (SELECT oid FROM root)
    UNION ALL SELECT k.conrelid, 'pg_constraint'::regclass, k.oid FROM pg_constraint k WHERE k.conrelid IN (SELECT oid FROM root)
  ), direct (root, classid, objid) AS MATERIALIZED (
    SELECT DISTINCT p.root, d.refclassid, d.refobjid
    FROM part p CROSS JOIN LATERAL (SELECT * FROM pg_depend d WHERE d.classid = p.classid AND d.objid = p.objid OFFSET 0) d
    WHERE d.deptype IN ('n', 'i') AND d.refobjid >= 16384 AND d.refclassid NOT IN ('pg_namespace'::regclass, 'pg_foreign_server'::regclass)
  ), walk (fromclass, fromid, classid, objid) AS (
    SELECT DISTINCT classid, objid, classid, objid FROM direct
    UNION
    SELECT w.fromclass, w.fromid, next.classid, next.objid FROM walk w CROSS JOIN LATERAL (
      SELECT d.refclassid AS classid, d.refobjid AS objid FROM pg_depend d WHERE d.classid = w.classid AND d.objid = w.objid AND d.deptype IN ('n', 'i') AND d.refobjid >= 16384
      UNION ALL SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k WHERE w.classid = 'pg_type'::regclass AND k.contypid = w.objid
      UNION ALL SELECT 'pg_class'::regclass, t.typrelid FROM pg_type t WHERE w.classid = 'pg_type'::regclass AND t.oid = w.objid AND t.typtype = 'c') AS next
    WHERE (w.classid IN ('pg_type'::regclass, 'pg_constraint'::regclass)
        OR w.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class c WHERE c.oid = w.objid AND c.relkind = 'c'))
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = w.classid AND e.objid = w.objid AND e.deptype = 'e')
  ), needed AS MATERIALIZED (
    SELECT w.classid, w.objid, o.type AS what, o.identity, tn.nspname AS type_schema, t.typname AS type_name, x.extname AS extension
    FROM (SELECT DISTINCT classid, objid FROM walk) w
    LEFT JOIN pg_type t ON w.classid = 'pg_type'::regclass AND t.oid = w.objid
    LEFT JOIN pg_namespace tn ON tn.oid = t.typnamespace
    LEFT JOIN pg_class c ON w.classid = 'pg_class'::regclass AND c.oid = w.objid
    LEFT JOIN pg_depend d ON d.classid = w.classid AND d.objid = w.objid AND d.deptype = 'e'
    LEFT JOIN pg_extension x ON x.oid = d.refobjid
    CROSS JOIN LATERAL pg_identify_object(w.classid, w.objid, 0) o
    WHERE w.classid NOT IN ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_namespace'::regclass, 'pg_foreign_server'::regclass, 'pg_extension'::regclass)
      AND (c.oid IS NULL OR c.relkind = 'S')
      AND (t.oid IS NULL OR t.typtype <> 'm' AND NOT EXISTS (SELECT FROM pg_type element WHERE element.oid = t.typelem AND element.typarray = t.oid))
  )
  SELECT DISTINCT s.nspname COLLATE "C" AS schema, r.relname COLLATE "C" AS name, n.what, n.identity COLLATE "C" AS identity, n.type_schema, n.type_name, n.extension
  FROM direct d
  JOIN pg_class r ON r.oid = d.root
  JOIN pg_namespace s ON s.oid = r.relnamespace
  JOIN walk w ON w.fromclass = d.classid AND w.fromid = d.objid
  JOIN needed n ON n.classid = w.classid AND n.objid = w.objid
  ORDER BY n.what, 4, 1, 2`;
