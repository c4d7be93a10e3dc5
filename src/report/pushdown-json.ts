import type { CheckResult } from '../flows/types.ts';
import type { Clause, QueryVerdict, Scan } from '../pushdown/types.ts';
import { problemJson } from './error.ts';
import { formatVersion } from './format-version.ts';
import { baselineJson } from './pushdown-baseline.ts';

function clauseJson({ kind, text, runs, cause, reasons, remedies }: Clause): object {
  return {
    kind,
    text,
    runs,
    cause,
    reasons: reasons.map(({ id, subject, message }) => ({ id, subject, message })),
    remedies: remedies.map(({ sql, proved }) => ({ sql, proved })),
  };
}

function scanJson({ server, relations, remoteSql, filter, estimatedRows }: Scan): object {
  return { server, relations, remote_sql: remoteSql, filter, estimated_rows: estimatedRows };
}

function queryJson(query: QueryVerdict): object {
  return {
    name: query.name,
    file: query.file ?? null,
    line: query.line,
    verdict: query.verdict,
    clauses: query.clauses.map(clauseJson),
    scans: query.scans.map(scanJson),
    missed: query.missed,
    error: query.error === undefined ? null : problemJson({ message: query.error.message, hint: query.error.hint, at: query.error.at }),
  };
}

/** Verdicts as JSON, in the order of the queries; see schema/check-pushdown.schema.json. */
export function pushdownJson({ report, baseline, warnings }: CheckResult): object {
  const { full, partial, none, danger, error, missed } = report.summary;
  return {
    format_version: formatVersion,
    queries: report.queries.map(queryJson),
    summary: { full, partial, none, danger, 'no-foreign': report.summary['no-foreign'], error, missed },
    baseline: baselineJson(baseline),
    warnings: warnings.map(problemJson),
  };
}
