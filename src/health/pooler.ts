import type { HealthLine } from '../model/health.ts';
import type { Login } from '../model/vitals.ts';
import { about } from './line.ts';
import { duration } from './words.ts';

type PoolerSigns = Pick<Login, 'backendAgeSeconds' | 'connectMs' | 'port'>;
type Options = Readonly<Record<string, string>>;

/** Whether there are signs of something between the database and the remote's backend. */
export function seemsPooled(login: PoolerSigns, options: Options): boolean {
  return isOld(login) || forwardedFrom(login, options) !== undefined;
}

/** What stands in between, as far as it can be told. */
export function poolerLines(login: PoolerSigns & Pick<Login, 'lent'>, options: Options): readonly HealthLine[] {
  const say = about('pooler');
  const past = 'Point the server past it, or at a pool in session mode.';
  if (login.lent === true) {
    return [say('warning', 'a pooler in transaction mode stands in between: its next client finds the search_path that postgres_fdw sets for its session, pg_catalog alone', past)];
  }
  if (isOld(login)) {
    const message = `a pooler stands in between: the backend that answered was ${duration(login.backendAgeSeconds * 1_000)} old`;
    if (login.lent === false) return [say('note', `${message}; it is in session mode, as far as can be seen`)];
    return [say('warning', `${message}; whether in session or in transaction mode cannot be told`, `${past} Where the extension dblink is installed here, the mode is seen.`)];
  }
  const port = forwardedFrom(login, options);
  if (port === undefined) return [];
  return [say('note', `port ${port} leads to a backend that listens on port ${login.port}: a pooler, a proxy or a forwarded port stands in between`)];
}

/** A backend that is not a pooler's was made for us. */
function isOld({ backendAgeSeconds, connectMs }: PoolerSigns): boolean {
  return backendAgeSeconds * 1_000 >= connectMs + 2_000;
}

/** The ports of the server's options, where none of them is the backend's; a service file may name others. */
function forwardedFrom({ port }: PoolerSigns, options: Options): string | undefined {
  if (options['service'] !== undefined) return undefined;
  const named = (options['port'] ?? '').split(',').map((text) => (text.trim() === '' ? '5432' : text.trim()));
  return named.some((text) => Number(text) === port) ? undefined : named.join(', ');
}
