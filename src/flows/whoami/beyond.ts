import type { UserError } from '../../base/user-error.ts';
import type { AccessStep } from '../../catalog/access-steps.ts';
import type { AccessLink, AccessServer } from '../../model/access.ts';
import { nameKey, type QualifiedName } from '../../model/name.ts';
import type { UserMapping } from '../../model/objects.ts';
import type { Standing } from '../../model/standing.ts';
import type { Session } from '../../postgres/session.ts';
import type { Wanted } from '../../remote/privileges.ts';
import { readStanding } from '../../remote/read-standing.ts';
import { chooseReaders } from '../../remote/reader.ts';
import { ident, qualified } from '../../sql/quote.ts';
import { askRemote } from '../ask-remote.ts';

/** A server as it is reached by one local role, with the foreign tables that are read there. */
export interface Crossing {
  readonly server: string;
  readonly wrapper: string;
  readonly as: string;
  readonly superuser: boolean;
  /** How the role comes to be the one: `view owner`, or nothing. */
  readonly title: string;
  readonly tables: readonly AccessStep[];
}

interface Beyond extends AccessServer {
  /** Whether the connection waits for the remote, and cannot be used any more. */
  readonly stuck: boolean;
}

/** Follows a role through its user mapping to the remote, and asks there what it may read. */
export async function goBeyond(session: Session, crossing: Crossing, mappings: readonly UserMapping[], request: { readonly patience: number; readonly signal: AbortSignal }): Promise<Beyond> {
  const { server, as, wrapper } = crossing;
  const end = (links: readonly AccessLink[], more: Partial<Beyond> = {}): Beyond => ({ server, as, remoteRole: undefined, stuck: false, ...more, links });
  if (wrapper !== 'postgres_fdw') return end([link('login', 'unknown', `what stands behind a server of ${wrapper} cannot be looked at: fdw knows postgres_fdw`)]);
  const mapping = mappingOf(mappings, crossing);
  const first = [mappingLink(mapping, crossing, mappings), ...passwordLinks(mapping, crossing)];
  if (first.some(({ state }) => state === 'missing')) return end(first);
  const asked = await askRemote(session, server, request, async (how) => {
    const [reader] = await chooseReaders(session, [{ server, role: as }]);
    if (reader === undefined) throw new Error('there is a reader for each request');
    return readStanding(session, reader, { relations: wanted(crossing), ...how });
  });
  if (asked.kind === 'failed') return end([...first, failedLogin(asked.error)], { stuck: asked.stuck });
  const login = link('login', 'ok', `${as} logs in as ${asked.answer.role} there`);
  return end([...first, login, ...remoteLinks(crossing, asked.answer)], { remoteRole: asked.answer.role });
}

function link(kind: AccessLink['kind'], state: AccessLink['state'], message: string, todo?: AccessLink['todo']): AccessLink {
  return { kind, state, message, todo, depth: 0 };
}

/** By the exact role, else PUBLIC's; membership does not count (GetUserMapping, src/backend/foreign/foreign.c, 14 to 18). */
function mappingOf(mappings: readonly UserMapping[], { server, as }: Crossing): UserMapping | undefined {
  const ofServer = mappings.filter((mapping) => mapping.server === server);
  return ofServer.find(({ role }) => role.kind === 'role' && role.name === as) ?? ofServer.find(({ role }) => role.kind === 'public');
}

function mappingLink(mapping: UserMapping | undefined, { server, as, title }: Crossing, mappings: readonly UserMapping[]): AccessLink {
  if (mapping === undefined) {
    const others = mappings.filter((other) => other.server === server).flatMap(({ role }) => (role.kind === 'role' ? [role.name] : []));
    const why = others.length === 0 ? '' : ` (there are some for ${others.slice(0, 5).join(', ')}; membership does not count)`;
    return link('mapping', 'missing', `${title}${as} has no mapping on ${server}${why}`, { on: 'local', sql: `CREATE USER MAPPING FOR ${ident(as)} SERVER ${ident(server)} OPTIONS (user '…', password '…')` });
  }
  return link('mapping', 'ok', mapping.role.kind === 'public' ? `${title}${as} has no user mapping of its own on ${server}: that of PUBLIC serves` : `${title}${as} has a user mapping on ${server}`);
}

/** Who is no superuser needs a password in the mapping, unless a superuser waived it (postgresql.org/docs/18/postgres-fdw.html, "Connection Options"). */
function passwordLinks(mapping: UserMapping | undefined, { server, as, superuser }: Crossing): readonly AccessLink[] {
  if (mapping === undefined || superuser) return [];
  const { options, role } = mapping;
  if (options === 'unknown') return [link('password', 'unknown', 'whether the user mapping has a password is hidden from the connected role')];
  const text = (name: string): string | undefined => options.flatMap((option) => (option.name === name && option.value.kind === 'text' ? [option.value.text.toLowerCase()] : []))[0];
  if (options.some(({ name }) => name === 'password')) return [];
  if (text('password_required') === 'false') return [link('password', 'ok', `no password, and password_required is false: ${as} may do without`)];
  if (options.some(({ name }) => name === 'use_scram_passthrough')) return [link('password', 'unknown', 'no password: use_scram_passthrough hands on that of the session, if it logged in with SCRAM')];
  const to = role.kind === 'public' ? 'PUBLIC' : ident(role.name);
  return [link('password', 'missing', `${as} is no superuser, and the user mapping has no password`, { on: 'local', sql: `ALTER USER MAPPING FOR ${to} SERVER ${ident(server)} OPTIONS (ADD password '…')` })];
}

const silent: ReadonlySet<string> = new Set(['remote-unreachable', 'remote-timeout', 'remote-connection-lost']);
const refused: ReadonlySet<string> = new Set(['remote-login-failed', 'remote-password-required']);

function failedLogin({ id, message, why, todo }: UserError): AccessLink {
  const text = [message, why].filter((part) => part !== undefined).join(' ');
  const words = todo === undefined ? undefined : { words: todo };
  if (refused.has(id)) return link('login', 'missing', text, words);
  return link('login', 'unknown', silent.has(id) ? text : `not tried: ${text}`, words);
}

/** Each relation once, with the columns that any of the foreign tables names. */
function wanted({ tables }: Crossing): readonly Wanted[] {
  const found = new Map<string, Wanted>();
  for (const table of tables) {
    const name = behind(table);
    const columns = [...(found.get(nameKey(name))?.columns ?? []), ...(table.columns ?? [])];
    found.set(nameKey(name), { ...name, columns: [...new Set(columns)] });
  }
  return [...found.values()];
}

function behind({ remoteSchema, remoteName }: AccessStep): QualifiedName {
  return { schema: remoteSchema ?? '', name: remoteName ?? '' };
}

function remoteLinks(crossing: Crossing, remote: Standing): readonly AccessLink[] {
  const unsure = new Set(remote.maybeDenied.map(nameKey));
  return wanted(crossing).map((relation) => {
    const name = `${relation.schema}.${relation.name}`;
    const refusal = remote.denied.get(nameKey(relation));
    if (!remote.relations.has(nameKey(relation))) return link('remote', 'missing', `the remote has no ${name}`, { words: 'fdw drift says more.' });
    if (refusal !== undefined) return link('remote', 'missing', `${remote.role} may not read ${name} there: ${refusal}`, { on: 'remote', sql: grant(relation, remote.role, refusal) });
    if (unsure.has(nameKey(relation))) return link('remote', 'unknown', `whether ${remote.role} may read ${name} there was not asked: too many relations are not granted as a whole`);
    return link('remote', 'ok', `${remote.role} may read ${name} there`);
  });
}

/** The remote refuses in its own language, but it names what it refuses: the schema, or the relation. */
function grant(relation: QualifiedName, role: string, refusal: string): string {
  const { schema, name } = relation;
  const ofRelation = refusal.includes(name) && (!refusal.includes(schema) || name.length > schema.length || (name.length === schema.length && !refusal.includes('schema')));
  const ofSchema = refusal.includes(schema) && !ofRelation;
  return ofSchema ? `GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(role)}` : `GRANT SELECT ON ${qualified(relation)} TO ${ident(role)}`;
}
