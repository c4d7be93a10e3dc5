import type { ColumnChange, ColumnNumber } from '../model/change.ts';
import type { Column, Identity } from '../model/column.ts';
import { ident, qualified } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';
import { optionChangesClause, optionsClause } from './options.ts';

type Part = Statement['parts'][number];
type Action = readonly Part[];

/**
 * A column as CREATE FOREIGN TABLE and ADD COLUMN take it: `id bigint OPTIONS (…) COLLATE "C" NOT NULL`.
 * Its type and expressions are the server's own words (format_type, pg_get_expr), never the user's.
 */
export function columnDefinition(column: Column): Action {
  const collation = column.collation === undefined ? '' : ` COLLATE ${qualified(column.collation)}`;
  const notNull = column.notNull ? notNullClause(column) : '';
  const fallback = column.default === undefined ? '' : ` DEFAULT ${column.default}`;
  const generated = column.generated === undefined ? '' : ` GENERATED ALWAYS AS (${column.generated.expression}) ${column.generated.kind.toUpperCase()}`;
  const identity = column.identity === undefined ? '' : ` ${identityClause(column.identity)}`;
  return [
    `${ident(column.name)} ${column.type}`,
    ...optionsClause(column.options, column.name),
    `${collation}${notNull}${fallback}${generated}${identity}`,
  ];
}

function notNullClause({ notNullAs }: Column): string {
  return notNullAs === undefined ? ' NOT NULL' : ` CONSTRAINT ${ident(notNullAs.name)} NOT NULL${notNullAs.noInherit ? ' NO INHERIT' : ''}`;
}

/** The subcommands of ALTER FOREIGN TABLE for what a column has beside its definition; STORAGE has a place there only from 16 on. */
export function settingActions({ name, statistics = -1, nDistinct = 0, nDistinctInherited = 0, storage }: Column): readonly Action[] {
  return [
    ...(statistics === -1 ? [] : [numberAction(name, 'statistics', statistics)]),
    ...(nDistinct === 0 ? [] : [numberAction(name, 'nDistinct', nDistinct)]),
    ...(nDistinctInherited === 0 ? [] : [numberAction(name, 'nDistinctInherited', nDistinctInherited)]),
    ...(storage === undefined || storage.isDefault ? [] : [[`ALTER COLUMN ${ident(name)} SET STORAGE ${storage.mode.toUpperCase()}`]]),
  ];
}

/** The subcommands of ALTER FOREIGN TABLE for one change of a column, each without a comma; none where it takes a statement of its own. */
export function columnActions(change: ColumnChange): readonly Action[] {
  switch (change.kind) {
    case 'add-column':
      return [['ADD COLUMN ', ...columnDefinition(change.column)], ...settingActions(change.column)];
    case 'drop-column':
      return [[`DROP COLUMN ${ident(change.name)}`]];
    case 'set-type': {
      const { name, type, collation } = change.after;
      return [[`ALTER COLUMN ${ident(name)} TYPE ${type}${collation === undefined ? '' : ` COLLATE ${qualified(collation)}`}`]];
    }
    case 'set-not-null':
      return [[`ALTER COLUMN ${ident(change.name)} ${change.notNull ? 'SET' : 'DROP'} NOT NULL`]];
    case 'set-default':
      return [[`ALTER COLUMN ${ident(change.name)} ${change.after === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${change.after}`}`]];
    case 'set-expression':
      return [[`ALTER COLUMN ${ident(change.name)} SET EXPRESSION AS (${change.after.expression})`]];
    case 'drop-expression':
      return [[`ALTER COLUMN ${ident(change.name)} DROP EXPRESSION`]];
    case 'set-identity':
      return [[`ALTER COLUMN ${ident(change.name)} ${identityVerb(change.before, change.after)}`]];
    case 'set-number':
      return [numberAction(change.name, change.setting, change.after)];
    case 'set-storage':
      return [[`ALTER COLUMN ${ident(change.name)} SET STORAGE ${change.after.mode.toUpperCase()}`]];
    case 'set-options':
      return [[`ALTER COLUMN ${ident(change.name)} `, ...optionChangesClause(change.options, change.name)]];
    case 'rename-column':
    case 'set-column-comment':
      return [];
  }
}

/** `GENERATED ALWAYS AS IDENTITY`. */
export function identityClause(identity: Identity): string {
  return `GENERATED ${identity.toUpperCase()} AS IDENTITY`;
}

function identityVerb(before: Identity | undefined, after: Identity | undefined): string {
  if (after === undefined) return 'DROP IDENTITY';
  return before === undefined ? `ADD ${identityClause(after)}` : `SET GENERATED ${after.toUpperCase()}`;
}

/* -1 is "the database's own" on every major; the word DEFAULT came with 17 (postgresql.org/docs/17/sql-altertable.html). */
function numberAction(name: string, setting: ColumnNumber, value: number): Action {
  const column = `ALTER COLUMN ${ident(name)}`;
  switch (setting) {
    case 'statistics':
      return [`${column} SET STATISTICS ${value}`];
    case 'nDistinct':
      return [value === 0 ? `${column} RESET (n_distinct)` : `${column} SET (n_distinct = ${value})`];
    case 'nDistinctInherited':
      return [value === 0 ? `${column} RESET (n_distinct_inherited)` : `${column} SET (n_distinct_inherited = ${value})`];
  }
}
