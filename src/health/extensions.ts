import type { HealthLine } from '../model/health.ts';
import type { LocalCluster, RemoteCluster, ServerUsage } from '../model/vitals.ts';
import { about } from './line.ts';

/** The extensions that the option `extensions` promises, on both sides. */
export function extensionLines(local: LocalCluster, remote: RemoteCluster, { options }: ServerUsage): readonly HealthLine[] {
  const say = about('extensions');
  return namesIn(options['extensions']).map((name) => {
    const [here, there] = [local.extensions[name], remote.extensions[name]];
    if (there === undefined) return say('fail', `${name} is missing on the remote, and its functions are sent there`, `CREATE EXTENSION ${name} on the remote, or take it out of the option extensions.`);
    if (here === undefined) return say('note', `${name} is not installed here, so naming it does nothing`, `CREATE EXTENSION ${name} here, or take it out of the option extensions.`);
    if (here !== there) return say('warning', `${name} is ${there} there, ${here} here: what is sent should do the same on both sides`, `ALTER EXTENSION ${name} UPDATE on the side that lags.`);
    return say('ok', `${name} is ${here} on both sides`);
  });
}

/** Names in a list as PostgreSQL reads it: commas between, spaces around, quotes where a name needs them (SplitIdentifierString, varlena.c). */
function namesIn(list: string | undefined): readonly string[] {
  if (list === undefined) return [];
  return [...list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(?:,|$)/g)].map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"')));
}
