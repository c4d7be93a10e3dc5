import type { CheckResult } from '../flows/types.ts';
import type { Analyzed, Clause, ClausePlace, PlanVerdict, QueryVerdict, Reason, Remedy, Scan, Wire } from '../pushdown/types.ts';
import { problemJson } from './error.ts';
import { formatVersion } from './format-version.ts';
import { jsonPieces, LazyList } from './pieces.ts';
import type { Pieces } from './pieces.ts';
import { baselineJson } from './pushdown-baseline.ts';
import { adviceOf } from './pushdown-remedies.ts';

function clauseJson(clause: Clause, sql: string): object {
  const { kind, text, place, runs, cause, costs, reasons, remedies } = clause;
  return {
    kind,
    text,
    place: place === undefined ? null : placeJson(place, sql),
    runs,
    cause,
    costs: costs === undefined ? null : { here: costs.here, sent: costs.sent },
    reasons: reasons.map(reasonJson),
    remedies: remedies.map(remedyJson),
    advice: adviceOf(clause),
  };
}

function placeJson({ range, region, view }: ClausePlace, sql: string): object {
  return {
    text: sql.slice(range.start, range.end),
    line: region?.line ?? null,
    column: region?.column ?? null,
    end_line: region?.endLine ?? null,
    end_column: region?.endColumn ?? null,
    view: view === undefined ? null : { name: view.name, text: view.text },
  };
}

function reasonJson({ id, subject, message }: Reason): object {
  return { id, subject, message };
}

function planJson({ mode, verdict, clauses, scans }: PlanVerdict, sql: string): object {
  return { plan: mode, verdict, clauses: clauses.map((clause) => clauseJson(clause, sql)), scans: scans.map(scanJson) };
}

function remedyJson({ kind, title, sql, spec, proved, unproved, changesMeaning, remoteSql, remaining, effect }: Remedy): object {
  return { kind, title, sql, spec, proved, unproved, changes_meaning: changesMeaning, remote_sql: remoteSql, remaining, effect: effect === null ? null : { before: wireJson(effect.before), after: wireJson(effect.after) } };
}

function wireJson({ rows, bytes, roundTrips }: Wire): object {
  return { rows, bytes, round_trips: roundTrips };
}

function scanJson(scan: Scan): object {
  const { server, relations, operation, remoteSql, filter, loops } = scan;
  return {
    server,
    relations,
    operation,
    remote_sql: remoteSql,
    filter,
    estimated_rows: scan.estimatedRows,
    estimated_bytes: scan.estimatedBytes,
    loops,
    round_trips: scan.roundTrips,
    rows_per_trip: scan.rowsPerTrip,
  };
}

function analyzedJson(analyzed: Analyzed): object {
  switch (analyzed.kind) {
    case 'ran':
      return { outcome: 'ran', rows: analyzed.rows, seconds: analyzed.seconds, scans: analyzed.scans.map((scan) => scan ?? null), message: null, line: null, column: null };
    case 'failed':
      return { outcome: 'failed', rows: null, seconds: null, scans: [], message: analyzed.message, line: null, column: null };
    case 'refused':
      return { outcome: 'refused', rows: null, seconds: null, scans: [], message: analyzed.message, line: analyzed.region.line, column: analyzed.region.column };
  }
}

/** One verdict as JSON. */
export function queryJson(query: QueryVerdict): object {
  return {
    name: query.name,
    file: query.file ?? null,
    line: query.line,
    verdict: query.verdict,
    clauses: query.clauses.map((clause) => clauseJson(clause, query.sql)),
    scans: query.scans.map(scanJson),
    plan: query.plan ?? null,
    other_plan: query.otherPlan === undefined ? null : planJson(query.otherPlan, query.sql),
    notes: query.notes.map(reasonJson),
    remedies: query.remedies.map(remedyJson),
    ignored: (query.ignores ?? []).map(({ reason, because }) => ({ id: reason, because })),
    returned_rows: query.returnedRows ?? null,
    analyzed: query.analyzed === undefined ? null : analyzedJson(query.analyzed),
    missed: query.missed,
    error: query.error === undefined ? null : problemJson({ message: query.error.message, hint: query.error.hint, at: query.error.at }),
  };
}

/** Verdicts as JSON, in the order of the queries; see schema/check-pushdown.schema.json. */
export function pushdownJson({ report, baseline, warnings }: CheckResult): Pieces {
  const { full, partial, none, danger, error, missed } = report.summary;
  return jsonPieces({
    format_version: formatVersion,
    queries: new LazyList(queriesJson(report.queries)),
    summary: { full, partial, none, danger, 'no-foreign': report.summary['no-foreign'], error, missed },
    baseline: baselineJson(baseline),
    warnings: warnings.map(problemJson),
  });
}

function* queriesJson(queries: readonly QueryVerdict[]): Generator<object> {
  for (const query of queries) yield queryJson(query);
}
