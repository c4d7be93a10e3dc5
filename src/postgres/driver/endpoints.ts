import { lookup } from 'node:dns/promises';
import { isSocketFolder, socketPath } from '../connection/places.ts';
import type { TargetHost } from '../connection/target.ts';
import { networkFailure } from './attempt-error.ts';
import type { Endpoint } from './transport.ts';

/**
 * The addresses of a host, in the order in which the resolver gives them.
 * @throws {AttemptError} `network` when the name is not found
 */
export async function endpointsOf(host: TargetHost): Promise<readonly Endpoint[]> {
  if (host.hostaddr !== undefined) return [{ host, address: host.hostaddr }];
  if (isSocketFolder(host.host)) return [{ host, address: socketPath(host.host, host.port) }];
  try {
    const found = await lookup(host.host, { all: true, order: 'verbatim' });
    return found.map(({ address }) => ({ host, address }));
  } catch (error) {
    throw networkFailure(error);
  }
}

/** A copy in random order (Fisher and Yates), for `load_balance_hosts=random`. */
export function shuffled<T>(items: readonly T[]): readonly T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    const [a, b] = [copy[last], copy[other]];
    if (a === undefined || b === undefined) continue;
    copy[last] = b;
    copy[other] = a;
  }
  return copy;
}
