import { groupBy } from '../base/group.ts';
import { someOf } from '../base/some-of.ts';
import { UserError } from '../base/user-error.ts';
import type { Owned, PlacedRequirement, Requirement } from '../model/requirement.ts';
import type { Notice } from '../plan/types.ts';
import { isInsufficientPrivilege } from '../postgres/errors.ts';
import type { Session } from '../postgres/session.ts';
import { ident } from '../sql/quote.ts';
import { preflightSql } from './preflight-sql.ts';
import { remedyFor, type Remedy } from './preflight-remedies.ts';

/** A privilege that the connected role lacks. */
export interface MissingPrivilege {
  /** The first object that asks for it. */
  readonly address: string;
  /** What is missing: `USAGE on foreign-data wrapper postgres_fdw`. */
  readonly what: string;
  /** The statement that gives it, or what else to do. */
  readonly remedy: string;
}

interface Row extends Record<string, unknown> {
  readonly position: number;
  /** null: about an object that does not exist yet, so made by the plan, and its own. */
  readonly met: boolean | null;
  readonly owner: string | null;
  readonly owner_is_superuser: boolean | null;
  /** Whether the connected role is a member of the role that it is about, be it without INHERIT or SET. */
  readonly member: boolean | null;
}

/**
 * The privileges that the connected role lacks for a plan, a superuser none; two queries, whatever the number of changes. Where a managed service
 * may allow more than the catalogs say, as for extensions, it is tried in a savepoint.
 *
 * @param session in a read-write transaction, which is left as it was
 */
export async function missingPrivileges(session: Session, requirements: readonly PlacedRequirement[]): Promise<readonly MissingPrivilege[]> {
  if (requirements.length === 0) return [];
  const [self] = await session.query<{ role: string; database: string; superuser: boolean; inherits: boolean }>(selfQuery);
  if (self === undefined) throw new Error('the current role exists');
  if (self.superuser) return [];
  const rows = await session.query<Row>(preflightSql(session.facts.versionNum), [JSON.stringify(requirements.map(({ requirement }) => asColumns(requirement)))]);
  const unmet: { readonly address: string; readonly remedy: Remedy }[] = [];
  const uninstallable = await notInstallable(session, rows, requirements);
  for (const { position, met, owner, owner_is_superuser: ownerIsSuperuser, member } of rows) {
    const placed = requirements[position - 1];
    if (placed === undefined || met === true) continue;
    const { address, requirement } = placed;
    const lacking = requirement.need === 'install' ? uninstallable.has(requirement.extension) : met === false || (requirement.need === 'usage-on-wrapper' && uninstallable.has(requirement.wrapper));
    if (!lacking) continue;
    unmet.push({ address, remedy: remedyFor(requirement, { ...self, owner: owner ?? undefined, ownerIsSuperuser: ownerIsSuperuser === true, member: member === true, versionNum: session.facts.versionNum }) });
  }
  return [...groupBy(unmet, ({ remedy }) => remedy.todo).values()].map(merged);
}

const selfQuery = `SELECT current_user AS role, current_database() AS database, rolsuper AS superuser, rolinherit AS inherits FROM pg_catalog.pg_roles WHERE rolname = current_user`;

/** The same remedy for many objects is one line. */
function merged(group: readonly { readonly address: string; readonly remedy: Remedy }[]): MissingPrivilege {
  const [first] = group;
  if (first === undefined) throw new Error('a group has members');
  const more = group.length > 1 ? ` and ${group.length - 1} more` : '';
  return { address: first.address, what: `${first.remedy.what}${more}`, remedy: first.remedy.todo };
}

async function notInstallable(session: Session, rows: readonly Row[], requirements: readonly PlacedRequirement[]): Promise<ReadonlySet<string>> {
  const names = rows.flatMap(({ position, met }) => {
    const requirement = requirements[position - 1]?.requirement;
    return requirement?.need === 'install' && met === false ? [requirement.extension] : [];
  });
  const refused = new Set<string>();
  for (const name of names) {
    await session.query('SAVEPOINT fdw_preflight');
    try {
      await session.queryOne(`CREATE EXTENSION ${ident(name)}`);
    } catch (error) {
      // Any other error is for the plan itself to meet, with the place in the spec.
      if (isInsufficientPrivilege(error)) refused.add(name);
      else if (!(error instanceof UserError)) throw error;
    }
    await session.query('ROLLBACK TO SAVEPOINT fdw_preflight; RELEASE SAVEPOINT fdw_preflight');
  }
  return refused;
}

/** A requirement as the columns that the query reads. */
function asColumns(requirement: Requirement): object {
  switch (requirement.need) {
    case 'ownership':
    case 'drop':
    case 'grant':
      return { need: `${requirement.need} ${requirement.of.kind}`, ...names(requirement.of), privilege: 'privilege' in requirement ? requirement.privilege : null, columns: 'columns' in requirement ? requirement.columns : null };
    case 'create-in':
    case 'usage-in':
      return { need: requirement.need, a: requirement.schema };
    case 'usage-on-wrapper':
      return { need: requirement.need, a: requirement.wrapper };
    case 'usage-on-server':
      return { need: requirement.need, a: requirement.server };
    case 'map':
      return { need: requirement.need, a: requirement.server, b: requirement.role };
    case 'become':
    case 'grant-as':
    case 'revoke-as':
      return { need: requirement.need, a: requirement.role };
    case 'role-create-in':
      return { need: requirement.need, a: requirement.role, b: requirement.schema };
    case 'role-usage-on-wrapper':
      return { need: requirement.need, a: requirement.role, b: requirement.wrapper };
    case 'install':
      return { need: requirement.need, a: requirement.extension };
    case 'create-on-database':
    case 'temporary':
    case 'plpgsql':
    case 'superuser':
      return { need: requirement.need };
  }
}

function names({ schema, name }: Owned): object {
  return { a: name, b: schema ?? null };
}

/** @throws UserError `privileges-missing` naming all of them with what gives them */
export function refuseMissingPrivileges(missing: readonly MissingPrivilege[]): void {
  if (missing.length === 0) return;
  throw new UserError('privileges-missing', 'The connected role may not carry out this plan; nothing was applied.', {
    why: someOf(missing.map(({ address, what }) => `${address}: it lacks ${what}.`), 30),
    todo: `As a role that may:\n${missing.map(({ remedy }) => remedy).join('\n')}`,
  });
}

/** What a plan says of it. */
export function privilegeNotices(missing: readonly MissingPrivilege[]): readonly Notice[] {
  return missing.map(({ address, what, remedy }) => ({ address, message: `the connected role lacks ${what}: ${remedy}` }));
}
