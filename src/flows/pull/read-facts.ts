import type { Session } from '../../postgres/session.ts';
import type { ObjectFact, PullFacts, TableFact, WrapperFact } from '../../pull/types.ts';
import { readNeeds } from './read-needs.ts';

interface FactRow extends Record<string, unknown> {
  readonly schema: string;
  readonly name: string;
  readonly what: string;
  readonly count: number;
  readonly decisive: boolean;
}

/** The schemas that have foreign tables, but for temporary ones. */
export async function schemasWithForeignTables(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(`
    SELECT n.nspname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'f' AND c.relpersistence <> 't' GROUP BY n.nspname ORDER BY n.nspname COLLATE "C"`);
  return rows.map(({ name }) => name);
}

/** What a spec needs or cannot say, beyond the model: five queries. */
export async function readFacts(session: Session, schemas: readonly string[]): Promise<Omit<PullFacts, 'partitions'>> {
  const wrappers = await session.query<WrapperFact & Record<string, unknown>>(wrappersQuery);
  const tables = await session.query<FactRow>(tablesQuery, [schemas]);
  const objects = await session.query<ObjectFact & Record<string, unknown>>(objectsQuery);
  const versions = await session.query<{ name: string }>(versionsQuery);
  return {
    wrappers,
    tables: tables.map(({ schema, name, what, count, decisive }): TableFact => ({ schema, name, what, count, decisive })),
    needs: await readNeeds(session, schemas),
    otherVersions: versions.map(({ name }) => name),
    objects,
  };
}

const wrappersQuery = `
  SELECT w.fdwname AS name,
    ARRAY(
      SELECT DISTINCT e.extname::text COLLATE "C" FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
      WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
        AND (d.classid = 'pg_foreign_data_wrapper'::regclass AND d.objid = w.oid
          OR d.classid = 'pg_proc'::regclass AND d.objid IN (w.fdwhandler, w.fdwvalidator))
      ORDER BY 1) AS extensions,
    (SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', p.proname) ORDER BY n.nspname, p.proname), '[]')
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.oid IN (w.fdwhandler, w.fdwvalidator) AND p.oid >= 16384
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')) AS functions
  FROM pg_foreign_data_wrapper w
  ORDER BY w.fdwname COLLATE "C"`;

/* Of a composite type its attributes have comments, of a domain its constraints. */
const objectsQuery = `
  SELECT o.kind, o.schema, o.name, f.what FROM (
    SELECT 'server' AS kind, NULL::name AS schema, s.srvname AS name, s.srvacl AS acl, s.srvowner AS owner, acldefault('S', s.srvowner) AS usual, 0::bigint AS comments FROM pg_foreign_server s
    UNION ALL SELECT 'wrapper', NULL, w.fdwname, w.fdwacl, w.fdwowner, acldefault('F', w.fdwowner), 0 FROM pg_foreign_data_wrapper w
    UNION ALL SELECT 'schema', NULL, n.nspname, n.nspacl, n.nspowner, acldefault('n', n.nspowner), 0 FROM pg_namespace n
    UNION ALL SELECT 'type', n.nspname, t.typname, t.typacl, t.typowner, acldefault('T', t.typowner),
        (SELECT count(*) FROM pg_description d WHERE d.classoid = 'pg_class'::regclass AND d.objoid = t.typrelid AND d.objsubid > 0)
        + (SELECT count(*) FROM pg_description d JOIN pg_constraint k ON k.oid = d.objoid WHERE d.classoid = 'pg_constraint'::regclass AND k.contypid = t.oid)
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid >= 16384 AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')))) AS o
  CROSS JOIN LATERAL (VALUES
    (1, 'grant options', EXISTS (SELECT FROM aclexplode(o.acl) x WHERE x.is_grantable AND x.grantee <> o.owner)),
    (2, 'privileges that its owner has no more', o.acl IS NOT NULL AND EXISTS (
      SELECT x.privilege_type FROM aclexplode(o.usual) x WHERE x.grantee = o.owner EXCEPT SELECT x.privilege_type FROM aclexplode(o.acl) x WHERE x.grantee = o.owner)),
    (3, o.comments || ' comment' || CASE o.comments WHEN 1 THEN '' ELSE 's' END || ' on its parts', o.comments > 0)
  ) AS f(position, what, there)
  WHERE f.there
  ORDER BY o.kind, o.schema COLLATE "C", o.name COLLATE "C", f.position`;

const versionsQuery = `
  SELECT a.name FROM pg_available_extensions a WHERE a.installed_version <> a.default_version ORDER BY a.name COLLATE "C"`;

/* From 18 on, NOT NULL is a constraint with a name, and may be NO INHERIT or NOT VALID (postgresql.org/docs/18/catalog-pg-constraint.html). */
const tablesQuery = `
  SELECT n.nspname AS schema, c.relname AS name, f.what, f.count::int AS count, f.decisive
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (VALUES
    (4, 'NOT NULL constraint{s} with a name or settings of its own', (
      SELECT count(*) FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
      WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conislocal
        AND (k.connoinherit OR NOT k.convalidated OR (k.conname <> concat_ws('_', c.relname, a.attname, 'not_null') AND octet_length(concat_ws('_', c.relname, a.attname, 'not_null')) < 64))), false),
    (5, 'trigger{s}', (SELECT count(*) FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgparentid = 0), false),
    (6, 'extended statistics object{s}', (SELECT count(*) FROM pg_statistic_ext s WHERE s.stxrelid = c.oid), false),
    (7, 'identity sequence{s} with settings of its own', (
      SELECT count(*) FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
      WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'i'
        AND (s.seqstart, s.seqincrement, s.seqmin, s.seqcache, s.seqcycle) <> (1, 1, 1, 1, false)), false),
    (8, 'grant option{s}', (SELECT count(*) FROM aclexplode(c.relacl) x WHERE x.is_grantable AND x.grantee <> c.relowner), false),
    (9, 'grant{s} on columns that a spec has no word for', (
      SELECT count(*) FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) x
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND x.grantee <> c.relowner AND (x.is_grantable OR x.privilege_type = 'REFERENCES')), false),
    (10, 'column{s} that {is|are} its parents'' alone', (
      SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attislocal AND NOT c.relispartition), false),
    (11, 'check{s} that {is|are} its parents'' alone', (
      SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND NOT k.conislocal AND NOT c.relispartition), false),
    (12, 'comment{s} on constraints', (
      SELECT count(*) FROM pg_constraint k JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid WHERE k.conrelid = c.oid AND k.conislocal), false),
    (13, 'privilege{s} that its owner has no more', (
      SELECT count(*) FROM (
        SELECT x.privilege_type FROM aclexplode(acldefault('r', c.relowner)) x WHERE x.grantee = c.relowner
        EXCEPT SELECT x.privilege_type FROM aclexplode(c.relacl) x WHERE x.grantee = c.relowner) lost WHERE c.relacl IS NOT NULL), false)
  ) AS f(position, what, count, decisive)
  WHERE c.relkind = 'f' AND n.nspname = ANY ($1::text[]) AND f.count > 0
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", f.position`;
