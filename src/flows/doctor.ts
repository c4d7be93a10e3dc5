import { groupBy } from '../base/group.ts';
import type { SourceSpan } from '../base/source.ts';
import { UserError } from '../base/user-error.ts';
import { readLocalCluster } from '../catalog/local-cluster.ts';
import { readServerReaders } from '../catalog/server-readers.ts';
import { readServerUsage, type UsedServer } from '../catalog/server-usage.ts';
import { readUserMappings } from '../catalog/user-mappings.ts';
import { assess } from '../health/assess.ts';
import type { ServerHealth } from '../model/health.ts';
import type { MappingRole } from '../model/role.ts';
import type { LocalCluster, ServerReader } from '../model/vitals.ts';
import type { Session } from '../postgres/session.ts';
import { atOneMoment } from './at-one-moment.ts';
import { serverVitals } from './doctor/server-vitals.ts';
import { type About, type OptionalSpecRequest, withSessions } from './with-sessions.ts';

/** The spec is optional: it tells the database, and what is expected of servers. */
export interface DoctorRequest extends OptionalSpecRequest {
  /** Only these servers; empty: all. */
  readonly servers: readonly string[];
  /** How many servers are looked at at once, each over a connection of its own to the local database. */
  readonly jobs: number;
  /** Milliseconds that a remote may take to answer for the first time. */
  readonly patience: number;
}

export interface DoctorResult extends About {
  /** Where the spec names a server. */
  readonly place: (server: string) => SourceSpan | undefined;
  readonly here: LocalCluster;
  readonly servers: readonly ServerHealth[];
}

/** A foreign server with the roles that have a user mapping on it. */
export interface Patient extends UsedServer {
  readonly roles: readonly MappingRole[];
  readonly readers: readonly ServerReader[];
}

/**
 * Looks at how each server is, as the database sees it. Changes nothing. A server that does not answer delays its own lines only.
 * @throws UserError `unknown-server`; SpecError; connection errors of the local database
 */
export async function examine(request: DoctorRequest): Promise<DoctorResult> {
  return withSessions(request, async ({ spec, session, pool }) => {
    const { here, patients } = await atOneMoment(session, async () => ({ here: await readLocalCluster(session), patients: await patientsOf(session) }));
    const chosen = choose(patients, request.servers);
    let begun = 0;
    const servers = await pool.each(chosen, request.jobs, async (own, patient) => {
      request.progress(`looking at server ${patient.name} (${++begun} of ${chosen.length})`);
      const { vitals, stuck } = await serverVitals(own, patient, request);
      const expected = spec?.servers.find(({ name }) => name.value === vitals.server)?.expect;
      return { result: assess(vitals, here, expected, new Date()), stuck };
    });
    return { here, servers, place: (server) => spec?.servers.find(({ name }) => name.value === server)?.name.at };
  });
}

async function patientsOf(session: Session): Promise<readonly Patient[]> {
  const mappings = await readUserMappings(session);
  const readers = groupBy(await readServerReaders(session), ({ server }) => server);
  return (await readServerUsage(session)).map((server) => ({
    ...server,
    roles: mappings.filter((mapping) => mapping.server === server.name).map(({ role }) => role),
    readers: readers.get(server.name) ?? [],
  }));
}

function choose(patients: readonly Patient[], names: readonly string[]): readonly Patient[] {
  const unknown = names.find((name) => !patients.some((patient) => patient.name === name));
  if (unknown !== undefined) {
    throw new UserError('unknown-server', `The database has no server "${unknown}".`, {
      todo: patients.length === 0 ? 'It has no foreign servers at all.' : `It has ${patients.map(({ name }) => name).join(', ')}.`,
    });
  }
  return names.length === 0 ? patients : patients.filter(({ name }) => names.includes(name));
}
