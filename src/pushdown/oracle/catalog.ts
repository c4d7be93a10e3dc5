import type { Prober } from './prober.ts';

/** A column as shipping sees it. */
export interface ColumnFacts {
  readonly relation: number;
  readonly name: string;
  /** What it is called in Remote SQL. */
  readonly remoteName: string;
  readonly type: TypeFacts;
  readonly notNull: boolean;
  /** OID of its collation; 0: none. */
  readonly collation: number;
  readonly collationName: string | undefined;
  /** With its typmod: `character varying(20)`. */
  readonly declared: string;
}

export interface TypeFacts {
  readonly oid: number;
  /** As format_type prints it under the session's search_path. */
  readonly name: string;
  /** Of the type itself or, for an array, of its element. */
  readonly kind: 'enum' | 'domain' | 'composite' | 'base' | 'range' | 'other';
  /** Below 10000: FirstGenbkiObjectId (src/include/access/transam.h). */
  readonly builtin: boolean;
  readonly array: boolean;
  /** The extension that it, or its element, belongs to. */
  readonly extension: string | undefined;
}

/** A function or operator that may be the one that an expression names. */
export interface RoutineFacts {
  readonly oid: number;
  /** `i` immutable, `s` stable, `v` volatile. */
  readonly volatility: string;
  readonly extension: string | undefined;
  readonly builtin: boolean;
  /** Whether its argument types are exactly those asked for. */
  readonly exact: boolean;
  readonly aggregate: boolean;
  readonly signature: string;
}

const kinds: Readonly<Record<string, TypeFacts['kind']>> = { e: 'enum', d: 'domain', c: 'composite', b: 'base', r: 'range', m: 'range' };

interface ColumnRow extends Record<string, unknown> {
  readonly relation: string;
  readonly name: string;
  readonly remote_name: string;
  readonly type_oid: string;
  readonly type_name: string;
  readonly typtype: string;
  readonly is_array: boolean;
  readonly extension: string | null;
  readonly not_null: boolean;
  readonly collation: string;
  readonly collation_name: string | null;
  readonly declared: string;
}

/** The extension of an object of one class, as a sub-select. */
function extensionOf(catalog: string, oid: string): string {
  return `(SELECT e.extname::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND d.objid = ${oid}
             AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e')`;
}

/** The columns of foreign tables, in order. */
export async function readColumns(prober: Prober, relations: readonly number[]): Promise<readonly ColumnFacts[]> {
  const rows = await prober.read<ColumnRow>(
    `SELECT a.attrelid::text AS relation, a.attname::text AS name, coalesce((SELECT o.option_value FROM pg_catalog.pg_options_to_table(a.attfdwoptions) o WHERE o.option_name = 'column_name'), a.attname::text) AS remote_name, a.atttypid::text AS type_oid,
            pg_catalog.format_type(a.atttypid, NULL) AS type_name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS declared, coalesce(el.typtype, t.typtype)::text AS typtype,
            el.oid IS NOT NULL AS is_array, ${extensionOf('pg_type', 'coalesce(el.oid, t.oid)')} AS extension,
            a.attnotnull AS not_null, a.attcollation::text AS collation, c.collname::text AS collation_name
     FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_catalog.pg_type el ON el.oid = t.typelem AND t.typcategory = 'A'
     LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation
     WHERE a.attrelid = ANY ($1::pg_catalog.oid[]) AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attrelid, a.attnum`,
    [relations],
  );
  return rows.map((row) => ({
    relation: Number(row.relation),
    name: row.name,
    remoteName: row.remote_name,
    type: {
      oid: Number(row.type_oid),
      name: row.type_name,
      kind: kinds[row.typtype] ?? 'other',
      builtin: Number(row.type_oid) < 10000,
      array: row.is_array,
      extension: row.extension ?? undefined,
    },
    notNull: row.not_null,
    collation: Number(row.collation),
    collationName: row.collation_name ?? undefined,
    declared: row.declared,
  }));
}

/** A type by OID. */
export async function readType(prober: Prober, oid: number): Promise<(TypeFacts & { readonly collatable: boolean }) | undefined> {
  const [row] = await prober.read<{ name: string; typtype: string; is_array: boolean; extension: string | null; collatable: boolean }>(
    `SELECT pg_catalog.format_type(t.oid, NULL) AS name, coalesce(el.typtype, t.typtype)::text AS typtype, el.oid IS NOT NULL AS is_array,
            ${extensionOf('pg_type', 'coalesce(el.oid, t.oid)')} AS extension, t.typcollation <> 0 AS collatable
     FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type el ON el.oid = t.typelem AND t.typcategory = 'A' WHERE t.oid = $1`,
    [oid],
  );
  if (row === undefined) return undefined;
  return { oid, name: row.name, kind: kinds[row.typtype] ?? 'other', builtin: oid < 10000, array: row.is_array, extension: row.extension ?? undefined, collatable: row.collatable };
}

/** A domain by its name; undefined where that is another type. */
export async function readDomain(prober: Prober, schema: string | undefined, name: string): Promise<TypeFacts | undefined> {
  if (schema === 'pg_catalog') return undefined;
  const [row] = await prober.read<{ oid: string }>(
    `SELECT t.oid::text FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE t.typname = $2 AND t.typtype = 'd' AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_type_is_visible(t.oid) ELSE n.nspname = $1 END`,
    [schema ?? null, name],
  );
  return row === undefined ? undefined : readType(prober, Number(row.oid));
}

interface RoutineRow extends Record<string, unknown> {
  readonly oid: string;
  readonly volatility: string;
  readonly extension: string | null;
  readonly exact: boolean;
  readonly aggregate?: boolean;
  readonly signature: string;
}

/** Functions of a name that may take so many arguments; `types` has 0 where a type is not known. */
export async function readFunctions(prober: Prober, schema: string | undefined, name: string, types: readonly number[]): Promise<readonly RoutineFacts[]> {
  const rows = await prober.read<RoutineRow>(
    `SELECT p.oid::text, p.provolatile::text AS volatility, ${extensionOf('pg_proc', 'p.oid')} AS extension,
            p.proargtypes::text = array_to_string($3::pg_catalog.oid[], ' ') AS exact, p.prokind = 'a' AS aggregate, p.oid::pg_catalog.regprocedure::text AS signature
     FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE p.proname = $2 AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = $1 END
       AND (p.pronargs = cardinality($3::pg_catalog.oid[]) OR p.provariadic <> 0
            OR p.pronargs - p.pronargdefaults <= cardinality($3::pg_catalog.oid[]) AND p.pronargs >= cardinality($3::pg_catalog.oid[]))`,
    [schema ?? null, name, types],
  );
  return rows.map(routine);
}

/** Operators of a name; `left` is 0 for a prefix operator, either is undefined where the type is not known. */
export async function readOperators(
  prober: Prober,
  schema: string | undefined,
  name: string,
  left: number | undefined,
  right: number | undefined,
): Promise<readonly RoutineFacts[]> {
  const rows = await prober.read<RoutineRow>(
    `SELECT o.oid::text, p.provolatile::text AS volatility, ${extensionOf('pg_operator', 'o.oid')} AS extension,
            coalesce(o.oprleft = $3 AND o.oprright = $4, false) AS exact,
            concat_ws(' ', CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END, o.oprname, pg_catalog.format_type(o.oprright, NULL)) AS signature
     FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
     WHERE o.oprname = $2 AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_operator_is_visible(o.oid) ELSE n.nspname = $1 END`,
    [schema ?? null, name, left ?? null, right ?? null],
  );
  return rows.map(routine);
}

function routine(row: RoutineRow): RoutineFacts {
  const oid = Number(row.oid);
  return { oid, volatility: row.volatility, extension: row.extension ?? undefined, builtin: oid < 10000, exact: row.exact, aggregate: row.aggregate === true, signature: row.signature };
}

/** How a cast from one type to another is done; `io`: through text; `array`: element by element. */
export async function readCast(prober: Prober, source: number, target: number): Promise<{ readonly method: 'function' | 'binary' | 'io' | 'array'; readonly volatility: string }> {
  const [row] = await prober.read<{ method: string | null; volatility: string | null; arrays: boolean }>(
    `SELECT c.castmethod::text AS method, p.provolatile::text AS volatility, s.typcategory = 'A' AND t.typcategory = 'A' AS arrays
     FROM pg_catalog.pg_type s CROSS JOIN pg_catalog.pg_type t
     LEFT JOIN pg_catalog.pg_cast c ON c.castsource = s.oid AND c.casttarget = t.oid
     LEFT JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc WHERE s.oid = $1 AND t.oid = $2`,
    [source, target],
  );
  if (row?.method === 'f') return { method: 'function', volatility: row.volatility ?? 'i' };
  if (row?.method === 'b') return { method: 'binary', volatility: 'i' };
  return { method: row?.method == null && row?.arrays === true ? 'array' : 'io', volatility: 'i' };
}
