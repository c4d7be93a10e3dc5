import type { Change, ColumnChange } from '../model/change.ts';
import type { Check } from '../model/check.ts';
import type { Column } from '../model/column.ts';
import type { QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import { placeAmong } from '../model/partitioned-table.ts';
import { ident, qualified } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { joined, sql } from './build.ts';
import { checkAction, checkDefinition } from './check.ts';
import { columnActions, columnDefinition, settingActions } from './column.ts';
import { optionChangesClause, optionsClause } from './options.ts';
import { joinParents } from './parents.ts';

/**
 * The CREATE, an ALTER for what it has no words for (statistics, storage), and what makes the table part of its parents. ATTACH takes a
 * lesser lock on the parent than PARTITION OF, which is for partitions of a table that is new itself, and takes the columns as they are.
 */
export function createForeignTable(table: ForeignTable): readonly Statement[] {
  const partitionOf = placeAmong(table.partitionOf);
  if (table.madeByParent === true && partitionOf !== undefined) {
    const head = `CREATE FOREIGN TABLE ${qualified(table)} PARTITION OF ${qualified(partitionOf.parent)} ${partitionOf.bound} SERVER ${ident(table.server)}`;
    return [sql(head, optionsClause(table.options, table.name)), ...alter(table, [...table.columns.flatMap(ownOptions), ...table.columns.flatMap((column) => partitionSettings(table, column)), ...(table.checks ?? []).filter(({ inherited }) => inherited !== true).map((check) => [`ADD ${checkDefinition(check)}`])])];
  }
  // Columns that an heir has through its parents alone come back as such only by INHERITS.
  const own = table.columns.filter(({ handedDown }) => handedDown !== true);
  const parents = own.length < table.columns.length ? (table.inherits ?? []) : [];
  const checks = parents.length === 0 ? checksOf(table) : (table.checks ?? []);
  const elements = [...own.map(columnDefinition), ...checks.map((check) => [checkDefinition(check)])];
  const body = elements.length === 0 ? ['()'] : ['(', ...joined(elements.map((element) => ['\n  ', ...element]), ','), '\n)'];
  return [
    sql(
      `CREATE FOREIGN TABLE ${qualified(table)} `,
      body,
      parents.length === 0 ? '' : ` INHERITS (${parents.map(qualified).join(', ')})`,
      ` SERVER ${ident(table.server)}`,
      optionsClause(table.options, table.name),
    ),
    ...alter(table, [...(parents.length === 0 ? [] : table.columns.filter(({ handedDown }) => handedDown === true).flatMap(ownOptions)), ...table.columns.flatMap(settingActions)]),
    ...joinParents(table, parents.length === 0 ? table : { partitionOf: table.partitionOf }),
  ];
}

/** PARTITION OF hands storage down: what the spec says is said then, were it the type's own. */
function partitionSettings({ ownColumns = [] }: ForeignTable, column: Column): readonly Statement['parts'][] {
  const { storage } = column;
  return settingActions(storage !== undefined && ownColumns.includes(column.name) ? { ...column, storage: { ...storage, isDefault: false } } : column);
}

/** Its own and those that its parents ask for, each once. */
function checksOf({ checks = [], handedDown = [] }: ForeignTable): readonly Check[] {
  const asked = new Set(handedDown.map(({ name }) => name));
  return [...checks.filter(({ name }) => !asked.has(name)), ...handedDown];
}

/** PARTITION OF and INHERITS take no options of columns. */
function ownOptions({ name, options }: Column): readonly Statement['parts'][] {
  if (options.length === 0) return [];
  return [[`ALTER COLUMN ${ident(name)} `, ...optionChangesClause(options.map((option) => ({ verb: 'add', option })), name)]];
}

/** What may change of a foreign table by ALTER FOREIGN TABLE. */
type TableUpdate = Partial<Pick<Extract<Change, { action: 'update'; kind: 'foreign-table' }>, 'renamedFrom' | 'options' | 'columns' | 'checks'>>;

/**
 * Renames first; then one ALTER for everything. Adding an option and a column's type change are subcommands of their own
 * (postgresql.org/docs/18/sql-alterforeigntable.html); a column that is dropped and added again needs two
 * statements, since one ALTER runs all drops after it looked for name clashes.
 */
export function alterForeignTable(table: QualifiedName, { renamedFrom, options = [], columns = [], checks = [] }: TableUpdate): readonly Statement[] {
  const drops = columns.filter(takesAway);
  const rest = columns.filter((change) => !takesAway(change));
  const groups = [
    [...checks.filter(({ kind }) => kind === 'drop-check').map(checkAction), ...drops.flatMap(columnActions)],
    [...rest.flatMap(columnActions), ...checks.filter(({ kind }) => kind !== 'drop-check').map(checkAction), ...(options.length === 0 ? [] : [optionChangesClause(options, table.name)])],
  ];
  return [...renameTable(table, renamedFrom), ...columns.flatMap((change) => renameColumn(table, change)), ...groups.flatMap((actions) => alter(table, actions))];
}

/** A foreign table that is called otherwise, or has columns that are. */
export interface RenamedTable {
  readonly from: QualifiedName;
  readonly to: QualifiedName;
  readonly columns: readonly { readonly from: string; readonly to: string }[];
}

/** Gives a table and its columns their new names. */
export function renameForth({ from, to, columns }: RenamedTable): readonly Statement[] {
  return [...renameTable(to, from), ...columns.map((column) => renameOne(to, column.from, column.to))];
}

/** Gives them their former names again. */
export function renameBack({ from, to, columns }: RenamedTable): readonly Statement[] {
  return renameForth({ from: to, to: from, columns: columns.map((column) => ({ from: column.to, to: column.from })) });
}

/** The table's new schema, then its new name. */
function renameTable({ schema, name }: QualifiedName, from: QualifiedName | undefined): readonly Statement[] {
  if (from === undefined) return [];
  const moved = { schema, name: from.name };
  return [
    ...(from.schema === schema ? [] : [statement(`ALTER FOREIGN TABLE ${qualified(from)} SET SCHEMA ${ident(schema)}`)]),
    ...(from.name === name ? [] : [statement(`ALTER FOREIGN TABLE ${qualified(moved)} RENAME TO ${ident(name)}`)]),
  ];
}

function renameColumn(table: QualifiedName, change: ColumnChange): readonly Statement[] {
  return change.kind === 'rename-column' ? [renameOne(table, change.from, change.name)] : [];
}

function renameOne(table: QualifiedName, from: string, to: string): Statement {
  return statement(`ALTER FOREIGN TABLE ${qualified(table)} RENAME COLUMN ${ident(from)} TO ${ident(to)}`);
}

/** A type is checked against the identity that the column had before the whole statement. */
function takesAway(change: ColumnChange): boolean {
  return change.kind === 'drop-column' || (change.kind === 'set-identity' && change.after === undefined);
}

function alter(table: QualifiedName, actions: readonly Statement['parts'][]): readonly Statement[] {
  if (actions.length === 0) return [];
  return [sql(`ALTER FOREIGN TABLE ${qualified(table)}`, joined(actions.map((action) => ['\n  ', ...action]), ','))];
}
