import { groupBy } from '../base/group.ts';
import type { ColumnGrant } from '../model/column-grant.ts';
import { type AclItem, heldOf, roleOf } from './acl-items.ts';

/** Who holds what on a column. */
export interface Granted {
  readonly item: AclItem;
  readonly column: string;
}

/** Who holds what on the columns of one table. */
export function columnGrantsOf(granted: readonly Granted[]): readonly ColumnGrant[] {
  if (granted.length === 0) return none;
  return [...groupBy(granted, ({ item: [privilege] }) => privilege)].map(([privilege, ofPrivilege]) => ({
    privilege,
    // Granted by two roles, it is one privilege.
    holders: [...groupBy(ofPrivilege, ({ item: [, role] }) => role)].map(([role, held]) => ({ role: roleOf(role), columns: [...new Set(held.map(({ column }) => column))] })),
    ...heldOf(ofPrivilege),
  }));
}

const none: readonly ColumnGrant[] = [];
