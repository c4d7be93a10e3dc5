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
}

const catalog = (relation: string, columns: string): Window => ({ schema: 'pg_catalog', relation, columns });

/** Columns that every PostgreSQL from 12 on has. Source: src/include/catalog/*.h of 14 to 18. */
const windows = {
  fdw_namespace: catalog('pg_namespace', 'oid oid, nspname text'),
  fdw_class: catalog('pg_class', 'oid oid, relname text, relnamespace oid, relkind "char", relispartition bool'),
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
  fdw_extension: catalog('pg_extension', 'oid oid, extname text'),
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
} satisfies Readonly<Record<string, Window>>;

/**
 * The statements that open all windows on a server.
 *
 * `use_remote_estimate` would send an EXPLAIN for each path considered; `fetch_size` is what a read costs
 * under latency. Both override the server's own.
 *
 * @param readers roles that are granted SELECT; the role that runs the statements may read anyway
 */
export function openWindows(server: string, readers: readonly string[]): readonly string[] {
  const statements = Object.entries(windows).map(
    ([name, { schema, relation, columns }]) =>
      `CREATE FOREIGN TABLE pg_temp.${name} (${columns}) SERVER ${ident(server)} ` +
      `OPTIONS (schema_name '${schema}', table_name '${relation}', fetch_size '50000', use_remote_estimate 'false')`,
  );
  const tables = Object.keys(windows).map((name) => `pg_temp.${name}`);
  return [...statements, ...readers.map((role) => `GRANT SELECT ON ${tables.join(', ')} TO ${ident(role)}`)];
}
