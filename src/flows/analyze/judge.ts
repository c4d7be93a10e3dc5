import type { AnalyzableTable } from '../../catalog/analyzable-tables.ts';
import type { AnalysisCost, AnalysisReason, TableAnalysis } from '../../model/analysis.ts';
import type { RemoteSize } from '../../remote/sizes.ts';
import { ident, qualified } from '../../sql/quote.ts';

/** What is needed to tell whether a table's statistics are to be gathered. */
export interface Judging {
  /** `server_version_num` here. */
  readonly versionNum: number;
  /** The connected role. */
  readonly user: string;
  /** By how much of the local count the remote's may differ: 0.2. */
  readonly stale: number;
  /** Whether fresh tables are analysed too. */
  readonly all: boolean;
}

/** Whether a table is due, why, what it costs, and what stands in the way. */
export function judge(table: AnalyzableTable, size: RemoteSize | undefined, unread: { readonly message: string; readonly todo: string | undefined; readonly final: boolean } | undefined, how: Judging): TableAnalysis {
  const { schema, name, server } = table;
  const localRows = table.rows < 0 ? undefined : table.rows;
  const remoteRows = size === undefined || size.rows < 0 ? undefined : size.rows;
  const reason = reasonOf(localRows, remoteRows, how);
  const cost = costOf(table, size, how.versionNum);
  const base = { schema, name, server, localRows, remoteRows, reason, cost };
  if (unread?.final === true) return { ...base, outcome: { kind: 'barred', ...unread } };
  if (reason === 'fresh' || reason === 'unknown') return { ...base, outcome: { kind: 'kept' } };
  const bar = barOf(table, how);
  return { ...base, outcome: bar === undefined ? { kind: 'due' } : { kind: 'barred', ...bar } };
}

function reasonOf(localRows: number | undefined, remoteRows: number | undefined, { stale, all }: Judging): AnalysisReason {
  if (localRows === undefined) return 'never';
  if (remoteRows !== undefined && Math.abs(remoteRows - localRows) > stale * localRows) return 'stale';
  if (all) return 'asked';
  return remoteRows === undefined ? 'unknown' : 'fresh';
}

/**
 * ANALYZE takes 300 rows for each step of the statistics target. Before 16 all rows are fetched to choose them from; from 16 on the remote samples,
 * unless analyze_sampling is off, its own row count is unknown, or it has no more rows than that
 * (std_typanalyze, src/backend/commands/analyze.c; postgresAcquireSampleRowsFunc, contrib/postgres_fdw/postgres_fdw.c, 14 to 18).
 */
function costOf({ target, fetchSize, sampling }: AnalyzableTable, size: RemoteSize | undefined, versionNum: number): AnalysisCost | undefined {
  if (size === undefined || size.rows < 0) return undefined;
  const wanted = 300 * target;
  const whole = versionNum < 160000 || sampling === 'off' || size.rows <= wanted;
  const rows = whole ? size.rows : wanted;
  const bytes = size.pages <= 0 || size.rows <= 0 ? undefined : Math.round((rows * size.pages * 8192) / size.rows);
  return { rows, bytes, roundTrips: Math.floor(rows / fetchSize) + 1, whole };
}

function barOf(table: AnalyzableTable, { versionNum, user }: Judging): { readonly message: string; readonly todo: string } | undefined {
  if (!table.mayAnalyze) {
    const todo = versionNum >= 170000 ? `GRANT MAINTAIN ON ${qualified(table)} TO ${ident(user)}` : `GRANT ${ident(table.owner)} TO ${ident(user)}`;
    return { message: `${user} may not ANALYZE it: it belongs to ${table.owner}`, todo };
  }
  if (!table.ownerHasMapping) {
    return { message: `ANALYZE logs in as the table's owner, ${table.owner}, who has no user mapping on ${table.server}`, todo: `CREATE USER MAPPING FOR ${ident(table.owner)} SERVER ${ident(table.server)} OPTIONS (user '…', password '…')` };
  }
  return undefined;
}
