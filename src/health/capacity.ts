import type { HealthLine } from '../model/health.ts';
import type { LocalCluster, RemoteCluster, ServerUsage } from '../model/vitals.ts';
import { about } from './line.ts';
import { counted } from './words.ts';

/**
 * Connections that the server may cost: each local session keeps one for each user mapping that it has used
 * (postgresql.org/docs/18/postgres-fdw.html, "Connection Management").
 *
 * @param mappings user mappings of the server
 */
export function connectionsLine(local: LocalCluster, remote: RemoteCluster, { options }: ServerUsage, mappings: number): HealthLine {
  const say = about('connections');
  const most = local.maxConnections * Math.max(1, mappings);
  const limits = [remote.maxConnections - remote.reservedConnections, remote.databaseConnectionLimit].filter((limit) => limit >= 0);
  const room = Math.min(...limits);
  const message = `up to ${most} (${local.maxConnections} sessions here × ${counted(Math.max(1, mappings), 'user mapping')}); the remote has room for ${room}, ${remote.connections} in use now`;
  if (most <= room) return say('ok', message);
  if (options['keep_connections'] === 'false' || options['keep_connections'] === 'off') return say('note', `${message}; keep_connections is off, so they end with each transaction`);
  return say('note', message, 'Lower max_connections here, raise it there, or set the option keep_connections to false.');
}
