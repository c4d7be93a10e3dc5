import { Shared } from '../base/shared.ts';
import type { Column, Generated, Identity, Storage } from '../model/column.ts';
import type { ColumnGrant } from '../model/column-grant.ts';
import type { QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';
import { type AclItem, aclItem } from './acl-items.ts';
import { columnGrantsOf } from './column-grants.ts';
import { optionsFromArray } from './options.ts';

/** The columns of one table as the catalogs give them. */
export interface FoundColumns {
  /** In order of their attribute numbers. */
  readonly columns: readonly Column[];
  readonly grants: readonly ColumnGrant[];
}

type Grants = readonly AclItem[];

interface TableRow extends Record<string, unknown> {
  readonly relation: string;
  /** A line for each column, in order of the attribute numbers: JSON of a `Found`, which has no line breaks of its own. */
  readonly lines: string;
}

type Found = readonly [
  name: string,
  type: string,
  notNull: boolean,
  storage: string,
  options: readonly string[] | null,
  /** null for a column that has nothing of it, as nearly all of them. */
  rest: Rest | null,
];

/** What few columns have. */
interface Rest {
  readonly inherited: boolean;
  readonly handed_down: boolean;
  readonly not_null_above: boolean;
  readonly collation: QualifiedName | null;
  readonly expression: string | null;
  readonly generated: string;
  readonly uses: readonly string[] | null;
  readonly identity: string;
  readonly statistics: number | null;
  readonly settings: readonly string[] | null;
  readonly default_storage: boolean;
  readonly comment: string | null;
  readonly grants: Grants | null;
}

/**
 * The columns of foreign tables, or of partitioned ones, by the OIDs of the tables: one query, one row for each table that has columns. Columns that are
 * alike are one object, and are taken apart once: ten thousand tables easily have a million values, and few different columns.
 * @param wanted SQL that says which tables: `t` is pg_foreign_table, `c` its class, `n` its schema, `s` its server (of a partitioned table: `c` and `n`)
 * @param wrappers by the OIDs of the tables
 */
export async function readColumns(session: Session, wanted: string, params: readonly unknown[], wrappers: ReadonlyMap<string, string>, of: keyof typeof sources = 'foreign'): Promise<ReadonlyMap<string, FoundColumns>> {
  const known: Known = { columns: new Shared(), texts: new Shared() };
  const tables = new Map<string, FoundColumns>();
  await session.map(columnsQuery(wanted, of), params, ({ relation, lines }: TableRow) => {
    const wrapper = wrappers.get(relation) ?? '';
    const all = lines.split('\n').map((line) => found(line, wrapper, known));
    const granted = all.flatMap(({ column, grants }) => grants.map((item) => ({ item, column: column.name })));
    tables.set(relation, { columns: all.map(({ column }) => column), grants: columnGrantsOf(granted) });
  });
  return tables;
}

interface FoundColumn {
  readonly column: Column;
  readonly grants: Grants;
}

/** What there was so far. */
interface Known {
  readonly columns: Shared<FoundColumn>;
  readonly texts: Shared<string>;
}

function found(line: string, wrapper: string, { columns, texts }: Known): FoundColumn {
  return columns.get(`${line}${wrapper}`, () => {
    const column = JSON.parse(line) as Found;
    return { column: columnOf(column, wrapper, texts), grants: column[5]?.grants ?? none };
  });
}

const none: Grants = [];
const nothing: Rest = { inherited: false, handed_down: false, not_null_above: false, collation: null, expression: null, generated: '', uses: null, identity: '', statistics: null, settings: null, default_storage: true, comment: null, grants: null };

function columnOf([name, type, notNull, storage, options, some]: Found, wrapper: string, texts: Shared<string>): Column {
  const rest = some ?? nothing;
  const generated = generatedOf(rest);
  const one = (text: string): string => (text === name ? name : texts.get(text, () => text));
  return {
    name,
    type: one(type),
    notNull,
    collation: rest.collation ?? undefined,
    default: generated === undefined ? (rest.expression ?? undefined) : undefined,
    generated,
    identity: identities.get(rest.identity),
    options: optionsFromArray(options, { wrapper, kind: 'column' }, one),
    // -1 for "the database's own" up to 16, NULL from 17 on (postgresql.org/docs/17/catalog-pg-attribute.html).
    statistics: rest.statistics ?? -1,
    nDistinct: setting(rest.settings, 'n_distinct'),
    nDistinctInherited: setting(rest.settings, 'n_distinct_inherited'),
    storage: (rest.default_storage ? ownStorage : otherStorage).get(storage) ?? { mode: 'plain', isDefault: rest.default_storage },
    comment: rest.comment ?? '',
    ...(rest.inherited ? { inherited: true } : {}),
    ...(rest.handed_down ? { handedDown: true } : {}),
    ...(rest.not_null_above ? { notNullAbove: true } : {}),
  };
}

function generatedOf({ generated, expression, uses }: Rest): Generated | undefined {
  if (generated === '' || expression === null) return undefined;
  return { expression, kind: generated === 'v' ? 'virtual' : 'stored', uses: uses ?? [] };
}

const identities: ReadonlyMap<string, Identity> = new Map([['a', 'always'], ['d', 'by default']]);

/** A number of `attoptions`; 0, which is as if it were not there, where it is not. */
function setting(settings: readonly string[] | null, name: string): number {
  const found = settings?.find((each) => each.startsWith(`${name}=`));
  return found === undefined ? 0 : Number(found.slice(name.length + 1));
}

const modes = [['p', 'plain'], ['e', 'external'], ['x', 'extended'], ['m', 'main']] as const;
const storages = (isDefault: boolean): ReadonlyMap<string, Storage> => new Map(modes.map(([letter, mode]) => [letter, { mode, isDefault }]));
const [ownStorage, otherStorage] = [storages(true), storages(false)];

const sources = {
  foreign: 'pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid JOIN pg_foreign_server s ON s.oid = t.ftserver',
  partitioned: 'pg_partitioned_table t JOIN pg_class c ON c.oid = t.partrelid',
} as const;

/*
 * NOT NULL is a constraint that is inherited from 18 on; below, only a partition has to keep its parent's (ATExecDropNotNull, 14 to 17).
 * From 17 on the identity of a partition's column is its parent's (postgresql.org/docs/17/ddl-identity-columns.html).
 * A dropped column keeps its row (and, before 18, its options), hence `NOT attisdropped`. What a generated column uses
 * hangs on its pg_attrdef from 15 on, on the column itself in 14 (seen in pg_depend). Comments are looked up once for each table: of tables just
 * made the planner expects few columns, and would look for the comment of each by itself.
 */
const columnsQuery = (wanted: string, of: keyof typeof sources): string => `
  SELECT c.oid::text AS relation, string_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstorage, a.attfdwoptions,
    CASE WHEN a.attinhcount > 0 OR a.attcollation <> ty.typcollation OR a.atthasdef OR a.attidentity <> '' OR a.attstattarget >= 0
        OR a.attoptions IS NOT NULL OR a.attstorage <> ty.typstorage OR cm.texts ? a.attnum::text OR a.attacl IS NOT NULL
    THEN json_build_object('inherited', a.attinhcount > 0, 'handed_down', NOT a.attislocal AND NOT c.relispartition,
      'not_null_above', a.attnotnull AND a.attinhcount > 0 AND CASE WHEN current_setting('server_version_num')::int >= 180000
        THEN EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum AND k.coninhcount > 0)
        ELSE c.relispartition AND EXISTS (SELECT FROM pg_inherits h JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname AND NOT p.attisdropped WHERE h.inhrelid = a.attrelid AND p.attnotnull) END,
      'collation', CASE WHEN a.attcollation <> ty.typcollation THEN (
        SELECT json_build_object('schema', cn.nspname, 'name', co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation
      ) END,
      'expression', (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum), 'generated', a.attgenerated, 'identity', CASE WHEN c.relispartition AND current_setting('server_version_num')::int >= 170000 THEN '' ELSE a.attidentity END,
      'uses', CASE WHEN a.attgenerated <> '' THEN (
        SELECT array_agg(DISTINCT used.attname::text)
        FROM pg_depend u JOIN pg_attribute used ON used.attrelid = u.refobjid AND used.attnum = u.refobjsubid
        WHERE u.refclassid = 'pg_class'::regclass AND u.refobjid = a.attrelid AND u.refobjsubid NOT IN (0, a.attnum)
          AND (u.classid, u.objid, u.objsubid) IN (('pg_attrdef'::regclass, (SELECT d.oid FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum), 0), ('pg_class'::regclass, a.attrelid, a.attnum))
      ) END,
      'statistics', a.attstattarget, 'settings', a.attoptions, 'default_storage', a.attstorage = ty.typstorage,
      'comment', cm.texts ->> a.attnum::text,
      'grants', CASE WHEN a.attacl IS NOT NULL THEN (
        SELECT json_agg(${aclItem('c.relowner')} ORDER BY x.privilege_type, g.rolname COLLATE "C")
        FROM aclexplode(a.attacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee WHERE x.grantee <> c.relowner
      ) END) END)::text, E'\n' ORDER BY a.attnum) AS lines
  FROM ${sources[of]}
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(objsubid, description) AS texts FROM pg_description WHERE classoid = 'pg_class'::regclass AND objoid = c.oid AND objsubid > 0
  ) cm ON true
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type ty ON ty.oid = a.atttypid
  WHERE ${wanted}
  GROUP BY c.oid`;
