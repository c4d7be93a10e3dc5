import { groupBy } from '../base/group.ts';
import type { ColumnGrant } from '../model/column-grant.ts';
import type { Held } from '../model/acl.ts';
import { roleKey } from '../model/role.ts';
import { heldOf } from './acl-items.ts';

/** Who holds what on the columns of one table. */
export function columnGrantsOf(granted: readonly (Held & { readonly column: string })[]): readonly ColumnGrant[] {
  if (granted.length === 0) return none;
  return [...groupBy(granted, ({ privilege }) => privilege)].map(([privilege, ofPrivilege]) => ({
    privilege,
    holders: [...groupBy(ofPrivilege, ({ role }) => roleKey(role)).values()].flatMap((held) => {
      const [first] = held;
      // Granted by two roles, it is one privilege.
      return first === undefined ? [] : [{ role: first.role, columns: [...new Set(held.map(({ column }) => column))] }];
    }),
    ...heldOf(ofPrivilege),
  }));
}

const none: readonly ColumnGrant[] = [];
