import { createHash } from 'node:crypto';
import { ident, literal } from '../../sql/quote.ts';
import type { Change } from './change.ts';
import type { Named } from './resolve.ts';

/**
 * The name of the copy of a server: another one for each server, however long their names and much they are alike, and in each session, where
 * one would wait for the other's. None begins with another one.
 */
export function copiedServer(server: string, { job = '' }: Pick<Change, 'job'>): string {
  return `fdw_whatif${job}_${createHash('sha256').update(server).digest('hex').slice(0, 32)}`;
}

/** Whether a table, or a partition of it, is other than it is now. */
export function differs(table: Named, change: Change): boolean {
  if (table.kind === 'p') return change.tables?.has(table.oid) === true || table.partitions.some(({ of }) => differs(of, change));
  if (table.kind !== 'f' || table.server === undefined) return false;
  return change.everything === true || change.sizes !== undefined || change.tables?.has(table.oid) === true || change.servers?.[table.server] !== undefined;
}

/** Makes the copy of a table without rows: a foreign one, a partitioned one still without partitions, or one that is here. */
export function tableSql(table: Named, name: string, change: Change): string {
  const columns = `(${columnList(table, change).join(', ')})`;
  if (table.partitionKey !== undefined) return `CREATE TEMPORARY TABLE ${ident(name)} ${columns} PARTITION BY ${table.partitionKey}`;
  if (table.server === undefined) return `CREATE TEMPORARY TABLE ${ident(name)} ${columns}`;
  const own = change.tables?.get(table.oid);
  const server = own?.server ?? (change.servers?.[table.server] === undefined ? table.server : copiedServer(table.server, change));
  const implied = table.wrapper === 'postgres_fdw' ? { schema_name: table.schema, table_name: table.name } : {};
  const estimates = table.wrapper === 'postgres_fdw' ? { use_remote_estimate: String(change.estimates === 'remote') } : {};
  const options = { ...implied, ...table.options, ...estimates, ...own?.options };
  return `CREATE FOREIGN TABLE pg_temp.${ident(name)} ${columns} SERVER ${ident(server)} ${optionsSql(options)}`;
}

/** Makes one copy a partition of another. */
export function attachSql(parent: string, partition: { readonly name: string; readonly bound: string }): string {
  return `ALTER TABLE pg_temp.${ident(parent)} ATTACH PARTITION pg_temp.${ident(partition.name)} ${partition.bound}`;
}

export function optionsSql(options: Readonly<Record<string, string>>): string {
  return `OPTIONS (${Object.entries(options).map(([key, value]) => `${ident(key)} ${literal(value)}`).join(', ')})`;
}

function columnList(table: Named, change: Change): readonly string[] {
  const own = change.tables?.get(table.oid);
  return table.columns.map((column) => {
    const changed = own?.columns?.[column.name];
    const collation = changed?.collation ?? (changed?.type === undefined ? column.collation : null);
    return [
      ident(column.name),
      changed?.type ?? column.type,
      ...(column.options === null || table.server === undefined ? [] : [optionsSql(column.options)]),
      ...(collation === null ? [] : [`COLLATE ${collation}`]),
      ...(column.notNull ? ['NOT NULL'] : []),
      ...(column.generated === null || changed?.plain === true ? [] : [`GENERATED ALWAYS AS (${column.generated}) STORED`]),
    ].join(' ');
  });
}
