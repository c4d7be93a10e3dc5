import type { HealthLine } from '../model/health.ts';
import type { RemoteCluster, ServerUsage } from '../model/vitals.ts';
import { about } from './line.ts';

/** Which host answered, and what happens when it is gone (libpq: "Specifying Multiple Hosts"). */
export function hostsLine({ options }: ServerUsage, cluster: RemoteCluster | undefined): HealthLine {
  const say = about('hosts');
  const hosts = listOf(options['hostaddr'] ?? options['host']);
  const answered = cluster?.answeredBy;
  const from = answered === undefined ? '' : `; ${answered.address}, port ${answered.port}, answered`;
  const patient = options['connect_timeout'] === undefined || Number(options['connect_timeout']) <= 0;
  if (hosts.length <= 1) {
    const message = `one host${from}: when it is gone, queries fail`;
    return patient
      ? say('note', `${message}, and without connect_timeout they may hang for minutes first`, 'Set the option connect_timeout of the server, 5 seconds say.')
      : say('ok', message);
  }
  const wanted = options['target_session_attrs'] ?? 'any';
  const order = options['load_balance_hosts'] === 'random' ? 'in random order' : 'in order';
  const message = `${hosts.length} hosts, tried ${order}, ${wanted === 'any' ? 'whichever answers' : `for one that is ${wanted}`}${from}`;
  if (patient) return say('warning', `${message}; without connect_timeout a host that swallows packets keeps the next one from its turn`, 'Set the option connect_timeout of the server, 5 seconds say.');
  if (wanted === 'any') return say('note', `${message}: after a failover that may be a standby`, 'Say what you want with the option target_session_attrs.');
  return say('ok', message);
}

function listOf(hosts: string | undefined): readonly string[] {
  return hosts === undefined ? [] : hosts.split(',');
}
