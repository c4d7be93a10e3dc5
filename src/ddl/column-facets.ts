import type { ColumnChange } from '../model/change.ts';
import type { ColumnGrantChange } from '../model/column-grant.ts';
import type { QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import { ident, literal, qualified } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { roleSpec } from '../sql/role.ts';
import { asGrantor } from './facets.ts';

/** What must follow the CREATE of a table to give its columns their comments and grants. */
export function createColumnFacets(table: Pick<ForeignTable, 'schema' | 'name' | 'columns' | 'columnGrants'>): readonly Statement[] {
  const grants = (table.columnGrants ?? []).flatMap(({ privilege, holders }) =>
    holders.flatMap((holder): readonly ColumnGrantChange[] => (holder.columns.length === 0 ? [] : [{ verb: 'grant', privilege, ...holder }])),
  );
  return [
    ...table.columns.flatMap(({ name, comment = '' }) => (comment === '' ? [] : [commentOn(table, name, comment)])),
    ...alterColumnGrants(table, grants),
  ];
}

/** One statement per change, but for what is revoked as another role than the owner. */
export function alterColumnGrants(table: QualifiedName, changes: readonly ColumnGrantChange[]): readonly Statement[] {
  return changes.flatMap(({ verb, privilege, role, columns, grantable, grantor }) => {
    const what = `${privilege} (${columns.map(ident).join(', ')}) ON TABLE ${qualified(table)}`;
    return verb === 'grant' ? [statement(`GRANT ${what} TO ${roleSpec(role)}${grantable === true ? ' WITH GRANT OPTION' : ''}`)] : asGrantor(grantor, statement(`REVOKE ${what} FROM ${roleSpec(role)}`));
  });
}

/** The comments of columns that are changed or added. */
export function alterColumnComments(table: QualifiedName, changes: readonly ColumnChange[]): readonly Statement[] {
  return changes.flatMap((change) => {
    if (change.kind === 'set-column-comment') return [commentOn(table, change.name, change.after)];
    const { name, comment = '' } = change.kind === 'add-column' ? change.column : { name: '' };
    return comment === '' ? [] : [commentOn(table, name, comment)];
  });
}

function commentOn(table: QualifiedName, column: string, comment: string): Statement {
  return statement(`COMMENT ON COLUMN ${qualified(table)}.${ident(column)} IS ${comment === '' ? 'NULL' : literal(comment)}`);
}
