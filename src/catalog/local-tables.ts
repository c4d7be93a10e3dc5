import { groupBy } from '../base/group.ts';
import { Shared } from '../base/shared.ts';
import type { LocalCheck, LocalColumn, LocalTable, LocalTables } from '../model/local-table.ts';
import type { Session } from '../postgres/session.ts';
import { databaseCollation } from './database-collation.ts';
import { optionTexts } from './options.ts';
import { readLocalTypes, type LocalTypeReader } from './local-types.ts';

/** Which tables are wanted; undefined: all. */
export interface LocalTableFilter {
  readonly servers?: readonly string[] | undefined;
  /** Local schemas. */
  readonly schemas?: readonly string[] | undefined;
}

interface TableRow extends Record<string, unknown> {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly server: string;
  readonly options: readonly string[] | null;
  readonly bounds: string | null;
  readonly condition: string | null;
  readonly trusted: boolean;
}

interface ColumnRow extends Record<string, unknown> {
  readonly position: number;
  readonly name: string;
  readonly type: number;
  readonly typmod: number;
  readonly not_null: boolean;
  readonly collation: string | null;
  readonly collation_schema: string | null;
  readonly generated: string;
  readonly inherited: boolean;
  /** JSON of the array, which is taken apart only where it is new. */
  readonly options: string | null;
}

interface CheckRow extends Record<string, unknown> {
  readonly relation: number;
  readonly name: string;
  readonly columns: readonly number[] | null;
  readonly expression: string;
  readonly inherited: boolean;
  readonly trusted: boolean;
}

/**
 * The foreign tables of servers whose wrapper is postgres_fdw, whatever it is called here. Five queries, whatever their number.
 *
 * @param session in a transaction, with `search_path = pg_catalog` (`withCatalogPath`)
 */
export async function readLocalTables(session: Session, filter: LocalTableFilter = {}): Promise<LocalTables> {
  const tables = await session.query<TableRow>(tablesQuery, [filter.servers ?? null, filter.schemas ?? null]);
  const oids = tables.map(({ oid }) => oid);
  const types = await readLocalTypes(session, oids);
  const columns = await readColumns(session, oids, types);
  const checks = groupBy(await session.query<CheckRow>(checksQuery, [oids]), ({ relation }) => relation);
  return {
    tables: tables.map((row): LocalTable => {
      const options = optionsOf(row.options);
      return {
        schema: row.schema,
        name: row.name,
        server: row.server,
        remote: { schema: options.get('schema_name') ?? row.schema, name: options.get('table_name') ?? row.name },
        options: { schema: options.has('schema_name'), table: options.has('table_name') },
        columns: columns.get(row.oid) ?? [],
        checks: (checks.get(row.oid) ?? []).map(({ name, columns: about, expression, inherited, trusted }): LocalCheck => ({ name, columns: about ?? [], expression, inherited, trusted })),
        bounds: row.bounds === null || row.condition === null ? undefined : { text: row.bounds, condition: row.condition, trusted: row.trusted },
      };
    }),
    types: types.types,
    categories: types.categories,
    collation: await databaseCollation(session),
  };
}

/** By relation; those that are alike are one object. Made as they arrive, so that no row of a million is kept. */
async function readColumns(session: Session, oids: readonly number[], types: LocalTypeReader): Promise<ReadonlyMap<number, readonly LocalColumn[]>> {
  const shared = new Shared<LocalColumn>();
  const found = new Map<number, LocalColumn[]>();
  await session.map(columnsQuery, [oids], ({ relation, ...row }: ColumnRow & { readonly relation: number }) => {
    const column = shared.get(Object.values(row).join('\0'), () => columnOf(row, types));
    const columns = found.get(relation);
    if (columns === undefined) found.set(relation, [column]);
    else columns.push(column);
  });
  return found;
}

function columnOf(row: ColumnRow, types: LocalTypeReader): LocalColumn {
  const remoteName = optionsOf(optionTexts(row.options)).get('column_name');
  return {
    name: row.name,
    // Mostly they are the same, and one text then.
    remoteName: remoteName === undefined || remoteName === row.name ? row.name : remoteName,
    renamed: remoteName !== undefined,
    position: row.position,
    type: types.use(row.type, row.typmod),
    notNull: row.not_null,
    collation: row.collation === null || row.collation_schema === null ? undefined : { schema: row.collation_schema, name: row.collation },
    generated: row.generated !== '',
    inherited: row.inherited,
  };
}

/** None of these options is secret. The first `=` splits. */
function optionsOf(elements: readonly string[] | null): ReadonlyMap<string, string> {
  return new Map((elements ?? []).map((element) => [element.slice(0, element.indexOf('=')), element.slice(element.indexOf('=') + 1)]));
}

/**
 * Whether no function that some objects call is of a role that may be anyone. Calling one lends it the rights of whoever calls.
 * @param dependents a condition on pg_depend `d`: who calls
 */
const trusted = (dependents: string): string => `NOT EXISTS (
    SELECT FROM pg_depend d
    LEFT JOIN pg_operator o ON d.refclassid = 'pg_operator'::regclass AND o.oid = d.refobjid
    JOIN pg_proc p ON p.oid = CASE WHEN d.refclassid = 'pg_proc'::regclass THEN d.refobjid ELSE o.oprcode END
    JOIN pg_roles r ON r.oid = p.proowner
    WHERE ${dependents} AND NOT r.rolsuper AND r.rolname <> current_user)`;

/* Tables of other sessions in pg_temp are nobody's business; pg_get_partition_constraintdef gives NULL where there is no condition. */
const tablesQuery = `
  SELECT c.oid, n.nspname AS schema, c.relname AS name, s.srvname AS server, t.ftoptions AS options,
    CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bounds,
    CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END AS condition,
    NOT c.relispartition OR ${trusted("d.classid = 'pg_class'::regclass AND d.objid IN (SELECT pg_partition_ancestors(c.oid))")} AS trusted
  FROM pg_foreign_table t
  JOIN pg_class c ON c.oid = t.ftrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_foreign_server s ON s.oid = t.ftserver
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  JOIN pg_proc h ON h.oid = w.fdwhandler AND h.proname = 'postgres_fdw_handler'
  WHERE ($1::text[] IS NULL OR s.srvname = ANY ($1::text[]))
    AND CASE WHEN $2::text[] IS NULL THEN c.relpersistence <> 't' ELSE n.nspname = ANY ($2::text[]) END
  ORDER BY s.srvname COLLATE "C", n.nspname COLLATE "C", c.relname COLLATE "C"`;

const columnsQuery = `
  SELECT a.attrelid AS relation, a.attnum AS position, a.attname AS name, a.atttypid AS type, a.atttypmod AS typmod, a.attnotnull AS not_null,
    co.collname AS collation, cn.nspname AS collation_schema, a.attgenerated AS generated, a.attinhcount > 0 AS inherited, array_to_json(a.attfdwoptions)::text AS options
  FROM pg_attribute a
  LEFT JOIN pg_collation co ON co.oid = a.attcollation
  LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
  WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attrelid, a.attnum`;

const checksQuery = `
  SELECT k.conrelid AS relation, k.conname AS name, k.conkey AS columns, pg_get_expr(k.conbin, k.conrelid) AS expression, k.coninhcount > 0 AS inherited,
    ${trusted("d.classid = 'pg_constraint'::regclass AND d.objid = k.oid")} AS trusted
  FROM pg_constraint k
  WHERE k.conrelid = ANY ($1::oid[]) AND k.contype = 'c'
  ORDER BY k.conrelid, k.conname COLLATE "C"`;
