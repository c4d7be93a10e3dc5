import { postgresVersion } from '../base/postgres-version.ts';
import type { HealthLine } from '../model/health.ts';
import { about } from './line.ts';

/** Majors that fdw is tested with, on both sides. */
const oldest = 14;
const newest = 18;

/** The remote's version, beside the local one. */
export function versionLine(remote: number, local: number): HealthLine {
  const say = about('version');
  const major = Math.floor(remote / 10_000);
  const message = `PostgreSQL ${postgresVersion(remote)}`;
  if (major < oldest) return say('warning', `${message}, which fdw is not tested with (${oldest} to ${newest})`, 'Upgrade the remote.');
  if (major > newest) return say('note', `${message}, which this release of fdw does not know (${oldest} to ${newest})`);
  if (major < Math.floor(local / 10_000)) {
    return say('note', `${message}, older than the ${postgresVersion(local)} here: what is sent is chosen by the local version, and a newer function is missing there`, 'See whether queries are affected: fdw check-pushdown --remote.');
  }
  return say('ok', message);
}
