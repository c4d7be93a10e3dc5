import type { Column } from '../model/column.ts';
import type { NotNull } from '../model/not-null.ts';
import type { ForeignTable } from '../model/objects.ts';
import { ident, literal, qualified } from '../sql/quote.ts';
import { hashOf } from './fingerprints.ts';

/** How NOT NULL constraints with names, settings and comments come back with a foreign table that is replaced. */
export interface NotNullsAgain {
  /** By column, what its definition has to say otherwise. */
  readonly columns: ReadonlyMap<string, Pick<Column, 'notNull' | 'notNullAs'>>;
  readonly onceMade: readonly string[];
  /** Of all of them, where the change makes and takes none; else undefined. */
  readonly shape: string | undefined;
}

/** @param renamed columns by their former names */
export function notNullsAgain(notNulls: readonly NotNull[], after: ForeignTable, renamed: ReadonlyMap<string, string>): NotNullsAgain {
  const there = new Map(after.columns.map((column) => [column.name, column]));
  const back = notNulls.flatMap((notNull) => {
    const column = renamed.get(notNull.column) ?? notNull.column;
    return there.get(column)?.notNull === true ? [{ ...notNull, column }] : [];
  });
  // CREATE has no word for one that is not valid.
  const isLater = ({ notValid, inherited }: NotNull): boolean => notValid && !inherited;
  const same = back.length === notNulls.length && after.columns.filter(({ notNull }) => notNull).length === back.length;
  return {
    columns: new Map(back.flatMap((each): readonly (readonly [string, Pick<Column, 'notNull' | 'notNullAs'>])[] => {
      if (isLater(each)) return [[each.column, { notNull: false }]];
      const { column, name, noInherit, shared } = each;
      return isUsual(name, column, after) && !noInherit && !shared ? [] : [[column, { notNull: true, notNullAs: { name, noInherit } }]];
    })),
    onceMade: [
      ...back.filter(isLater).map(({ column, name, noInherit }) => `ALTER FOREIGN TABLE ${qualified(after)}\n  ADD CONSTRAINT ${ident(name)} NOT NULL ${ident(column)}${noInherit ? ' NO INHERIT' : ''} NOT VALID`),
      ...back.flatMap(({ name, comment }) => (comment === undefined ? [] : [`COMMENT ON CONSTRAINT ${ident(name)} ON ${qualified(after)} IS ${literal(comment)}`])),
    ],
    shape: same ? hashOfNotNulls(back) : undefined,
  };
}

/* What PostgreSQL calls it itself, where that is not too long (catalog/pg_constraint.c, ChooseConstraintName, 18). */
function isUsual(name: string, column: string, table: ForeignTable): boolean {
  return name === `${table.name}_${column}_not_null`;
}

/** What has to be the same afterwards. */
export function hashOfNotNulls(notNulls: readonly NotNull[]): string {
  return hashOf(notNulls.map(({ column, name, noInherit, notValid, inherited, local, comment = '' }) => JSON.stringify([column, name, noInherit, notValid, inherited, local, comment])).sort());
}
