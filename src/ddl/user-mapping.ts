import type { OptionChange } from '../model/change.ts';
import type { MappingRole, UserMapping } from '../model/objects.ts';
import { ident } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';
import { sql } from './build.ts';
import { optionChangesClause, optionsClause } from './options.ts';

export function createUserMapping(mapping: UserMapping): readonly Statement[] {
  const options = mapping.options === 'unknown' ? [] : optionsClause(mapping.options, owner(mapping));
  return [sql(`CREATE USER MAPPING FOR ${forRole(mapping.role)} SERVER ${ident(mapping.server)}`, options)];
}

export function alterUserMapping(mapping: UserMapping, options: readonly OptionChange[]): readonly Statement[] {
  const head = `ALTER USER MAPPING FOR ${forRole(mapping.role)} SERVER ${ident(mapping.server)} `;
  return [sql(head, optionChangesClause(options, owner(mapping)))];
}

function forRole(role: MappingRole): string {
  if (role.kind === 'public') return 'PUBLIC';
  // Unquoted, these would mean the session's own role, not the role of that name (gram.y, auth_ident).
  return ['user', 'current_user', 'current_role', 'session_user'].includes(role.name) ? `"${role.name}"` : ident(role.name);
}

function owner(mapping: UserMapping): string {
  return `${mapping.server}_${mapping.role.kind === 'public' ? 'public' : mapping.role.name}`;
}
