import type { Column, Generated, Identity, Storage } from '../model/column.ts';
import type { ColumnGrant } from '../model/column-grant.ts';
import type { Session } from '../postgres/session.ts';
import { columnGrantsOf, type Granted, roleOf } from './column-grants.ts';
import { type SharedParts, sharedParts } from './shared-parts.ts';

/** The columns of one table as the catalogs give them. */
export interface FoundColumns {
  /** In order of their attribute numbers. */
  readonly columns: readonly Column[];
  readonly grants: readonly ColumnGrant[];
}

type Grants = readonly (readonly [privilege: string, role: string | null])[];

interface ColumnRow extends Record<string, unknown> {
  readonly relation: string;
  readonly name: string;
  readonly type: string;
  readonly not_null: boolean;
  readonly inherited: boolean;
  readonly collation_schema: string | null;
  readonly collation: string | null;
  readonly expression: string | null;
  readonly generated: string;
  readonly uses: readonly string[] | null;
  readonly identity: string;
  readonly statistics: number | null;
  readonly settings: readonly string[] | null;
  readonly storage: string;
  readonly default_storage: boolean;
  readonly comment: string | null;
  readonly options: string[] | null;
  readonly grants: Grants | null;
}

/**
 * The columns of foreign tables, or of partitioned ones, by the OIDs of the tables: one query. Rows become columns as they arrive, and what many columns
 * have alike is there once: of ten thousand tables there are easily a million values.
 * @param wanted SQL that says which tables: `t` is pg_foreign_table, `c` its class, `n` its schema, `s` its server (of a partitioned table: `c` and `n`)
 * @param wrappers by the OIDs of the tables
 */
export async function readColumns(session: Session, wanted: string, params: readonly unknown[], wrappers: ReadonlyMap<string, string>, of: keyof typeof sources = 'foreign'): Promise<ReadonlyMap<string, FoundColumns>> {
  const shared = sharedParts();
  const tables = new Map<string, { readonly columns: Column[]; readonly granted: Granted[] }>();
  await session.map(columnsQuery(wanted, of), params, (row: ColumnRow) => {
    const table = tables.get(row.relation) ?? { columns: [], granted: [] };
    if (table.columns.length === 0) tables.set(row.relation, table);
    table.columns.push(columnOf(row, wrappers.get(row.relation) ?? '', shared));
    for (const [privilege, role] of row.grants ?? []) table.granted.push({ privilege, role: roleOf(role), column: row.name });
  });
  return new Map([...tables].map(([relation, { columns, granted }]) => [relation, { columns, grants: columnGrantsOf(granted) }]));
}

function columnOf(row: ColumnRow, wrapper: string, shared: SharedParts): Column {
  const generated = generatedOf(row);
  return {
    name: shared.text(row.name),
    type: shared.text(row.type),
    notNull: row.not_null,
    collation:
      row.collation === null || row.collation_schema === null
        ? undefined
        : { schema: row.collation_schema, name: row.collation },
    default: generated === undefined ? (row.expression ?? undefined) : undefined,
    generated,
    identity: identities.get(row.identity),
    options: shared.options(row.options, wrapper),
    // -1 for "the database's own" up to 16, NULL from 17 on (postgresql.org/docs/17/catalog-pg-attribute.html).
    statistics: row.statistics ?? -1,
    nDistinct: setting(row.settings, 'n_distinct'),
    nDistinctInherited: setting(row.settings, 'n_distinct_inherited'),
    storage: storageOf(row),
    comment: row.comment ?? '',
    ...(row.inherited ? { inherited: true } : {}),
  };
}

function generatedOf({ generated, expression, uses }: ColumnRow): Generated | undefined {
  if (generated === '' || expression === null) return undefined;
  return { expression, kind: generated === 'v' ? 'virtual' : 'stored', uses: uses ?? [] };
}

const identities: ReadonlyMap<string, Identity> = new Map([['a', 'always'], ['d', 'by default']]);

/** A number of `attoptions`; 0, which is as if it were not there, where it is not. */
function setting(settings: readonly string[] | null, name: string): number {
  const found = settings?.find((each) => each.startsWith(`${name}=`));
  return found === undefined ? 0 : Number(found.slice(name.length + 1));
}

function storageOf({ storage, default_storage: isDefault }: ColumnRow): Storage {
  return (isDefault ? ownStorage : otherStorage).get(storage) ?? { mode: 'plain', isDefault };
}

const modes = [['p', 'plain'], ['e', 'external'], ['x', 'extended'], ['m', 'main']] as const;
const storages = (isDefault: boolean): ReadonlyMap<string, Storage> => new Map(modes.map(([letter, mode]) => [letter, { mode, isDefault }]));
const [ownStorage, otherStorage] = [storages(true), storages(false)];

const sources = {
  foreign: 'pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid JOIN pg_foreign_server s ON s.oid = t.ftserver',
  partitioned: 'pg_partitioned_table t JOIN pg_class c ON c.oid = t.partrelid',
} as const;

/*
 * A dropped column keeps its row (and, before 18, its options), hence `NOT attisdropped`. What a generated column uses
 * hangs on its pg_attrdef from 15 on, on the column itself in 14 (seen in pg_depend).
 */
const columnsQuery = (wanted: string, of: keyof typeof sources): string => `
  SELECT a.attrelid::text AS relation, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AS not_null, a.attinhcount > 0 AS inherited, cn.nspname AS collation_schema, co.collname AS collation,
    pg_get_expr(d.adbin, d.adrelid) AS expression, a.attgenerated AS generated, a.attidentity AS identity, a.attfdwoptions AS options,
    CASE WHEN a.attgenerated <> '' THEN (
      SELECT array_agg(DISTINCT used.attname::text)
      FROM pg_depend u JOIN pg_attribute used ON used.attrelid = u.refobjid AND used.attnum = u.refobjsubid
      WHERE u.refclassid = 'pg_class'::regclass AND u.refobjid = a.attrelid AND u.refobjsubid NOT IN (0, a.attnum)
        AND (u.classid, u.objid, u.objsubid) IN (('pg_attrdef'::regclass, d.oid, 0), ('pg_class'::regclass, a.attrelid, a.attnum))
    ) END AS uses,
    a.attstattarget::int AS statistics, a.attoptions AS settings, a.attstorage AS storage, a.attstorage = ty.typstorage AS default_storage,
    de.description AS comment,
    CASE WHEN a.attacl IS NOT NULL THEN (
      SELECT json_agg(json_build_array(x.privilege_type, g.rolname) ORDER BY x.privilege_type, g.rolname COLLATE "C")
      FROM aclexplode(a.attacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee WHERE x.grantee <> c.relowner
    ) END AS grants
  FROM ${sources[of]}
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type ty ON ty.oid = a.atttypid
  LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> ty.typcollation
  LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_description de ON de.classoid = 'pg_class'::regclass AND de.objoid = a.attrelid AND de.objsubid = a.attnum
  WHERE ${wanted}
  ORDER BY a.attrelid, a.attnum`;
