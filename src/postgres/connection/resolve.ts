import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { allowedAuthentication } from './authentication.ts';
import { targetHosts } from './hosts.ts';
import { isSocketFolder, userPasswordFile } from './places.ts';
import { keywords } from './keywords.ts';
import { parseConnection } from './parse.ts';
import { readPasswordFile } from './password-file.ts';
import { findService } from './service-file.ts';
import { connectionInvalid } from './settings.ts';
import type { Setting, Settings } from './settings.ts';
import type { SessionAttributes, Target, TlsSettings } from './target.ts';
import { tlsSettings } from './tls-settings.ts';
import { integerOf, printable, valueOf, wordOf } from './values.ts';

const sessionAttributes: readonly SessionAttributes[] = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'];

/** Variables that libpq sends as session settings (fe-protocol3.c, `EnvironmentOptions` in fe-connect.c). */
const sessionVariables = [
  ['PGDATESTYLE', 'datestyle'],
  ['PGTZ', 'timezone'],
  ['PGGEQO', 'geqo'],
] as const;

/**
 * Decides everything about a connection with libpq's meanings: the string's own parameters, then the
 * service file, then `PG*` variables, then defaults. Reads the service file and the password file; opens
 * no connection.
 *
 * @param connection a URL, `key=value` pairs or a database's name; undefined: variables and defaults only
 * @param from what the string is called in messages, such as `--database`
 * @throws {UserError} `connection-invalid`; no message holds a password
 */
export async function resolveTarget(
  connection: string | undefined,
  env: NodeJS.ProcessEnv,
  from = 'the connection string',
): Promise<Target> {
  const settings = await gather(connection === undefined ? new Map() : parseConnection(connection, from), env);
  refuseWhatCannotBeHonoured(settings);

  const user = valueOf(settings, 'user') ?? operatingSystemUser();
  const database = valueOf(settings, 'dbname') ?? user;
  const passwordPath = valueOf(settings, 'password') === undefined ? (valueOf(settings, 'passfile') ?? userPasswordFile(env)) : undefined;
  const passwordFile = passwordPath === undefined ? undefined : await readPasswordFile(passwordPath);
  const hosts = targetHosts(
    settings,
    { database, user },
    passwordPath === undefined ? undefined : { path: passwordPath, text: passwordFile?.text ?? '' },
  );
  if (hosts.some((host) => host.hostaddr === undefined && isSocketFolder(host.host)) && valueOf(settings, 'requirepeer') !== undefined) {
    throw cannotHonour('requirepeer', 'node does not tell which user runs the server behind a Unix socket.');
  }
  const tls = tlsSettings(settings, env);
  const timeout = integerOf(settings, 'connect_timeout', 0);
  return {
    hosts,
    database,
    user,
    applicationName: valueOf(settings, 'application_name') ?? valueOf(settings, 'fallback_application_name'),
    startup: startupSettings(settings, env),
    // As in libpq: nothing or less is no limit, and one second is too short to be meant.
    connectTimeout: timeout <= 0 ? 0 : Math.max(timeout, 2),
    sessionAttributes: wordOf(settings, 'target_session_attrs', sessionAttributes, 'any'),
    shuffle: wordOf(settings, 'load_balance_hosts', ['disable', 'random'], 'disable') === 'random',
    tls,
    channelBinding: wordOf(settings, 'channel_binding', ['disable', 'prefer', 'require'], 'prefer'),
    allowedAuthentication: allowedAuthentication(settings),
    keepAliveIdle: integerOf(settings, 'keepalives', 1) === 0 ? undefined : Math.max(integerOf(settings, 'keepalives_idle', 0), 0),
    warnings: [passwordFile?.warning, uncheckedCertificate(tls)].filter((warning) => warning !== undefined),
  };
}

/** libpq silently checks nothing then; below verify-ca so do we, but we say so. */
function uncheckedCertificate(tls: TlsSettings): string | undefined {
  const root = tls.rootCertificate;
  if (tls.mode === 'disable' || tls.mode.startsWith('verify') || root === 'system' || root?.explicit !== true || existsSync(root.path)) return undefined;
  return `The root certificate ${root.path} does not exist, so the server's certificate is not checked (sslmode=${tls.mode}).`;
}

/** Own parameters over the service's over the variables'. An empty variable counts as not set. */
async function gather(own: Settings, env: NodeJS.ProcessEnv): Promise<Settings> {
  const service = own.get('service')?.value ?? nonEmpty(env['PGSERVICE']);
  const fromService = service === undefined ? new Map<string, Setting>() : await findService(service, env);
  const fromEnv = new Map<string, Setting>();
  for (const { name, env: variable } of keywords) {
    const value = variable === undefined ? undefined : nonEmpty(env[variable]);
    if (variable !== undefined && value !== undefined) fromEnv.set(name, { value, from: variable });
  }
  return new Map([...fromEnv, ...fromService, ...own]);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function refuseWhatCannotBeHonoured(settings: Settings): void {
  for (const keyword of keywords) {
    const setting = settings.get(keyword.name);
    if (keyword.treatment !== 'refused' || setting === undefined || keyword.harmless?.includes(setting.value) === true) continue;
    // It only concerns Unix sockets, which are known later.
    if (keyword.name === 'requirepeer') continue;
    const shown = keyword.secret === true ? keyword.name : `${keyword.name}=${printable(setting.value)}`;
    throw cannotHonour(shown, `It comes from ${setting.from}; the PostgreSQL driver for node does not know it.`);
  }
}

function cannotHonour(what: string, why: string): Error {
  return connectionInvalid(`fdw cannot honour ${what}.`, { why, todo: 'Leave it out, if the connection is safe without it.' });
}

function startupSettings(settings: Settings, env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const startup = new Map<string, string>();
  const options = valueOf(settings, 'options');
  if (options !== undefined) startup.set('options', options);
  for (const [variable, name] of sessionVariables) {
    const value = nonEmpty(env[variable]);
    // libpq leaves out the value "default".
    if (value !== undefined && value.toLowerCase() !== 'default') startup.set(name, value);
  }
  return startup;
}

function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw connectionInvalid('No user name is given, and the operating system has none for this process.', {
      todo: 'Give user= in the connection string, or set PGUSER.',
    });
  }
}
