import type { Session } from '../../postgres/session.ts';
import type { QualifiedName } from '../../model/name.ts';
import type { NotNull } from '../../model/not-null.ts';
import { type AclFacts, deputised, grantors, lacking, type Privilege, privileges } from './privileges.ts';
import { favoured, type SequenceFacts, sequences } from './sequences.ts';

/** What a column has beside its name and type. */
export interface ColumnFacts {
  readonly name: string;
  readonly comment: string | null;
  readonly default: string | null;
  readonly statistics: number | null;
  readonly options: readonly string[] | null;
  readonly storage: boolean;
  readonly privileges: readonly Privilege[];
}

/** An index, a trigger, a rule or extended statistics: its definition in PostgreSQL's own words. */
export interface PartFacts {
  readonly what: 'index' | 'trigger' | 'rule' | 'statistics';
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
  /** `O` for what fires as usual (pg_trigger.tgenabled, pg_rewrite.ev_enabled); null for the rest. */
  readonly enabled: string | null;
  readonly clustered: boolean;
  /** Of statistics, which have an owner and a target of their own; null for the rest, and where the target is the default. */
  readonly owner: string | null;
  readonly target: number | null;
}

/** A security label, as SQL gives it. */
export interface LabelFacts {
  readonly provider: string;
  readonly label: string;
  readonly column: string | null;
  readonly sequence: string | null;
}

/** A NOT NULL constraint of a foreign table; there are such from 18 on. */
export interface NotNullFacts extends Omit<NotNull, 'comment'> {
  readonly comment: string | null;
  /** What its parent calls it, of a partition. */
  readonly above: string | null;
}

/** What a relation is and what hangs on it. */
export interface RelationFacts extends AclFacts, Record<string, unknown>, QualifiedName {
  readonly kind: 'v' | 'm' | 'f';
  readonly definition: string | null;
  readonly options: readonly string[] | null;
  readonly comment: string | null;
  readonly populated: boolean;
  readonly tablespace: string | null;
  readonly method: string | null;
  readonly columns: readonly ColumnFacts[];
  /** Roles that default privileges would give something on a new relation. */
  readonly favoured: readonly (string | null)[];
  readonly parts: readonly PartFacts[];
  readonly extension: string | null;
  readonly labels: readonly LabelFacts[];
  /** Of a partition, and of an heir those that are not its own: columns whose default or NOT NULL is not its parent's. */
  readonly otherwise: readonly string[];
  /** Columns of a partition or an heir whose storage is not its parent's. */
  readonly storages: readonly string[];
  readonly uses: readonly QualifiedName[];
  readonly reads: readonly QualifiedName[];
  readonly sequences: readonly SequenceFacts[];
  /** Comments of constraints, by `contype`. */
  readonly remarks: readonly { readonly name: string; readonly type: string; readonly comment: string }[];
  readonly notNulls: readonly NotNullFacts[];
  /** Whether a check of a partition is enforced or valid, and that of its parent is not. */
  readonly stricter: boolean;
}

/** The facts of relations, in one query. Names in definitions are qualified where the search_path is that of `withCatalogPath`. */
export async function readRelationFacts(session: Session, relations: readonly QualifiedName[]): Promise<readonly RelationFacts[]> {
  if (relations.length === 0) return [];
  return session.query<RelationFacts>(query, [relations.map(({ schema }) => schema), relations.map(({ name }) => name)]);
}

/* Of the relation and its columns. */
const items = '(SELECT x.* FROM aclexplode(c.relacl) x UNION ALL SELECT x.* FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) i';

const part = (what: string, columns: string, from: string): string =>
  `SELECT '${what}' AS what, ${columns} FROM ${from}`;

const query = `
  WITH wanted AS (
    SELECT c.*, n.nspname, acldefault('r', c.relowner) AS usual
    FROM unnest($1::text[], $2::text[]) AS w(schema, name)
    JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
    WHERE c.relkind IN ('v', 'm', 'f')
  )
  SELECT c.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reloptions AS options, pg_get_userbyid(c.relowner) AS owner,
    CASE WHEN c.relkind <> 'f' THEN pg_get_viewdef(c.oid) END AS definition, obj_description(c.oid, 'pg_class') AS comment,
    c.relispopulated AS populated,
    (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace) AS tablespace,
    (SELECT amname FROM pg_am WHERE oid = c.relam AND amname <> current_setting('default_table_access_method')) AS method,
    (SELECT json_agg(json_build_object('name', a.attname, 'comment', col_description(c.oid, a.attnum),
        'default', CASE WHEN c.relkind = 'v' THEN pg_get_expr(d.adbin, d.adrelid) END,
        'statistics', nullif(a.attstattarget, -1), 'options', a.attoptions, 'storage', a.attstorage <> t.typstorage OR a.attcompression <> '',
        'privileges', ${privileges('a.attacl', "acldefault('c', c.relowner)")}) ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    ${lacking('c.relacl', 'c.usual', 'c.relowner')} AS lacking, ${privileges('coalesce(c.relacl, c.usual)', 'c.usual')} AS privileges,
    ${grantors(items, 'c.relowner', "has_schema_privilege(o.oid, c.relnamespace, 'USAGE')")} AS grantors, ${deputised(items, 'c.relowner')} AS deputised,
    ${favoured('r', 'c.relnamespace')} AS favoured,
    (SELECT coalesce(json_agg(p ORDER BY p.what, p.name COLLATE "C"), '[]') FROM (
      ${part('index', "n.nspname AS schema, i.relname AS name, pg_get_indexdef(i.oid) AS definition, obj_description(i.oid, 'pg_class') AS comment, NULL::text AS enabled, x.indisclustered AS clustered, NULL::text AS owner, NULL::int AS target",
        'pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace WHERE x.indrelid = c.oid')}
      UNION ALL ${part('trigger', "c.nspname, g.tgname, pg_get_triggerdef(g.oid), obj_description(g.oid, 'pg_trigger'), g.tgenabled::text, false, NULL, NULL", 'pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgparentid = 0')}
      UNION ALL ${part('rule', "c.nspname, r.rulename, pg_get_ruledef(r.oid), obj_description(r.oid, 'pg_rewrite'), r.ev_enabled::text, false, NULL, NULL", "pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'")}
      UNION ALL ${part('statistics', "n.nspname, s.stxname, pg_get_statisticsobjdef(s.oid), obj_description(s.oid, 'pg_statistic_ext'), NULL, false, pg_get_userbyid(s.stxowner), nullif(s.stxstattarget, -1)", 'pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE s.stxrelid = c.oid')}
    ) p) AS parts,
    (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS extension,
    (SELECT coalesce(json_agg(json_build_object('provider', l.provider, 'label', l.label, 'column', a.attname, 'sequence', q.relname) ORDER BY l.provider, q.relname COLLATE "C", a.attname COLLATE "C"), '[]')
      FROM pg_seclabel l LEFT JOIN pg_attribute a ON a.attrelid = l.objoid AND a.attnum = l.objsubid AND l.objsubid > 0 LEFT JOIN pg_class q ON q.oid = l.objoid AND q.oid <> c.oid
      WHERE l.classoid = 'pg_class'::regclass AND (l.objoid = c.oid
        OR l.objoid IN (SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'i'))) AS labels,
    ARRAY(SELECT DISTINCT a.attname::text FROM pg_inherits h JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attnum > 0 AND NOT p.attisdropped
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = p.attname
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum LEFT JOIN pg_attrdef pd ON pd.adrelid = p.attrelid AND pd.adnum = p.attnum
      WHERE h.inhrelid = c.oid AND (c.relispartition OR NOT a.attislocal)
        AND (a.attnotnull <> p.attnotnull OR pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM pg_get_expr(pd.adbin, pd.adrelid)) ORDER BY 1) AS otherwise,
    (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'type', k.contype, 'comment', o.description) ORDER BY k.conname COLLATE "C"), '[]')
      FROM pg_constraint k JOIN pg_description o ON o.classoid = 'pg_constraint'::regclass AND o.objoid = k.oid WHERE k.conrelid = c.oid) AS remarks,
    (SELECT coalesce(json_agg(json_build_object('column', a.attname, 'name', k.conname, 'noInherit', k.connoinherit, 'notValid', NOT k.convalidated, 'inherited', k.coninhcount > 0, 'local', k.conislocal,
        'shared', EXISTS (SELECT FROM pg_constraint o WHERE o.conname = k.conname AND o.connamespace = k.connamespace AND o.conrelid <> k.conrelid),
        'comment', obj_description(k.oid, 'pg_constraint'), 'above', CASE WHEN c.relispartition THEN (
          SELECT p.conname FROM pg_inherits h JOIN pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname JOIN pg_constraint p ON p.conrelid = h.inhparent AND p.contype = 'n' AND p.conkey[1] = pa.attnum WHERE h.inhrelid = c.oid
        ) END) ORDER BY a.attnum), '[]')
      FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE c.relkind = 'f' AND k.conrelid = c.oid AND k.contype = 'n') AS "notNulls",
    ARRAY(SELECT DISTINCT a.attname::text FROM pg_inherits h JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attnum > 0 AND NOT p.attisdropped
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = p.attname WHERE h.inhrelid = c.oid AND a.attstorage <> p.attstorage ORDER BY 1) AS storages,
    c.relispartition AND EXISTS (SELECT FROM pg_inherits h JOIN pg_constraint p ON p.conrelid = h.inhparent AND p.contype = 'c' JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'c' AND k.conname = p.conname
      WHERE h.inhrelid = c.oid AND (k.convalidated <> p.convalidated OR to_jsonb(k) ->> 'conenforced' <> to_jsonb(p) ->> 'conenforced')) AS stricter,
    ${sequences} AS sequences,
    (SELECT coalesce(json_agg(DISTINCT jsonb_build_object('schema', o.nspname, 'name', o.relname)), '[]')
      FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
      JOIN wanted o ON o.oid = d.refobjid AND o.oid <> c.oid WHERE r.ev_class = c.oid) AS uses,
    (SELECT coalesce(json_agg(DISTINCT jsonb_build_object('schema', n.nspname, 'name', o.relname)), '[]')
      FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
      JOIN pg_class o ON o.oid = d.refobjid AND o.oid <> c.oid JOIN pg_namespace n ON n.oid = o.relnamespace WHERE r.ev_class = c.oid) AS reads
  FROM wanted c
  ORDER BY c.nspname COLLATE "C", c.relname COLLATE "C"`;
