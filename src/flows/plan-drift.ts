import { groupBy } from '../base/group.ts';
import { someInLine } from '../base/some-of.ts';
import { UserError } from '../base/user-error.ts';
import { withCatalogPath } from '../catalog/catalog-path.ts';
import { readLocalTables } from '../catalog/local-tables.ts';
import { driftClasses, type DriftFinding } from '../model/drift.ts';
import type { LocalTable, LocalTables } from '../model/local-table.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import { compareNames } from '../model/option.ts';
import { addressOf } from '../plan/address.ts';
import type { Notice, Plan } from '../plan/types.ts';
import type { Spec } from '../spec/types.ts';
import { atOneMoment } from './at-one-moment.ts';
import { compareServer } from './drift.ts';
import { compareTables } from './drift/compare-tables.ts';
import type { LocalDatabase } from './local-database.ts';
import { sessionPool } from './session-pool.ts';
import type { FlowRequest } from './types.ts';

/* Nobody waits long for what is only worth knowing. Milliseconds. */
const patience = 5000;
const jobs = 4;

/**
 * Where foreign tables that the spec spells out, and that the plan leaves as they are, differ from what stands behind them. A new column is no news:
 * whoever spells a table out chooses its columns. A remote that cannot be read says nothing: nothing in the plan depends on it. A fixed number of queries for each server,
 * over connections of their own, as one of before 16 may have to be left behind.
 * @param spelled see `spelledOut`
 */
export async function driftNotices({ reconnect }: Pick<LocalDatabase, 'reconnect'>, spelled: readonly QualifiedName[], { progress, signal }: Pick<FlowRequest, 'progress' | 'signal'>): Promise<readonly Notice[]> {
  const wanted = new Set(spelled.map(nameKey));
  if (wanted.size === 0) return [];
  try {
    const pool = sessionPool({ session: await reconnect(signal), reconnect }, signal);
    try {
      const [local] = await pool.each([wanted], 1, async (session) => ({ result: await atOneMoment(session, async () => withCatalogPath(session, async () => readLocalTables(session))), stuck: false }));
      const tables = (local?.tables ?? []).filter((table) => wanted.has(nameKey(table)));
      const servers = [...groupBy(tables, ({ server }) => server)].sort(([a], [b]) => compareNames(a, b));
      if (servers.length > 0) progress('comparing tables that the spec spells out with what stands behind them');
      const parts = await pool.each(servers, jobs, async (session, [server, own]) => compareServer(session, { server, tables: own.length, compare: async (on, reader, how) => compareTables(on, reader, of(local, own), how, undefined) }, { patience, signal }));
      return parts.flatMap(({ server, findings }) => noticeOf(server.name, server.tables, findings));
    } finally {
      await pool.close();
    }
  } catch (error) {
    // The database may give no further connection; the plan is made.
    if (!(error instanceof UserError) || signal.aborted) throw error;
    return [];
  }
}

function of(local: LocalTables | undefined, tables: readonly LocalTable[]): LocalTables {
  if (local === undefined) throw new Error('the tables were read');
  return { ...local, tables };
}

/** The foreign tables with columns of the spec's own that stand in the database as the spec wants them, on servers that do too. */
export function spelledOut({ changes, desired }: Plan, spec: Spec): readonly QualifiedName[] {
  const named = new Set(spec.tables.map(({ name }) => nameKey(name.value)));
  const changed = new Set(changes.map(({ address }) => address));
  const moved = new Set(changes.filter(({ kind }) => kind === 'server' || kind === 'user-mapping').map(({ server }) => server));
  return desired.foreignTables.filter((table) => (named.has(nameKey(table)) || table.partitionOf !== undefined) && !changed.has(addressOf(table)) && !moved.has(table.server));
}

function noticeOf(server: string, tables: number, findings: readonly DriftFinding[]): readonly Notice[] {
  const told = findings.filter(({ class: word, tables: about }) => word !== 'invisible' && about.length > 0);
  const names = [...new Set(told.flatMap((finding) => finding.tables.map(({ schema, name }) => `${schema}.${name}`)))].sort(compareNames);
  if (names.length === 0) return [];
  const counts = driftClasses.flatMap((word) => {
    const count = told.filter((finding) => finding.class === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const [are, they] = names.length === 1 ? ['differs', 'it'] : ['differ', 'them'];
  return [{ address: `server ${server}`, message: `${names.length} of ${tables} foreign tables that the spec spells out ${are} from what stands behind ${they} (${counts.join(', ')}): ${someInLine(names)}; \`fdw drift\` says how` }];
}
