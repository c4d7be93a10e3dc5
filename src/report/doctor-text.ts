import type { DoctorResult } from '../flows/doctor.ts';
import { collationText } from '../model/database-collation.ts';
import type { HealthLevel, HealthLine, ServerHealth } from '../model/health.ts';
import type { MappingRole } from '../model/role.ts';
import { databaseText } from './database-text.ts';
import { doctorSummary } from './doctor-summary.ts';
import type { Style, Surface } from './style.ts';
import { visible, wrap } from './text.ts';

/** The health of servers for people; the last line is the summary. Without a final line feed. */
export function doctorText({ database, here, servers }: DoctorResult, surface: Surface): string {
  const head = databaseText(database, surface, [here.encoding, collationText(here.collation)]);
  return [head, ...servers.map((server) => serverText(server, surface)), surface.style.bold(doctorSummary(servers))].join('\n\n');
}

function serverText({ server, wrapper, mappings, lines }: ServerHealth, surface: Surface): string {
  const { style } = surface;
  const head = `${style.bold(`Server ${visible(server)}`)}${wrapper === 'postgres_fdw' ? '' : style.dim(`, ${visible(wrapper)}`)}`;
  const parts = mappings.map((mapping) => [`  ${mappingName(mapping.role)}`, ...mapping.lines.map((line) => lineText(line, surface))].join('\n'));
  const own = lines.length === 0 ? [] : [['  the server', ...lines.map((line) => lineText(line, surface))].join('\n')];
  return [head, ...parts, ...own].join('\n');
}

/** `user mapping for PUBLIC`. */
export function mappingName(role: MappingRole): string {
  return `user mapping for ${role.kind === 'public' ? 'PUBLIC' : visible(role.name)}`;
}

/* Columns: four of margin, then the level, then the check. */
const levelWidth = 9;
const checkWidth = 19;

function lineText({ check, level, message, todo }: HealthLine, { style, width }: Surface): string {
  const hang = levelWidth + checkWidth;
  const head = `${paint(level, style)(level.padEnd(levelWidth))}${check.padEnd(checkWidth)}${visible(message)}`;
  // Padding is part of the first word, so that wrapping keeps it.
  const lines = [wrapped(head, hang, width)];
  if (todo !== undefined && level !== 'ok') lines.push(wrap(`${style.cyan('→')} ${visible(todo)}`, width, 4 + hang, 2));
  return lines.join('\n');
}

function wrapped(head: string, hang: number, width: number): string {
  const kept = head.replaceAll(/ {2,}/g, (run) => '\u00a0'.repeat(run.length));
  return wrap(kept, width, 4, hang).replaceAll('\u00a0', ' ');
}

function paint(level: HealthLevel, style: Style): (text: string) => string {
  switch (level) {
    case 'ok':
      return style.green;
    case 'note':
      return style.dim;
    case 'warning':
    case 'unknown':
      return style.yellow;
    case 'fail':
      return style.red;
  }
}
