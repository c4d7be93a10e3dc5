import type { HealthLine } from '../model/health.ts';
import type { ServerReader, ServerVitals } from '../model/vitals.ts';
import { about } from './line.ts';
import { counted } from './words.ts';

/** Whether every role that may read tables of the server has a user mapping on it, and which have only PUBLIC's. */
export function readerLines({ readers, server }: Pick<ServerVitals, 'readers' | 'server'>): readonly HealthLine[] {
  if (readers.length === 0) return [];
  const say = about('role-mappings');
  const without = readers.filter(({ mapping }) => mapping === 'none');
  const owners = without.filter(({ view }) => view !== null);
  const granted = without.filter((reader) => reader.granted && !owners.includes(reader));
  const idle = without.filter((reader) => !reader.granted);
  const open = readers.filter(({ mapping }) => mapping === 'public');
  const see = (role: string): string => `fdw whoami ${role} shows the way; CREATE USER MAPPING FOR the role SERVER ${server} ends it.`;
  const lines = [
    ...owners.map(({ role, view }) => say('fail', `view owner ${role} has no user mapping, and ${view ?? ''} reads with that: it fails for everybody`, see(role))),
    ...(granted.length === 0 ? [] : [say('fail', `${counted(granted.length, 'role')} may read its tables, and ${granted.length === 1 ? 'has' : 'have'} no user mapping: ${names(granted)}`, see(granted[0]?.role ?? ''))]),
    ...(idle.length === 0 ? [] : [say('note', `no user mapping for ${names(idle)}, who may read its tables as their owner`)]),
    ...(open.length === 0 ? [] : [say('note', `the user mapping of PUBLIC serves ${names(open)}: they have none of their own`)]),
  ];
  const own = readers.length - without.length - open.length;
  return lines.length > 0 || own === 0 ? lines : [say('ok', `${counted(own, 'role')} may read its tables, each with a user mapping of its own`)];
}

/** At most five by name. */
function names(readers: readonly ServerReader[]): string {
  const all = readers.map(({ role }) => role);
  return all.length <= 5 ? all.join(', ') : `${all.slice(0, 5).join(', ')} and ${all.length - 5} more`;
}
