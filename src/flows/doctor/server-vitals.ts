import { UserError } from '../../base/user-error.ts';
import { tablesBehind } from '../../catalog/tables-behind.ts';
import type { MappingRole } from '../../model/role.ts';
import { seemsPooled } from '../../health/pooler.ts';
import { isLogin, type Login, type LoginFailure, type MappingVitals, type RemoteCluster, type ServerVitals } from '../../model/vitals.ts';
import type { Session } from '../../postgres/session.ts';
import { closeRemotes } from '../../remote/close-remotes.ts';
import { chooseReaders, type Reader } from '../../remote/reader.ts';
import { lendsBackend } from '../../remote/vitals/lending.ts';
import { readVitals } from '../../remote/vitals/read-vitals.ts';
import type { RawLogin } from '../../remote/vitals/login.ts';
import type { DoctorRequest, Patient } from '../doctor.ts';
import { askRemote } from '../ask-remote.ts';
import { mentionsSession } from './session-dependent.ts';

export interface Examined {
  readonly vitals: ServerVitals;
  /** Whether the connection waits for the remote, and cannot be used any more. */
  readonly stuck: boolean;
}

/** Logs in with each user mapping of a server, one after the other, and reads the remote's cluster with the first that works. */
export async function serverVitals(session: Session, patient: Patient, request: Pick<DoctorRequest, 'patience' | 'signal'>): Promise<Examined> {
  const { name, wrapper, usage, roles, readers } = patient;
  const mappings: MappingVitals[] = [];
  let cluster: RemoteCluster | undefined;
  let stuck = false;
  for (const role of roles) {
    if (!patient.isPostgresFdw || stuck) {
      mappings.push({ role, login: stuck ? silentBefore : otherWrapper(wrapper) });
      continue;
    }
    const seen = await logIn(session, name, role, cluster === undefined, request);
    ({ stuck } = seen);
    cluster ??= seen.cluster;
    mappings.push({ role, login: await withLending(session, seen, usage.options) });
  }
  if (!stuck) await closeRemotes(session);
  return { vitals: { server: name, wrapper, cluster, mappings, usage, readers }, stuck };
}

const silentBefore: LoginFailure = { kind: 'untried', message: 'not tried: the remote did not answer before', todo: undefined };

function otherWrapper(wrapper: string): LoginFailure {
  return { kind: 'untried', message: `what stands behind a server of ${wrapper} cannot be looked at: fdw knows postgres_fdw`, todo: undefined };
}

interface Seen {
  readonly login: Login | LoginFailure;
  readonly cluster: RemoteCluster | undefined;
  readonly stuck: boolean;
  /** Who logged in, and to which backend. */
  readonly through?: { readonly reader: Reader; readonly pid: number };
}

async function withLending(session: Session, { login, through }: Seen, options: Readonly<Record<string, string>>): Promise<Login | LoginFailure> {
  if (!isLogin(login) || through === undefined || !seemsPooled(login, options)) return login;
  return { ...login, lent: await lendsBackend(session, through.reader, through.pid) };
}

async function logIn(session: Session, server: string, role: MappingRole, cluster: boolean, request: Pick<DoctorRequest, 'patience' | 'signal'>): Promise<Seen> {
  const asked = await askRemote(session, server, request, async (how): Promise<Omit<Seen, 'stuck'>> => {
    const reader = await readerOf(session, server, role);
    if ('kind' in reader) return { login: reader, cluster: undefined };
    const vitals = await readVitals(session, reader, { cluster, ...how });
    return { login: await withRowSecurity(session, server, vitals.login), cluster: vitals.cluster, through: { reader, pid: vitals.login.pid } };
  });
  return asked.kind === 'answered' ? { ...asked.answer, stuck: false } : { login: failure(asked.error), cluster: undefined, stuck: asked.stuck };
}

function failure({ id, message, why, todo }: UserError): LoginFailure {
  return { kind: silent.has(id) ? 'unreachable' : 'refused', message: [message, why].filter((text) => text !== undefined).join(' '), todo };
}

const silent: ReadonlySet<string> = new Set(['remote-unreachable', 'remote-timeout', 'remote-connection-lost']);

/** PUBLIC's mapping can only be tried by a role that has none of its own; anyone's by who may become it. */
async function readerOf(session: Session, server: string, role: MappingRole): Promise<Reader | LoginFailure> {
  if (role.kind === 'public') {
    const own = await session.query('SELECT FROM pg_catalog.pg_user_mappings WHERE srvname = $1 AND usename = current_user AND umuser <> 0', [server]);
    if (own.length > 0) return { kind: 'untried', message: 'not tried: the connected role has a user mapping of its own', todo: 'Connect as a role without one to try that of PUBLIC.' };
  }
  try {
    const [reader] = await chooseReaders(session, [{ server, role: role.kind === 'role' ? role.name : undefined }]);
    if (reader === undefined) throw new Error('there is a reader for each request');
    return reader;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'untried', message: `not tried: ${[error.message, error.why].filter((text) => text !== undefined).join(' ')}`, todo: error.todo };
  }
}

/** Of the tables with row security, those that foreign tables stand for. */
async function withRowSecurity(session: Session, server: string, { secured, pid: _pid, collation: _collation, databaseConnectionLimit: _limit, ...raw }: RawLogin): Promise<Login> {
  const login = { ...raw, lent: undefined };
  if (secured.length === 0) return { ...login, rowSecurity: [] };
  const behind = new Set(await tablesBehind(session, server));
  const relevant = secured.filter(({ schema, name }) => behind.has(`${schema}.${name}`));
  const rowSecurity = await Promise.all(
    relevant.map(async ({ schema, name, conditions }) => ({ table: `${schema}.${name}`, sessionPolicies: await mentionsSession(conditions) })),
  );
  return { ...login, rowSecurity };
}
