import { collationText, databaseKey, type VersionedCollation } from '../model/database-collation.ts';
import type { HealthLine } from '../model/health.ts';
import type { LocalCluster, RemoteCluster, ServerUsage } from '../model/vitals.ts';
import { about } from './line.ts';
import { counted } from './words.ts';

/** Encodings, collations and time zone. */
export function localeLines(local: LocalCluster, remote: RemoteCluster, usage: ServerUsage): readonly HealthLine[] {
  return [encoding(local, remote), collation(local, remote, usage), timeZone(remote)];
}

function encoding(local: LocalCluster, remote: RemoteCluster): HealthLine {
  const say = about('encoding');
  if (local.encoding === remote.encoding) return say('ok', `${remote.encoding} on both sides`);
  const message = `${remote.encoding} there, ${local.encoding} here`;
  if (local.encoding === 'UTF8') return say('note', message);
  return say('warning', `${message}: a text that ${local.encoding} cannot write makes a query fail`, 'Use a local database in UTF8.');
}

function collation(local: LocalCluster, remote: RemoteCluster, { defaultCollated }: ServerUsage): HealthLine {
  const say = about('collation');
  const [here, there] = [collationText(local.collation), collationText(remote.collation)];
  if (sameOrder(local.collation, remote.collation)) return say('ok', `${there} on both sides`);
  const message = `${there} there, ${here} here`;
  if (defaultCollated === 0) return say('note', `${message}; no foreign table has a text in the default collation`);
  return say('warning', `${message}: ${counted(defaultCollated, 'foreign table has', 'foreign tables have')} texts that are sorted and compared in one order there and in another here`,
    'Give their columns the collation of the remote, or import with `import: {collate: true}`.');
}

/** Versions count where both are known; to compare bytes takes none. */
function sameOrder(a: VersionedCollation, b: VersionedCollation): boolean {
  const key = databaseKey(a);
  return key === databaseKey(b) && (key === 'C' || a.version === undefined || b.version === undefined || a.version === b.version);
}

function timeZone({ timeZone: zone }: RemoteCluster): HealthLine {
  const say = about('time-zone');
  if (/^(GMT|UTC|Etc\/UTC)$/i.test(zone)) return say('ok', `${zone} there`);
  return say('note', `${zone} there, but GMT in the sessions of postgres_fdw: views there that turn a time into a date count days in GMT`);
}
