import { groupBy } from '../../base/group.ts';
import { knownCollations } from '../../catalog/known-collations.ts';
import { withoutSuperseded } from '../../drift/broken-promises.ts';
import { counterparts, remoteCollations, remoteUses } from '../../drift/context.ts';
import { compareFindings, findDrift } from '../../drift/find-drift.ts';
import type { LocalTable, LocalTables } from '../../model/local-table.ts';
import { nameKey } from '../../model/name.ts';
import { useKey } from '../../model/remote-type.ts';
import type { Session } from '../../postgres/session.ts';
import { localTypeNames } from '../../remote/local-types.ts';
import type { Patiently } from '../../remote/patiently.ts';
import { readStanding } from '../../remote/read-standing.ts';
import type { Reader } from '../../remote/reader.ts';
import type { Wanted } from '../../remote/privileges.ts';
import type { OneServer } from '../drift.ts';
import { sampleTables, type Sampling } from './sample-tables.ts';

/**
 * Compares foreign tables of one server with what stands behind them.
 * @param session in a read-write transaction that the caller has opened
 * @param local with the tables of that server
 * @param sampling undefined: no rows are looked at
 */
export async function compareTables(session: Session, reader: Reader, local: LocalTables, how: Patiently, sampling: Sampling | undefined): Promise<OneServer> {
  const { server } = reader;
  const remote = await readStanding(session, reader, { relations: wantedOf(local.tables), ...how });
  const uses = remoteUses(remote);
  const known = counterparts(local.tables, remote);
  const names = await localTypeNames(session, uses.map((use) => (use.builtinOid === undefined ? { ...use, ...known.get(nameKey(use)) } : use)));
  const texts = new Map(uses.map((use, index) => [useKey(use), names[index]?.canonical]));
  const collations = await knownCollations(session, remoteCollations(remote));
  const findings = findDrift({ server, local, remote, typeText: (use) => texts.get(useKey(use)), collations });
  const unknown = remote.maybeDenied.flatMap((name) => tablesOf(local, nameKey(name)).map((table) => ({
    server, table, id: 'privilege-unknown', message: `whether role ${remote.role} of the remote may read it was not asked: too many relations are not granted as a whole`, todo: undefined,
  })));
  const about = { name: server, tables: local.tables.length, readAs: { local: reader.reader, remote: remote.role }, versionNum: remote.versionNum };
  if (sampling === undefined) return { server: about, findings, unknown };
  const seen = await sampleTables(session, reader, local.tables, remote, findings, sampling);
  return {
    server: { ...about, sampled: { tables: seen.tables, rows: seen.rows } },
    findings: [...withoutSuperseded(findings, seen.findings), ...seen.findings].sort(compareFindings),
    unknown: [...unknown, ...seen.unknown],
  };
}

function tablesOf({ tables }: LocalTables, remote: string): readonly LocalTable[] {
  return tables.filter((table) => nameKey(table.remote) === remote);
}

/** Each relation once, with the columns that any foreign table names. */
function wantedOf(tables: readonly LocalTable[]): readonly Wanted[] {
  return [...groupBy(tables, ({ remote }) => nameKey(remote)).values()].flatMap((same) => {
    const [first] = same;
    const columns = [...new Set(same.flatMap((table) => table.columns.map(({ remoteName }) => remoteName)))];
    return first === undefined ? [] : [{ ...first.remote, columns }];
  });
}
