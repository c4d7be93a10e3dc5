import type { ColumnChange, OptionChange } from '../model/change.ts';
import type { QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import { ident, qualified } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';
import { joined, sql } from './build.ts';
import { columnActions, columnDefinition } from './column.ts';
import { optionChangesClause, optionsClause } from './options.ts';

export function createForeignTable(table: ForeignTable): readonly Statement[] {
  const columns = joined(table.columns.map((column) => ['\n  ', ...columnDefinition(column)]), ',');
  const body = table.columns.length === 0 ? ['()'] : ['(', ...columns, '\n)'];
  return [
    sql(
      `CREATE FOREIGN TABLE ${qualified(table)} `,
      body,
      ` SERVER ${ident(table.server)}`,
      optionsClause(table.options, table.name),
    ),
  ];
}

/**
 * One ALTER for everything. Adding an option and a column's type change are subcommands of their own
 * (postgresql.org/docs/18/sql-alterforeigntable.html); a column that is dropped and added again needs two
 * statements, since one ALTER runs all drops after it looked for name clashes.
 */
export function alterForeignTable(
  table: QualifiedName,
  options: readonly OptionChange[],
  columns: readonly ColumnChange[],
): readonly Statement[] {
  const drops = columns.filter(({ kind }) => kind === 'drop-column');
  const rest = columns.filter(({ kind }) => kind !== 'drop-column');
  const groups = [
    drops.flatMap(columnActions),
    [...rest.flatMap(columnActions), ...(options.length === 0 ? [] : [optionChangesClause(options, table.name)])],
  ];
  return groups
    .filter((actions) => actions.length > 0)
    .map((actions) => sql(`ALTER FOREIGN TABLE ${qualified(table)}`, joined(actions.map((action) => ['\n  ', ...action]), ',')));
}
