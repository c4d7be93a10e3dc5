import { groupBy } from '../base/group.ts';
import type { Problem } from '../base/spec-error.ts';
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
import type { Spec } from '../spec/types.ts';
import { serverVitals } from './doctor/server-vitals.ts';
import { type LocalDatabase, openLocalDatabase } from './local-database.ts';
import { optionalSpec } from './optional-spec.ts';
import { inSnapshot } from './snapshot.ts';
import type { FlowRequest } from './types.ts';

/** The spec is optional: it tells the database, and what is expected of servers. */
export interface DoctorRequest extends Omit<FlowRequest, 'specPath'> {
  readonly specPath: string | undefined;
  /** Only these servers; empty: all. */
  readonly servers: readonly string[];
  /** How many servers are looked at at once, each over a connection of its own to the local database. */
  readonly jobs: number;
  /** Milliseconds that a remote may take to answer for the first time. */
  readonly patience: number;
}

export interface DoctorResult {
  readonly servers: readonly ServerHealth[];
  readonly warnings: readonly Problem[];
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
  const loaded = await optionalSpec(request);
  request.progress('connecting to the local database');
  const local = await openLocalDatabase({ flag: request.database, spec: loaded?.spec.database?.value, env: request.env, signal: request.signal });
  const { session, warnings } = local;
  try {
    const { here, patients } = await inSnapshot(session, async () => ({ here: await readLocalCluster(session), patients: await patientsOf(session) }));
    const chosen = choose(patients, request.servers);
    const servers = await examineAll(local, chosen, here, loaded?.spec, request);
    return { servers, warnings: [...(loaded?.warnings ?? []), ...warnings] };
  } finally {
    await session.close();
  }
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

/** Several at once, each on a connection of its own; the first takes the one that is open already. */
async function examineAll(local: LocalDatabase, patients: readonly Patient[], here: LocalCluster, spec: Spec | undefined, request: DoctorRequest): Promise<readonly ServerHealth[]> {
  const found = new Map<string, ServerHealth>();
  const waiting = [...patients];
  const work = async (open: () => Promise<Session>): Promise<void> => {
    let session: Session | undefined;
    try {
      for (let patient = waiting.shift(); patient !== undefined; patient = waiting.shift()) {
        session ??= await open();
        request.progress(`looking at server ${patient.name} (${found.size + 1} of ${patients.length})`);
        const { vitals, stuck } = await serverVitals(session, patient, request);
        const expected = spec?.servers.find(({ name }) => name.value === vitals.server)?.expect;
        found.set(patient.name, assess(vitals, here, expected, new Date()));
        if (stuck) {
          await session.close();
          session = undefined;
        }
      }
    } finally {
      await session?.close();
    }
  };
  let first: Session | undefined = local.session;
  const opened = async (): Promise<Session> => {
    const session = first ?? (await local.reconnect(request.signal));
    first = undefined;
    return session;
  };
  await Promise.all(Array.from({ length: Math.min(request.jobs, patients.length) }, () => work(opened)));
  return patients.flatMap(({ name }) => found.get(name) ?? []);
}
