import type { Reveal } from '../apply/run-statement.ts';
import { groupBy } from '../base/group.ts';
import { someOf } from '../base/some-of.ts';
import type { Problem } from '../base/spec-error.ts';
import { UserError } from '../base/user-error.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { compareNames } from '../model/option.ts';
import type { RemoteRelation } from '../model/remote-relation.ts';
import { type RemoteTypeUse, typesWithin, useKey } from '../model/remote-type.ts';
import { nameKey } from '../model/name.ts';
import type { Snapshot, SnapshotSchema, SnapshotServer } from '../model/snapshot.ts';
import type { Session } from '../postgres/session.ts';
import { localTypeNames } from '../remote/local-types.ts';
import { type FoundForSnapshot, readForSnapshot } from '../remote/read-snapshot.ts';
import { chooseReaders } from '../remote/reader.ts';
import type { SchemaRequest } from '../remote/request.ts';
import { loadSpec } from '../spec/load-spec.ts';
import type { Spec, SpecImportedSchema } from '../spec/types.ts';
import { qualified } from '../sql/quote.ts';
import { snapshotText, usesOf } from '../snapshot/text.ts';
import { atOneMoment } from './at-one-moment.ts';
import { withFoundation } from './desired/desired-state.ts';
import { mappedRoles, requestFor } from './desired/read-imports.ts';
import { openLocalDatabase } from './local-database.ts';
import { scopeOfSpec } from './scope.ts';
import { revealSecrets } from './secrets.ts';
import type { FlowRequest } from './types.ts';

export interface TakenSnapshot {
  /** The text of the file. */
  readonly text: string;
  readonly counts: { readonly servers: number; readonly schemas: number; readonly relations: number };
  readonly warnings: readonly Problem[];
}

/* Milliseconds that a remote may take to answer for the first time. */
const patience = 15_000;

/**
 * Reads what the spec imports from, through its servers, as a plan does: nothing need be applied yet. Changes nothing.
 * @throws SpecError, UserError `snapshot-empty`, `remote-…`; connection errors of the local database
 */
export async function takeSnapshot(request: FlowRequest): Promise<TakenSnapshot> {
  const { spec, warnings } = await loadSpec({ path: request.specPath, environment: request.environment, readStdin: request.readStdin, env: request.env });
  if (spec.schemas.length === 0) {
    throw new UserError('snapshot-empty', 'The spec imports no schema.', { why: 'A snapshot is of what stands behind imported schemas.', todo: 'Name some under `schemas`.' });
  }
  const reveal: Reveal = await revealSecrets(spec.secrets, request.env, request.signal);
  request.progress('connecting to the local database');
  const local = await openLocalDatabase({ flag: request.database, spec: spec.database?.value, env: request.env, signal: request.signal });
  const { session } = local;
  try {
    const actual = await atOneMoment(session, async () => readCatalog(session, scopeOfSpec(spec)));
    const snapshot = await withFoundation(session, spec, actual, reveal, request.exposeSecrets ?? false, async () => readServers(session, spec, request));
    const schemas = snapshot.servers.flatMap((server) => server.schemas);
    return {
      text: snapshotText(snapshot),
      counts: { servers: snapshot.servers.length, schemas: schemas.length, relations: schemas.reduce((sum, { remote }) => sum + remote.relations.length, 0) },
      warnings: [...warnings, ...local.warnings],
    };
  } finally {
    await session.close();
  }
}

async function readServers(session: Session, spec: Spec, { progress }: FlowRequest): Promise<Snapshot> {
  const byServer = [...groupBy(spec.schemas, ({ server }) => server.value)].sort(([a], [b]) => compareNames(a, b));
  const readers = await chooseReaders(session, byServer.map(([server]) => ({ server, candidates: mappedRoles(spec, server) })));
  const servers: SnapshotServer[] = [];
  for (const [index, [server, schemas]] of byServer.entries()) {
    const reader = readers[index];
    if (reader === undefined) throw new Error('there is a reader for each request');
    progress(`reading the remote of server ${server}`);
    const requests = requestsFor(schemas);
    const found = await readForSnapshot(session, reader, requests, { patience, connected: () => undefined });
    refuseMissing(server, found);
    servers.push(await serverOf(session, server, requests, found));
  }
  return { servers };
}

/** The snapshot would say that the remote is to have no such schema. */
function refuseMissing(server: string, { schemas }: FoundForSnapshot): void {
  const missing = schemas.filter(({ exists }) => !exists).map(({ name }) => name);
  if (missing.length > 0) throw new UserError('remote-schema-missing', `The remote of server ${server} has no schema ${someOf(missing.map((name) => `"${name}"`))}.`, { todo: 'Names are case-sensitive here, as PostgreSQL stores them. Correct `remote_schema` in the spec.' });
}

/** A remote schema that is imported twice is asked for each time, with the defaults if one of them wants these. */
function requestsFor(schemas: readonly SpecImportedSchema[]): readonly SchemaRequest[] {
  const defaults = new Set(schemas.filter((schema) => schema.import.default).map(({ remoteSchema }) => remoteSchema.value));
  return schemas.map((schema) => ({ ...requestFor(schema), defaults: defaults.has(schema.remoteSchema.value) }));
}

/** What was found, as a snapshot has it. The texts of types are those of the local database. */
export async function serverOf(session: Session, name: string, requests: readonly SchemaRequest[], { schemas, keys, versionNum, collation, extensions }: FoundForSnapshot): Promise<SnapshotServer> {
  const defaults = new Map(requests.map((request) => [request.name, request.defaults]));
  const merged = [...groupBy(schemas, (schema) => schema.name).values()].flatMap((same): readonly SnapshotSchema[] => {
    const [first] = same;
    if (first === undefined) return [];
    const relations = [...new Map(same.flatMap((each) => each.relations).map((relation): [string, RemoteRelation] => [relation.name, relation])).values()].sort((a, b) => compareNames(a.name, b.name));
    const types = new Map(same.flatMap((each) => each.types).map((type) => [nameKey(type), type]));
    const remote = { ...first, relations, types: typesWithin(relations.flatMap(({ columns }) => columns.map(({ type }) => type)), types) };
    const own = keys.get(first.name);
    const keysOf = relations.flatMap((relation) => {
      const found = own?.get(relation.name);
      return found === undefined ? [] : [[relation.name, found] as const];
    });
    return [{ remote, defaults: defaults.get(first.name) ?? false, keys: new Map(keysOf) }];
  });
  const sorted = merged.sort((a, b) => compareNames(a.remote.name, b.remote.name));
  return { name, versionNum, collation, extensions, schemas: sorted, typeTexts: await textsOf(session, usesOf(sorted.map(({ remote }) => remote))) };
}

/** Builtin types as PostgreSQL prints them; of others the name, which stands for whatever the remote has. */
async function textsOf(session: Session, uses: readonly RemoteTypeUse[]): Promise<ReadonlyMap<string, string>> {
  const names = await localTypeNames(session, uses.map((use) => use));
  return new Map(uses.map((use, index) => [useKey(use), (use.builtinOid === undefined ? undefined : names[index]?.canonical) ?? plain(use)]));
}

function plain(use: RemoteTypeUse): string {
  return `${qualified(use)}${use.typmod === -1 ? '' : `(${use.typmod})`}${use.array ? '[]' : ''}`;
}
