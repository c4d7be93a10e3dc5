import { groupBy } from '../base/group.ts';
import { UserError } from '../base/user-error.ts';
import { findObjects, type Found } from '../catalog/access-objects.ts';
import { type AccessRole, type AccessStep, readAccessRole, readAccessSteps } from '../catalog/access-steps.ts';
import { readUserMappings } from '../catalog/user-mappings.ts';
import type { Access, AccessLink } from '../model/access.ts';
import type { QualifiedName } from '../model/name.ts';
import { compareNames } from '../model/option.ts';
import type { Session } from '../postgres/session.ts';
import { closeRemotes } from '../remote/close-remotes.ts';
import { splitName } from '../spec/qualified-name.ts';
import { ident } from '../sql/quote.ts';
import { atOneMoment } from './at-one-moment.ts';
import { type Crossing, goBeyond } from './whoami/beyond.ts';
import { localLinks } from './whoami/local-links.ts';
import { type About, type OptionalSpecRequest, withSessions } from './with-sessions.ts';

/** The spec is optional: it tells the database. */
export interface WhoamiRequest extends OptionalSpecRequest {
  readonly role: string;
  /** As the user wrote it; undefined: all servers that the role reaches. */
  readonly object: string | undefined;
  /** How many servers are asked at once, each over a connection of its own to the local database. */
  readonly jobs: number;
  /** Milliseconds that a remote may take to answer for the first time. */
  readonly patience: number;
}

export interface WhoamiResult extends About {
  readonly access: Access;
}

/**
 * Follows a role through views, grants and user mappings to what stands behind the foreign tables that it reads. Changes nothing.
 * @throws UserError `unknown-role`, `unknown-relation`; connection errors of the local database
 */
export async function whoami(request: WhoamiRequest): Promise<WhoamiResult> {
  return withSessions(request, async ({ session, pool }) => {
    const { here, crossings, mappings, object } = await atOneMoment(session, async () => readHere(session, request));
    let begun = 0;
    const servers = await pool.each(crossings, request.jobs, async (own, crossing) => {
      request.progress(`asking the remote of server ${crossing.server} as ${crossing.as} (${++begun} of ${crossings.length})`);
      const { stuck, ...result } = await goBeyond(own, crossing, mappings, request);
      if (!stuck) await closeRemotes(own);
      return { result, stuck };
    });
    return { access: { role: request.role, object, here, servers } };
  });
}

async function readHere(session: Session, { role, object }: Pick<WhoamiRequest, 'role' | 'object'>) {
  const asked = object === undefined ? undefined : await objectOf(session, object);
  const found = await readAccessRole(session, role, asked?.schema);
  if (found === undefined) throw new UserError('unknown-role', `The database has no role "${role}".`);
  const steps = await readAccessSteps(session, role, asked);
  const mappings = await readUserMappings(session);
  const first: AccessLink = {
    kind: 'role', state: 'ok', depth: 0, todo: undefined,
    message: `role ${role}${found.superuser ? ', a superuser' : ''}${found.login ? '' : ', which may not log in itself'}`,
  };
  const before = [first, ...databaseLinks(session.facts.database, role, found)];
  const here = asked === undefined ? before : [...before, ...schemaLinks(role, asked, found), ...localLinks(steps)];
  const named: QualifiedName | undefined = asked === undefined ? undefined : { schema: asked.schema, name: asked.name };
  return { here, mappings, object: named, crossings: crossingsOf(role, asked === undefined ? readable(steps) : steps) };
}

async function objectOf(session: Session, object: string): Promise<Found> {
  const split = splitName(object);
  const found = split.kind === 'name' ? await findObjects(session, split.schema, split.name) : [];
  const [first, ...others] = found;
  if (first !== undefined && others.length > 0) {
    throw new UserError('unknown-relation', `${object} may be one of several functions.`, { todo: `Write it with its arguments: ${found.map(({ schema, name }) => `'${schema}.${name}'`).join(', ')}.` });
  }
  if (first === undefined || !(first.isFunction || ['f', 'v', 'm', 'p', 'r'].includes(first.kind))) {
    throw new UserError('unknown-relation', `The database has no table, view or function ${object}.`, {
      why: split.kind === 'problem' ? split.message : undefined,
      todo: 'Write schema.name, case and all; a part with a dot in it as in SQL: "odd.schema".name.',
    });
  }
  return first;
}

/** Who may not log in comes by way of others, who connect. */
function databaseLinks(database: string, role: string, { login, mayConnect }: AccessRole): readonly AccessLink[] {
  if (mayConnect || !login) return [];
  return [{ kind: 'database', state: 'missing', depth: 0, message: `database ${database}: ${role} may not connect to it`, todo: { on: 'local', sql: `GRANT CONNECT ON DATABASE ${ident(database)} TO ${ident(role)}` } }];
}

function schemaLinks(role: string, { schema }: QualifiedName, { mayUse }: AccessRole): readonly AccessLink[] {
  if (mayUse) return [];
  return [{ kind: 'schema', state: 'missing', depth: 0, message: `schema ${schema}: ${role} may not use it`, todo: { on: 'local', sql: `GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(role)}` } }];
}

/** Of all ways those on which every relation may be read. */
function readable(steps: readonly AccessStep[]): readonly AccessStep[] {
  const open = new Set<string>();
  return steps.filter(({ key, who, depth, parent, parentWho, checked, may }) => {
    const ok = (!checked || may !== 'none') && (parent === null || open.has(`${parent} ${parentWho ?? ''} ${depth - 1}`));
    if (ok) open.add(`${key} ${who} ${depth}`);
    return ok;
  });
}

/** Each server once for each role whose mapping is used there. */
function crossingsOf(role: string, steps: readonly AccessStep[]): readonly Crossing[] {
  const tables = steps.filter((step) => step.kind === 'foreign table');
  return [...groupBy(tables, ({ server, who }) => JSON.stringify([server, who])).values()]
    .flatMap(([first, ...more]) => (first === undefined ? [] : [{
      server: first.server ?? '', wrapper: first.wrapper ?? '', as: first.who, superuser: first.whoIsSuperuser,
      title: first.who === role ? '' : ownerTitle(steps, first), tables: [first, ...more],
    }]))
    .sort((a, b) => compareNames(a.server, b.server) || compareNames(a.as, b.as));
}

/** What makes a role the one that reads a table: the view or function of its own that leads there. */
function ownerTitle(steps: readonly AccessStep[], { parent, depth }: AccessStep): string {
  const above = steps.find((step) => step.key === parent && step.depth === depth - 1);
  return above?.kind === 'function' || above?.kind === 'procedure' ? `${above.kind} owner ` : 'view owner ';
}
