import { groupBy } from '../base/group.ts';
import type { SourceSpan } from '../base/source.ts';
import { withCatalogPath } from '../catalog/catalog-path.ts';
import { readLocalTables } from '../catalog/local-tables.ts';
import type { DriftFinding, DriftReport, DriftServer, DriftUnknown } from '../model/drift.ts';
import { compareNames } from '../model/option.ts';
import type { Session } from '../postgres/session.ts';
import { closeRemotes } from '../remote/close-remotes.ts';
import type { Patiently } from '../remote/patiently.ts';
import { chooseReaders, type Reader } from '../remote/reader.ts';
import type { Spec } from '../spec/types.ts';
import { askRemote } from './ask-remote.ts';
import { atOneMoment } from './at-one-moment.ts';
import { chooseTables } from './choose-tables.ts';
import { compareTables } from './drift/compare-tables.ts';
import type { Done } from '../postgres/workers.ts';
import { snapshotJobs } from './snapshot-jobs.ts';
import { type About, type OptionalSpecRequest, withSessions } from './with-sessions.ts';

/** The spec is optional: it tells the database, and where its text names what is found. */
export interface DriftRequest extends OptionalSpecRequest {
  /** Only foreign tables of these servers; empty: of all. */
  readonly servers: readonly string[];
  /** Only foreign tables of these local schemas; empty: of all. */
  readonly schemas: readonly string[];
  /** How many servers are looked at at once, each over a connection of its own to the local database. */
  readonly jobs: number;
  /** `--sample`: so many rows of each table that promises something of them; undefined: none. */
  readonly sample?: number | undefined;
  /** Milliseconds that a server may take to answer for the first time. */
  readonly patience: number;
}

export interface DriftResult extends About {
  readonly report: DriftReport;
  readonly places: DriftPlaces;
}

/**
 * Compares every foreign table of the local database that is of postgres_fdw with what stands behind it. Server by server, each in a
 * transaction of its own that is rolled back, several at once; one that cannot be read is told as unknown, and delays no other's.
 *
 * @throws UserError `unknown-server`, `unknown-schema`; connection errors of the local database
 */
export async function remoteDrift(request: DriftRequest): Promise<DriftResult> {
  return withSessions(request, async ({ spec, session, pool }) => {
    const jobs = request.snapshot === undefined ? await foreignTableJobs(session, request) : await snapshotJobs(request.snapshot, request.servers);
    let begun = 0;
    const parts = await pool.each(jobs, request.jobs, async (own, job) => {
      request.progress(`comparing with the remote of server ${job.server} (${++begun} of ${jobs.length})`);
      const done = await compareServer(own, job, request);
      if (!done.stuck) await closeRemotes(own);
      return done;
    });
    const report = { snapshot: request.snapshot, servers: parts.map((part) => part.server), findings: parts.flatMap((part) => part.findings), unknown: parts.flatMap((part) => part.unknown) };
    return { report, places: placesIn(spec, request.snapshot !== undefined) };
  });
}

/** Where a spec names a table, or the schema that it is imported into; and where it names a server. */
export interface DriftPlaces {
  readonly table: (table: string) => SourceSpan | undefined;
  readonly server: (server: string) => SourceSpan | undefined;
}

/** A server to look at. */
export interface DriftJob {
  readonly server: string;
  /** How many tables there are to compare. */
  readonly tables: number;
  readonly compare: (session: Session, reader: Reader, how: Patiently) => Promise<OneServer>;
}

async function foreignTableJobs(session: Session, request: DriftRequest): Promise<readonly DriftJob[]> {
  request.progress('reading the foreign tables');
  const local = await atOneMoment(session, async () => withCatalogPath(session, async () => readLocalTables(session)));
  const byServer = [...groupBy(chooseTables(local.tables, request), ({ server }) => server)].sort(([a], [b]) => compareNames(a, b));
  const sampling = request.sample === undefined ? undefined : { rows: request.sample, limit: request.patience, signal: request.signal };
  return byServer.map(([server, tables]) => ({ server, tables: tables.length, compare: async (on, reader, how) => compareTables(on, reader, { ...local, tables }, how, sampling) }));
}

/** @param ofRemotes whether tables are those of the remotes: then the imported schema is the place */
function placesIn(spec: Spec | undefined, ofRemotes: boolean): DriftPlaces {
  const tables = new Map((ofRemotes ? [] : (spec?.tables ?? [])).map(({ name }) => [`${name.value.schema}.${name.value.name}`, name.at]));
  const schemas = new Map(spec?.schemas.map(({ name, remoteSchema }) => [ofRemotes ? remoteSchema.value : name.value, name.at]));
  const servers = new Map(spec?.servers.map(({ name }) => [name.value, name.at]));
  const schemaOf = (table: string): SourceSpan | undefined => [...schemas].find(([schema]) => table.startsWith(`${schema}.`))?.[1];
  return { table: (table) => tables.get(table) ?? schemaOf(table), server: (server) => servers.get(server) };
}

export interface OneServer {
  readonly server: DriftServer;
  readonly findings: readonly DriftFinding[];
  readonly unknown: readonly DriftUnknown[];
}

/** Compares one server in a transaction that is rolled back; what goes wrong there is told as unknown. */
export async function compareServer(session: Session, { server, tables, compare }: DriftJob, request: Pick<DriftRequest, 'patience' | 'signal'>): Promise<Done<OneServer>> {
  const asked = await askRemote(session, server, request, async (how) => {
    const [reader] = await chooseReaders(session, [{ server, candidates: await mappedRoles(session, server) }]);
    if (reader === undefined) throw new Error('there is a reader for each request');
    return compare(session, reader, how);
  });
  if (asked.kind === 'answered') return { result: asked.answer, stuck: false };
  const { id, message, why, todo } = asked.error;
  const unknown = { server, table: undefined, id, message: [message, why].filter(Boolean).join(' '), todo };
  return { result: { server: { name: server, tables, readAs: undefined, versionNum: undefined }, findings: [], unknown: [unknown] }, stuck: asked.stuck };
}

/** Who may read where the connected role has no user mapping. */
async function mappedRoles(session: Session, server: string): Promise<readonly string[]> {
  const rows = await session.query<{ role: string }>(
    'SELECT usename::text AS role FROM pg_catalog.pg_user_mappings WHERE srvname = $1 AND umuser <> 0 AND usename IS NOT NULL ORDER BY usename COLLATE "C"',
    [server],
  );
  return rows.map(({ role }) => role);
}
