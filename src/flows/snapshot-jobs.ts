import { UserError } from '../base/user-error.ts';
import { sinceSnapshot } from '../drift/since/since-snapshot.ts';
import type { SnapshotSchema, SnapshotServer } from '../model/snapshot.ts';
import type { Session } from '../postgres/session.ts';
import type { Patiently } from '../remote/patiently.ts';
import { readForSnapshot } from '../remote/read-snapshot.ts';
import type { Reader } from '../remote/reader.ts';
import type { SchemaRequest } from '../remote/request.ts';
import type { DriftJob, OneServer } from './drift.ts';
import { openSnapshot } from './open-snapshot.ts';
import { serverOf } from './take-snapshot.ts';

/**
 * The servers of a snapshot, to be compared with what stands behind them now.
 * @throws UserError `unknown-server`, `cannot-read`, `snapshot-invalid`
 */
export async function snapshotJobs(file: string, names: readonly string[]): Promise<readonly DriftJob[]> {
  const { snapshot: { servers } } = await openSnapshot(file);
  const unknown = names.find((name) => !servers.some((server) => server.name === name));
  if (unknown !== undefined) throw new UserError('unknown-server', `${file} has no server "${unknown}".`, { todo: `It has ${servers.map(({ name }) => name).join(', ')}.` });
  return servers
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map((server) => ({ server: server.name, tables: relationsIn(server), compare: async (session, reader, how) => compare(session, reader, server, how) }));
}

function relationsIn({ schemas }: SnapshotServer): number {
  return schemas.reduce((sum, { remote }) => sum + remote.relations.length, 0);
}

async function compare(session: Session, reader: Reader, before: SnapshotServer, how: Patiently): Promise<OneServer> {
  const requests = before.schemas.flatMap(knownAndNew);
  const found = await readForSnapshot(session, reader, requests, how);
  const now = await serverOf(session, before.name, requests, found);
  return {
    server: { name: before.name, tables: relationsIn(before), readAs: { local: reader.reader, remote: found.role }, versionNum: found.versionNum },
    findings: sinceSnapshot(before, now, found.elsewhere),
    unknown: [],
  };
}

/** What the snapshot has of a schema, and what it has not even the name of: something that is gone may be among that. */
function knownAndNew({ remote: { name, names, relations }, defaults }: SnapshotSchema): readonly SchemaRequest[] {
  return [
    { name, selection: { kind: 'except', names }, defaults: false },
    { name, selection: { kind: 'listed', names: relations.map((relation) => relation.name) }, defaults },
  ];
}
