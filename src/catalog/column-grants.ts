import { groupBy } from '../base/group.ts';
import type { ColumnGrant } from '../model/column-grant.ts';
import { type MappingRole, roleKey } from '../model/role.ts';

/** Who holds what on a column. */
export interface Granted {
  readonly privilege: string;
  readonly role: MappingRole;
  readonly column: string;
}

/** Who holds what on the columns of one table. */
export function columnGrantsOf(granted: readonly Granted[]): readonly ColumnGrant[] {
  if (granted.length === 0) return none;
  return [...groupBy(granted, ({ privilege }) => privilege)].map(([privilege, ofPrivilege]) => ({
    privilege,
    holders: [...groupBy(ofPrivilege, ({ role }) => roleKey(role)).values()].flatMap((held) => {
      const [first] = held;
      // Granted by two roles, it is one privilege.
      return first === undefined ? [] : [{ role: first.role, columns: [...new Set(held.map(({ column }) => column))] }];
    }),
  }));
}

const none: readonly ColumnGrant[] = [];

/** @param name null for PUBLIC */
export function roleOf(name: string | null): MappingRole {
  return name === null ? { kind: 'public' } : { kind: 'role', name };
}
