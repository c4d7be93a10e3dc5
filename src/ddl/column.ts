import type { ColumnChange } from '../model/change.ts';
import type { Column } from '../model/objects.ts';
import { ident, qualified } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';
import { optionChangesClause, optionsClause } from './options.ts';

type Part = Statement['parts'][number];

/**
 * A column as CREATE FOREIGN TABLE and ADD COLUMN take it: `id bigint OPTIONS (…) COLLATE "C" NOT NULL`.
 * Its type and expressions are the server's own words (format_type, pg_get_expr), never the user's.
 */
export function columnDefinition(column: Column): readonly Part[] {
  const collation = column.collation === undefined ? '' : ` COLLATE ${qualified(column.collation)}`;
  const notNull = column.notNull ? ' NOT NULL' : '';
  const fallback = column.default === undefined ? '' : ` DEFAULT ${column.default}`;
  const generated = column.generated === undefined ? '' : ` GENERATED ALWAYS AS (${column.generated}) STORED`;
  return [
    `${ident(column.name)} ${column.type}`,
    ...optionsClause(column.options, column.name),
    `${collation}${notNull}${fallback}${generated}`,
  ];
}

/** The subcommands of ALTER FOREIGN TABLE for one change of a column, each without a comma. */
export function columnActions(change: ColumnChange): readonly (readonly Part[])[] {
  switch (change.kind) {
    case 'add-column':
      return [['ADD COLUMN ', ...columnDefinition(change.column)]];
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
    case 'set-options':
      return [[`ALTER COLUMN ${ident(change.name)} `, ...optionChangesClause(change.options, change.name)]];
  }
}
