import type { DriftResult } from '../flows/drift.ts';
import { classCounts } from './drift-summary.ts';
import { tableName } from './drift-text.ts';
import { problemJson } from './error.ts';
import { formatVersion } from './format-version.ts';
import { databaseJson } from './plan-json.ts';

/** Drift as JSON; see schema/drift.schema.json. */
export function driftJson({ database, report, warnings }: DriftResult): object {
  return {
    format_version: formatVersion,
    snapshot: report.snapshot ?? null,
    database: database === undefined ? null : databaseJson(database),
    servers: report.servers.map(({ name, tables, readAs, versionNum, sampled }) => ({
      name,
      tables,
      read_as: readAs?.local ?? null,
      remote_role: readAs?.remote ?? null,
      server_version_num: versionNum ?? null,
      sampled: sampled ?? null,
    })),
    findings: report.findings.map(({ id, class: word, server, tables, subject, message, guess, mend }) => ({
      id, class: word, server, tables: tables.map(tableName), subject: subject ?? null, message, guess, sql: mend,
    })),
    unknown: report.unknown.map(({ server, table, id, message, todo }) => ({ server, table: table === undefined ? null : tableName(table), id, message, todo: todo ?? null })),
    summary: { ...classCounts(report), unknown: report.unknown.length },
    warnings: warnings.map(problemJson),
  };
}
