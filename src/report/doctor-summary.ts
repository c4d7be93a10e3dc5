import type { HealthLevel, HealthLine, ServerHealth } from '../model/health.ts';
import { count } from './text.ts';

/** All lines of a server. */
function linesOf({ mappings, lines }: ServerHealth): readonly HealthLine[] {
  return [...mappings.flatMap((mapping) => mapping.lines), ...lines];
}

/** How many lines there are of a level. */
export function counted(servers: readonly ServerHealth[], level: HealthLevel): number {
  return servers.flatMap(linesOf).filter((line) => line.level === level).length;
}

/** One line, a contract: `2 servers: 1 failure, 3 warnings, 1 unknown.` or `2 servers: healthy.` */
export function doctorSummary(servers: readonly ServerHealth[]): string {
  if (servers.length === 0) return 'No foreign servers.';
  const [fail, warning, unknown] = (['fail', 'warning', 'unknown'] as const).map((level) => counted(servers, level));
  const parts = [...(fail ? [count(fail, 'failure')] : []), ...(warning ? [count(warning, 'warning')] : []), ...(unknown ? [`${unknown} unknown`] : [])];
  return `${count(servers.length, 'server')}: ${parts.length === 0 ? 'healthy' : parts.join(', ')}.`;
}
