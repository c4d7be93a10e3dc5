import type { ServerHealth } from '../model/health.ts';
import { unhealthy } from './doctor-places.ts';
import { doctorSummary } from './doctor-summary.ts';
import { code, mostCharacters, prose } from './markdown.ts';

/** Health as Markdown for an issue or a comment: a row for each line that somebody should look at, the worst first. */
export function doctorMarkdown(servers: readonly ServerHealth[]): string {
  const head = `### fdw doctor\n\n${prose(doctorSummary(servers))}`;
  const rows = unhealthy(servers).map(({ server, about, check, level, message, todo }) => `| **${level}** | ${code(server)} | ${prose(about)} | ${prose(message)}${todo === undefined ? '' : `<br>→ ${prose(todo)}`} ${code(check)} |`);
  if (rows.length === 0) return head;
  const lines = [`${head}\n\n| Level | Server | About | What |\n|---|---|---|---|`, ...rows];
  let size = 0;
  const kept = lines.filter((line) => (size += line.length + 1) <= mostCharacters);
  const left = lines.length - kept.length;
  return [...kept, ...(left > 0 ? [`\nLeft out for want of room: ${left}.`] : [])].join('\n');
}
