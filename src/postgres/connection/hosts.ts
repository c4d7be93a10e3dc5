import { isIP } from 'node:net';
import { Secret } from '../../base/secret.ts';
import { findPassword } from './password-file.ts';
import { defaultHost } from './places.ts';
import { connectionInvalid } from './settings.ts';
import type { Settings } from './settings.ts';
import type { TargetHost } from './target.ts';
import { printable, valueOf } from './values.ts';

const defaultPort = 5432;

/**
 * The hosts to try, from `host`, `hostaddr` and `port`, each of which may be a comma-separated list
 * (libpq: `pqConnectOptions2`). One port serves all hosts; an empty item of a list means the default.
 *
 * @param passwordFile asked for each host when no password is set
 * @throws {UserError} `connection-invalid` when the lists' lengths do not fit or a port is none
 */
export function targetHosts(
  settings: Settings,
  identity: { readonly database: string; readonly user: string },
  passwordFile: { readonly path: string; readonly text: string } | undefined,
): readonly [TargetHost, ...TargetHost[]] {
  const names = valueOf(settings, 'host')?.split(',');
  const addresses = valueOf(settings, 'hostaddr')?.split(',');
  const ports = valueOf(settings, 'port')?.split(',');
  const count = addresses?.length ?? names?.length ?? 1;
  if (names !== undefined && names.length !== count) {
    throw connectionInvalid(`There are ${names.length} host names for ${count} addresses (hostaddr).`, {
      todo: 'Give as many names as addresses, or leave one of the two out.',
    });
  }
  if (ports !== undefined && ports.length !== 1 && ports.length !== count) {
    throw connectionInvalid(`There are ${ports.length} ports for ${count} ${count === 1 ? 'host' : 'hosts'}.`, {
      todo: 'Give one port for all hosts, or one for each.',
    });
  }
  const given = valueOf(settings, 'password');

  const hostAt = (index: number): TargetHost => {
    const port = portNumber(ports?.length === 1 ? ports[0] : ports?.[index]);
    const hostaddr = numericAddress(addresses?.[index]);
    const name = names?.[index] ?? '';
    const host = name === '' && hostaddr === undefined ? defaultHost(port) : name;
    if (given !== undefined) {
      return { host, hostaddr, port, password: new Secret(given), passwordFrom: settings.get('password')?.from };
    }
    const found = findPassword(passwordFile?.text ?? '', { ...identity, host: host === '' ? (hostaddr ?? '') : host, port });
    return { host, hostaddr, port, password: found, passwordFrom: found === undefined ? undefined : passwordFile?.path };
  };
  return [hostAt(0), ...Array.from({ length: count - 1 }, (_, index) => hostAt(index + 1))];
}

function numericAddress(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (isIP(text) !== 0) return text;
  throw connectionInvalid(`"${printable(text)}" is not a numeric address (hostaddr).`, { todo: 'Put a name into host instead.' });
}

function portNumber(text: string | undefined): number {
  if (text === undefined || text === '') return defaultPort;
  const port = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) {
    // In a URL a password with an unescaped "/" or "@" ends up here: do not show it.
    const shown = /^[\s\d+-]*$/.test(text) ? ` "${printable(text)}"` : '';
    throw connectionInvalid(`The port${shown} is not a number from 1 to 65535.`, {
      why: shown === '' ? 'In a URL, a "/" or "@" of a password cuts it in the wrong place.' : undefined,
      todo: shown === '' ? 'Give a number; in the password of a URL write "/" as %2F and "@" as %40.' : undefined,
    });
  }
  return port;
}
