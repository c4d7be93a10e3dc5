import type { OptionChange } from '../model/change.ts';
import type { UserMapping } from '../model/objects.ts';
import { ident } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';
import { sql } from './build.ts';
import { optionChangesClause, optionsClause } from './options.ts';
import { roleSpec } from '../sql/role.ts';

export function createUserMapping(mapping: UserMapping): readonly Statement[] {
  const options = mapping.options === 'unknown' ? [] : optionsClause(mapping.options, owner(mapping));
  return [sql(`CREATE USER MAPPING FOR ${roleSpec(mapping.role)} SERVER ${ident(mapping.server)}`, options)];
}

export function alterUserMapping(mapping: UserMapping, options: readonly OptionChange[] | 'rewrite'): readonly Statement[] {
  // Nothing depends on a user mapping, and PostgreSQL has no SET that adds what is missing.
  if (options === 'rewrite') return [sql(`DROP USER MAPPING FOR ${roleSpec(mapping.role)} SERVER ${ident(mapping.server)}`), ...createUserMapping(mapping)];
  const head = `ALTER USER MAPPING FOR ${roleSpec(mapping.role)} SERVER ${ident(mapping.server)} `;
  return [sql(head, optionChangesClause(options, owner(mapping)))];
}

function owner(mapping: UserMapping): string {
  return `${mapping.server}_${mapping.role.kind === 'public' ? 'public' : mapping.role.name}`;
}
