import type { Owned, Requirement } from '../model/requirement.ts';
import { ident, qualified } from '../sql/quote.ts';

/** What is missing, and the statement that gives it. */
export interface Remedy {
  readonly what: string;
  readonly todo: string;
}

/** Who asks, where, and who owns the object that it is about. */
interface Asking {
  readonly role: string;
  readonly database: string;
  readonly owner: string | undefined;
  readonly ownerIsSuperuser: boolean;
  /** Whether it is a member of that owner, or of the role that it is to become. */
  readonly member: boolean;
  /** Its attribute INHERIT. */
  readonly inherits: boolean;
  readonly versionNum: number;
}

/** In words and as SQL. */
export function remedyFor(requirement: Requirement, asking: Asking): Remedy {
  const to = ` TO ${ident(asking.role)};`;
  const database = ident(asking.database);
  switch (requirement.need) {
    case 'create-on-database':
      return { what: `CREATE on database ${database}`, todo: `GRANT CREATE ON DATABASE ${database}${to}` };
    case 'temporary':
      return { what: `TEMPORARY on database ${database}`, todo: `GRANT TEMPORARY ON DATABASE ${database}${to}` };
    case 'plpgsql':
      return { what: 'USAGE on language plpgsql, for sending secrets', todo: `GRANT USAGE ON LANGUAGE plpgsql${to}` };
    case 'create-in':
      return { what: `CREATE on schema ${ident(requirement.schema)}`, todo: `GRANT CREATE ON SCHEMA ${ident(requirement.schema)}${to}` };
    case 'usage-in':
      return { what: `USAGE on schema ${ident(requirement.schema)}`, todo: `GRANT USAGE ON SCHEMA ${ident(requirement.schema)}${to}` };
    case 'usage-on-wrapper':
      return { what: `USAGE on foreign-data wrapper ${ident(requirement.wrapper)}`, todo: `GRANT USAGE ON FOREIGN DATA WRAPPER ${ident(requirement.wrapper)}${to}` };
    case 'usage-on-server':
      return { what: `USAGE on server ${ident(requirement.server)}`, todo: `GRANT USAGE ON FOREIGN SERVER ${ident(requirement.server)}${to}` };
    case 'ownership':
    case 'drop':
      return ownership(requirement.of, asking);
    case 'grant':
      // A grant to the role itself would be one that the spec does not have.
      return ownership(requirement.of, asking, ` (or ${requirement.privilege}${requirement.columns === undefined ? '' : ` (${requirement.columns.map(ident).join(', ')})`} with grant option)`);
    case 'map':
      return requirement.role === asking.role
        ? { what: `USAGE on server ${ident(requirement.server)}`, todo: `GRANT USAGE ON FOREIGN SERVER ${ident(requirement.server)}${to}` }
        : ownership({ kind: 'server', schema: undefined, name: requirement.server }, asking, ', which user mappings of others take');
    case 'become':
      return { what: `membership in role ${ident(requirement.role)}, which becomes an owner`, todo: toSet(requirement.role, asking) };
    case 'grant-as':
      return { what: `membership in role ${ident(requirement.role)}, which has granted privileges that come back as its own`, todo: toSet(requirement.role, asking) };
    case 'revoke-as':
      return { what: `membership in role ${ident(requirement.role)}, which alone can revoke what it has granted`, todo: toSet(requirement.role, asking) };
    case 'role-create-in':
      return { what: `CREATE on schema ${ident(requirement.schema)} for the new owner ${ident(requirement.role)}`, todo: `GRANT CREATE ON SCHEMA ${ident(requirement.schema)} TO ${ident(requirement.role)};` };
    case 'role-usage-on-wrapper':
      return { what: `USAGE on foreign-data wrapper ${ident(requirement.wrapper)} for the new owner ${ident(requirement.role)}`, todo: `GRANT USAGE ON FOREIGN DATA WRAPPER ${ident(requirement.wrapper)} TO ${ident(requirement.role)};` };
    case 'install':
      return { what: `the right to install extension ${ident(requirement.extension)}, which is for superusers`, todo: `CREATE EXTENSION ${ident(requirement.extension)};` };
    case 'superuser':
      return { what: `the right to ${requirement.to}, which is for superusers`, todo: `-- to ${requirement.to}, connect as a superuser` };
  }
}

/* Membership in a superuser is no remedy that anybody should print. */
function ownership(of: Owned, asking: Asking, more = ''): Remedy {
  const { role, owner, ownerIsSuperuser } = asking;
  const name = of.schema === undefined ? ident(of.name) : qualified({ schema: of.schema, name: of.name });
  const what = `ownership of ${of.kind} ${name}${more}; its owner is ${ident(owner ?? '')}`;
  if (!ownerIsSuperuser) return { what, todo: toInherit(owner ?? '', asking) };
  if (of.kind === 'extension' || of.kind === 'foreign-data wrapper') return { what, todo: `-- only a superuser can own ${of.kind} ${name}: connect as ${ident(owner ?? '')}` };
  return { what, todo: `ALTER ${of.kind.toUpperCase()} ${name} OWNER TO ${ident(role)};` };
}

/*
 * From 16 on INHERIT and SET belong to each membership, and a GRANT without them leaves those of one that is there as they are
 * (postgresql.org/docs/16/sql-grant.html, "GRANT on Roles"); before, INHERIT is the role's and SET comes with every membership.
 */
function toSet(granted: string, { role, member, versionNum }: Asking): string {
  return `GRANT ${ident(granted)} TO ${ident(role)}${member && versionNum >= 160000 ? ' WITH SET TRUE' : ''};`;
}

function toInherit(granted: string, { role, member, inherits, versionNum }: Asking): string {
  const grant = `GRANT ${ident(granted)} TO ${ident(role)}`;
  if (versionNum >= 160000) return `${grant}${member || !inherits ? ' WITH INHERIT TRUE' : ''};`;
  return inherits ? `${grant};` : `${grant};\nALTER ROLE ${ident(role)} INHERIT;`;
}
