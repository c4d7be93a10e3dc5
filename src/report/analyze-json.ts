import type { AnalyzeResult } from '../flows/analyze.ts';
import type { AnalysisOutcome } from '../model/analysis.ts';
import { problemJson } from './error.ts';
import { formatVersion } from './format-version.ts';
import { databaseJson } from './plan-json.ts';

/** What `fdw analyze --json` prints; schema/analyze.schema.json describes it. */
export function analyzeJson({ database, analysis, warnings }: AnalyzeResult): object {
  const { dryRun, tables, parents } = analysis;
  const of = (kind: AnalysisOutcome['kind']): number => tables.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    format_version: formatVersion,
    database: databaseJson(database),
    dry_run: dryRun,
    tables: tables.map(({ schema, name, server, localRows, remoteRows, reason, cost, outcome }) => ({
      table: `${schema}.${name}`,
      server,
      rows_here: localRows ?? null,
      rows_there: remoteRows ?? null,
      reason,
      cost: cost === undefined ? null : { rows: cost.rows, bytes: cost.bytes ?? null, round_trips: cost.roundTrips, whole_table: cost.whole },
      outcome: outcome.kind,
      rows_after: outcome.kind === 'done' ? outcome.rows : null,
      seconds: outcome.kind === 'done' ? outcome.seconds : null,
      message: 'message' in outcome ? outcome.message : null,
      todo: 'todo' in outcome ? (outcome.todo ?? null) : null,
    })),
    partitioned_parents: parents.map(({ schema, name }) => `${schema}.${name}`),
    summary: { due: of('due'), done: of('done'), kept: of('kept'), barred: of('barred'), failed: of('failed') },
    warnings: warnings.map(problemJson),
  };
}
