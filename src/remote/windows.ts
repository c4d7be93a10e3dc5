import { ident } from '../sql/quote.ts';

/**
 * A window: a foreign table in `pg_temp` over a relation of the remote's `pg_catalog` or `information_schema`.
 * Types are those that let a condition ship and a value arrive: `name` as `text` (a constant compared with a
 * `name` has collation "C", and postgres_fdw keeps such a comparison local), everything else by its own type.
 */
interface Window {
  readonly schema: string;
  readonly relation: string;
  readonly columns: string;
  /** Rows that come over in one piece; 50,000 unless it says otherwise. */
  readonly fetchSize?: number;
}

export const catalog = (relation: string, columns: string): Window => ({ schema: 'pg_catalog', relation, columns });

/** The windows of one purpose, by the name of their table in `pg_temp`. */
export type Windows = Readonly<Record<string, Window>>;

/** What all reading of relations and their types looks at. Columns that every PostgreSQL from 12 on has. Source: src/include/catalog/*.h of 14 to 18. */
export const catalogWindows = {
  fdw_namespace: catalog('pg_namespace', 'oid oid, nspname text'),
  fdw_class: catalog('pg_class', 'oid oid, relname text, relnamespace oid, relkind "char", relispartition bool, reltuples float4, relpages int4'),
  fdw_attribute: catalog(
    'pg_attribute',
    'attrelid oid, attname text, attnum int2, atttypid oid, atttypmod int4, attnotnull bool, attcollation oid, attgenerated "char", attisdropped bool',
  ),
  fdw_type: catalog(
    'pg_type',
    'oid oid, typname text, typnamespace oid, typtype "char", typelem oid, typarray oid, typrelid oid, typbasetype oid, typtypmod int4, typnotnull bool, typcollation oid, typdefault text',
  ),
  fdw_enum: catalog('pg_enum', 'enumtypid oid, enumsortorder float4, enumlabel text'),
  fdw_depend: catalog('pg_depend', 'classid oid, objid oid, refclassid oid, refobjid oid, deptype "char"'),
  fdw_extension: catalog('pg_extension', 'oid oid, extname text, extversion text'),
  fdw_collation: catalog('pg_collation', 'oid oid, collname text, collnamespace oid'),
  // A regproc as oid would not arrive: its text does, by the remote's search_path.
  fdw_range: catalog('pg_range', 'rngtypid oid, rngsubtype oid, rngmultitypid oid, rngcollation oid, rngsubopc oid, rngcanonical text, rngsubdiff text'),
  fdw_opclass: catalog('pg_opclass', 'oid oid, opcname text, opcnamespace oid, opcdefault bool'),
  fdw_constraint: catalog('pg_constraint', 'oid oid, conname text, connamespace oid, contype "char", contypid oid'),
  fdw_checks: {
    schema: 'information_schema',
    relation: 'check_constraints',
    columns: 'constraint_schema text, constraint_name text, check_clause text',
  },
  fdw_columns: {
    schema: 'information_schema',
    relation: 'columns',
    columns: 'table_schema text, table_name text, column_name text, column_default text, generation_expression text',
  },
} satisfies Windows;

const database = (more: string): Window => catalog('pg_database', `datname text, encoding int4, datcollate text, datconnlimit int4${more}`);

/** Of these only the one that fits the remote's version can be looked through: making one asks the remote nothing. */
export const databaseWindows: Windows = {
  fdw_database_14: database(''),
  fdw_database_15: database(', datlocprovider "char", daticulocale text, datcollversion text'),
  fdw_database_17: database(', datlocprovider "char", datlocale text, datcollversion text'),
};

/** The window on `pg_database` for a remote of that version. */
export function databaseWindow(versionNum: number): string {
  return versionNum >= 170000 ? 'fdw_database_17' : versionNum >= 150000 ? 'fdw_database_15' : 'fdw_database_14';
}

/** What the remote role may do. */
export const privilegeWindows = {
  fdw_table_privilege: { schema: 'information_schema', relation: 'table_privileges', columns: 'table_schema text, table_name text, privilege_type text' },
  fdw_table: { schema: 'information_schema', relation: 'tables', columns: 'table_schema text, table_name text' },
  fdw_enabled_role: { schema: 'information_schema', relation: 'enabled_roles', columns: 'role_name text' },
} satisfies Windows;

/**
 * What is looked at, the catalogs included, to compare tables with what stands behind them.
 *
 * @param marker the fetch_size of the window on `pg_stat_activity`, by which the own backend is told from others
 */
export const standingWindows = (marker: number): Windows => ({
  ...catalogWindows,
  fdw_setting: catalog('pg_settings', 'name text, setting text'),
  fdw_activity: { ...catalog('pg_stat_activity', 'datname text, usename text, query text'), fetchSize: marker },
  ...databaseWindows,
  fdw_relation_constraint: catalog('pg_constraint', 'conname text, contype "char", convalidated bool, conrelid oid, conkey int2[]'),
  ...privilegeWindows,
});

/**
 * The statements that open windows on a server. Each costs a tenth of a millisecond or two, so that none should be open in vain.
 *
 * `use_remote_estimate` would send an EXPLAIN for each path considered; `fetch_size` is what a read costs
 * under latency. Both override the server's own.
 *
 * @param readers roles that are granted SELECT; the role that runs the statements may read anyway
 */
export function openWindows(server: string, readers: readonly string[], windows: Windows): readonly string[] {
  const statements = Object.entries(windows).map(
    ([name, { schema, relation, columns, fetchSize = 50000 }]) =>
      `CREATE FOREIGN TABLE pg_temp.${name} (${columns}) SERVER ${ident(server)} ` +
      `OPTIONS (schema_name '${schema}', table_name '${relation}', fetch_size '${fetchSize}', use_remote_estimate 'false')`,
  );
  const tables = Object.keys(windows).map((name) => `pg_temp.${name}`);
  return [...statements, ...readers.map((role) => `GRANT SELECT ON ${tables.join(', ')} TO ${ident(role)}`)];
}
