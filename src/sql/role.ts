import type { MappingRole } from '../model/role.ts';
import { ident } from './quote.ts';

/**
 * A role where SQL takes a role. Unquoted, some names would mean the session's own role instead of the role
 * of that name (gram.y, RoleSpec, 14 to 18).
 */
export function roleSpec(role: MappingRole): string {
  if (role.kind === 'public') return 'PUBLIC';
  return special.has(role.name) ? `"${role.name}"` : ident(role.name);
}

const special: ReadonlySet<string> = new Set(['user', 'current_user', 'current_role', 'session_user', 'none']);
