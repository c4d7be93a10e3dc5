import { isSocketFolder } from './places.ts';
import type { Target, TargetHost } from './target.ts';

/** `host, port 5432` or `socket folder /tmp, port 5432`, for messages. */
export function describeHost(host: TargetHost): string {
  if (isSocketFolder(host.host) && host.hostaddr === undefined) return `socket folder ${host.host}, port ${host.port}`;
  const name = host.host === '' ? (host.hostaddr ?? '') : host.host;
  const address = host.hostaddr !== undefined && host.hostaddr !== name ? ` (${host.hostaddr})` : '';
  return `${name}${address}, port ${host.port}`;
}

/** A target in a few words and without its password: `shop at db.example.com, port 5432, as ann`. */
export function describeTarget(target: Target): string {
  return `${target.database} at ${target.hosts.map(describeHost).join('; ')}, as ${target.user}`;
}
