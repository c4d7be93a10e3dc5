import type { HealthLine } from '../model/health.ts';
import type { Login, LoginFailure } from '../model/vitals.ts';
import { about } from './line.ts';
import { poolerLines } from './pooler.ts';
import { counted, duration } from './words.ts';

/** The line of a login that did not come about. */
export function loginFailed({ kind, message, todo }: LoginFailure): readonly HealthLine[] {
  return [about('reachable')(kind === 'untried' ? 'unknown' : 'fail', message, todo)];
}

/** What holds for one user mapping. @param now to tell how long a password still works */
export function loginLines(login: Login, options: Readonly<Record<string, string>>, now: Date): readonly HealthLine[] {
  return [
    about('reachable')('ok', `the first answer came after ${duration(login.connectMs)}`),
    roundTrip(login),
    identity(login),
    ...password(login, now),
    ...tls(login, options),
    ...timeLimits(login),
    ...rowSecurity(login),
    ...poolerLines(login, options),
  ];
}

function roundTrip({ roundTripMs }: Login): HealthLine {
  return about('round-trip')(roundTripMs > slowRoundTrip ? 'note' : 'ok', `a round trip takes about ${duration(roundTripMs)}`);
}

/* Milliseconds: more than within one region. */
const slowRoundTrip = 20;

function identity({ database, user, superuser, connectionLimit }: Login): HealthLine {
  const say = about('identity');
  const limit = connectionLimit < 0 ? '' : `, who may have ${counted(connectionLimit, 'connection')}`;
  const message = `database ${database}, as ${user}${limit}`;
  return superuser ? say('warning', `${message}, a superuser there`, 'Map to a role that may do what is needed, and no more.') : say('ok', message);
}

function password({ passwordValidUntil, user }: Login, now: Date): readonly HealthLine[] {
  if (passwordValidUntil === undefined) return [];
  const say = about('password');
  const left = Date.parse(passwordValidUntil) - now.getTime();
  const day = passwordValidUntil.slice(0, 10);
  if (left <= 0) return [say('fail', `the password of ${user} expired on ${day}: this login came about without it`, `ALTER ROLE … VALID UNTIL on the remote, or a new password there and in the user mapping.`)];
  const message = `the password of ${user} works until ${day}, another ${duration(left)}`;
  return [left < warnBefore ? say('warning', message, 'Give the role a new one there, and the user mapping here, before that.') : say('ok', message)];
}

/* Two weeks, in milliseconds. */
const warnBefore = 14 * 86_400_000;

function tls({ tls: encryption, gssEncrypted }: Login, options: Readonly<Record<string, string>>): readonly HealthLine[] {
  const say = about('tls');
  if (encryption === undefined) {
    if (gssEncrypted) return [say('ok', 'encrypted by GSSAPI')];
    if (isLocal(options)) return [say('ok', 'not encrypted, on the same machine')];
    return [say('warning', 'not encrypted: what goes over can be read on the way', 'Set the option sslmode of the server to verify-full, or at least require.')];
  }
  const cipher = `${encryption.protocol}, ${encryption.cipher}`;
  const mode = options['sslmode'] ?? 'prefer';
  switch (mode) {
    case 'verify-full':
      return [say('ok', `${cipher}, the certificate and its name are verified`)];
    case 'verify-ca':
      return [say('note', `${cipher}, the certificate is verified, the name in it is not`, 'sslmode verify-full verifies both.')];
    default:
      return [say(isLocal(options) ? 'note' : 'warning', `${cipher}, but the certificate is not verified (sslmode ${mode})`, 'Set the options sslmode to verify-full and sslrootcert on the server: anybody could pretend to be the remote.')];
  }
}

/** A socket, or an address of this very machine; the database's machine, that is. */
function isLocal(options: Readonly<Record<string, string>>): boolean {
  const hosts = (options['hostaddr'] ?? options['host'] ?? '').split(',');
  return hosts.every((host) => host === '' || host.startsWith('/') || host === 'localhost' || host.startsWith('127.') || host === '::1');
}

function timeLimits({ timeLimits: limits }: Login): readonly HealthLine[] {
  const set = Object.entries(limits).filter(([, milliseconds]) => milliseconds > 0);
  if (set.length === 0) return [];
  return [about('time-limits')('note', `the remote ends what takes longer: ${set.map(([name, milliseconds]) => `${name} ${duration(milliseconds)}`).join(', ')}`)];
}

function rowSecurity({ rowSecurity: tables, user }: Login): readonly HealthLine[] {
  if (tables.length === 0) return [];
  const say = about('row-security');
  const dependent = tables.filter(({ sessionPolicies }) => sessionPolicies.length > 0);
  const message = `policies hide rows of ${counted(tables.length, 'table')} from ${user}: ${some(tables.map(({ table }) => table))}`;
  if (dependent.length === 0) return [say('note', message)];
  return [
    say('warning', `${message}; those of ${some(dependent.map(({ table }) => table))} go by settings of the session, and those of the session here do not cross over`,
      "Give each tenant a user mapping of its own, or the server the option options: '-c name=value'."),
  ];
}

/** At most three by name. */
function some(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
