import type { DoctorResult } from '../flows/doctor.ts';
import type { HealthLine } from '../model/health.ts';
import { counted } from './doctor-summary.ts';
import { formatVersion } from './format-version.ts';
import { problemJson } from './error.ts';
import { databaseJson } from './plan-json.ts';

/** What `fdw doctor --json` prints; schema/doctor.schema.json describes it. */
export function doctorJson({ database, servers, warnings }: DoctorResult): object {
  return {
    format_version: formatVersion,
    database: databaseJson(database),
    servers: servers.map(({ server, wrapper, mappings, lines }) => ({
      server,
      wrapper,
      mappings: mappings.map((mapping) => ({ role: mapping.role.kind === 'public' ? null : mapping.role.name, checks: mapping.lines.map(lineJson) })),
      checks: lines.map(lineJson),
    })),
    summary: { servers: servers.length, fail: counted(servers, 'fail'), warning: counted(servers, 'warning'), unknown: counted(servers, 'unknown') },
    warnings: warnings.map(problemJson),
  };
}

function lineJson({ check, level, message, todo }: HealthLine): object {
  return { check, level, message, todo: todo ?? null };
}
