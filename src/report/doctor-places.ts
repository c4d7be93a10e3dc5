import type { DoctorResult } from '../flows/doctor.ts';
import type { HealthLevel, HealthLine, ServerHealth } from '../model/health.ts';
import { mappingName } from './doctor-text.ts';
import type { Level, Placed } from './placed.ts';

/** A line of a server's health, with what it is about: a user mapping, or the server itself. */
export interface HealthEntry extends HealthLine {
  readonly server: string;
  readonly about: string;
  /** Which of the lines of that check it is, from 1. */
  readonly turn: number;
}

const worst: readonly HealthLevel[] = ['fail', 'warning', 'unknown', 'note', 'ok'];

/** All lines of servers, as they are shown. */
export function entriesOf(servers: readonly ServerHealth[]): readonly HealthEntry[] {
  return servers.flatMap(({ server, mappings, lines }) => [
    ...mappings.flatMap((mapping) => entriesAbout(server, mappingName(mapping.role), mapping.lines)),
    ...entriesAbout(server, 'the server', lines),
  ]);
}

function entriesAbout(server: string, about: string, lines: readonly HealthLine[]): readonly HealthEntry[] {
  const turns = new Map<string, number>();
  return lines.map((line) => {
    const turn = (turns.get(line.check) ?? 0) + 1;
    turns.set(line.check, turn);
    return { ...line, server, about, turn };
  });
}

/** Those that somebody should look at, the worst first. */
export function unhealthy(servers: readonly ServerHealth[]): readonly HealthEntry[] {
  return entriesOf(servers).filter(({ level }) => level !== 'ok' && level !== 'note').sort((a, b) => worst.indexOf(a.level) - worst.indexOf(b.level));
}

/** The same, at the places of the spec. What could not be told is a warning. */
export function placedHealth({ servers, place }: DoctorResult): readonly Placed[] {
  return unhealthy(servers).map(({ server, about, check, turn, level, message, todo }) => ({
    rule: check,
    level: (level === 'fail' ? 'error' : 'warning') satisfies Level,
    message: `server ${server}, ${about}: ${level === 'unknown' ? 'unknown: ' : ''}${message}`,
    at: place(server),
    key: [server, about, check, turn].join(' '),
    more: todo === undefined ? [] : [todo],
  }));
}
