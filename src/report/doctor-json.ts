import type { Problem } from '../base/spec-error.ts';
import type { HealthLine, ServerHealth } from '../model/health.ts';
import { counted } from './doctor-summary.ts';
import { formatVersion } from './format-version.ts';
import { problemJson } from './error.ts';

/** What `fdw doctor --json` prints; schema/doctor.schema.json describes it. */
export function doctorJson(servers: readonly ServerHealth[], warnings: readonly Problem[]): object {
  return {
    format_version: formatVersion,
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
