import { type Acl, type Held, inOrderOfGrants } from '../model/acl.ts';
import { ident } from './quote.ts';
import { roleSpec } from './role.ts';

/**
 * What gives a new object an ACL, run as its owner or a superuser. `GRANTED BY` takes nobody but the current role
 * (catalog/aclchk.c, ExecuteGrantStmt, 14 to 18): what others have granted is granted as those.
 * @param on what GRANT takes after ON: `TABLE s.t`
 */
export function aclStatements(on: string, { owner, lacking, held, asOwner }: Acl): readonly string[] {
  const statements = lacking.length === 0 ? [] : [`REVOKE ${lacking.join(', ')} ON ${on} FROM ${roleName(owner)}`];
  let current: string | undefined;
  const become = (role: string | undefined): void => {
    if (role === current) return;
    statements.push(role === undefined ? 'RESET ROLE' : `SET LOCAL ROLE ${roleName(role)}`);
    current = role;
  };
  for (const each of inOrderOfGrants(held)) {
    become(each.grantor ?? (asOwner ? owner : undefined));
    statements.push(grant(on, each));
  }
  become(undefined);
  return statements;
}

function grant(on: string, { privilege, column, role, grantable }: Held): string {
  return `GRANT ${privilege}${column === undefined ? '' : ` (${ident(column)})`} ON ${on} TO ${roleSpec(role)}${grantable ? ' WITH GRANT OPTION' : ''}`;
}

function roleName(name: string): string {
  return roleSpec({ kind: 'role', name });
}
