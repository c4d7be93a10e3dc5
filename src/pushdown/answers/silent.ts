import { UserError } from '../../base/user-error.ts';
import { DatabaseError } from '../../postgres/errors.ts';
import { askEach, several } from '../ask-each.ts';
import type { Workers } from '../../postgres/workers.ts';
import { remoteExtensions } from './remote-extensions.ts';
import { saidBy } from './servers.ts';
import type { AskOptions } from './types.ts';

/**
 * The servers whose remotes keep silent, with what to say of them: they are found out about once, as each query on one would take
 * as long as the limit allows. What else is wrong with a remote, the queries themselves tell.
 */
export async function silentServers(workers: Workers, servers: readonly string[], options: AskOptions): Promise<ReadonlyMap<string, string>> {
  const found = await askEach(workers, servers, Math.min(servers.length, options.jobs ?? several), (session, server) => remoteExtensions(session, server, options), options.signal);
  return new Map(servers.flatMap((server, index) => {
    const said = found[index];
    const isSilent = said instanceof DatabaseError ? said.sqlstate === '57014' : said instanceof UserError;
    return isSilent && said instanceof UserError ? [[server, saidBy(said)]] : [];
  }));
}
