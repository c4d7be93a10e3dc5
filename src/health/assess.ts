import type { HealthExpectation, HealthLine, MappingHealth, ServerHealth } from '../model/health.ts';
import { isLogin, type LocalCluster, type MappingVitals, type ServerVitals } from '../model/vitals.ts';
import { connectionsLine } from './capacity.ts';
import { expectationLines } from './expect.ts';
import { extensionLines } from './extensions.ts';
import { hostsLine } from './hosts.ts';
import { localeLines } from './locale.ts';
import { loginFailed, loginLines } from './login.ts';
import { readerLines } from './readers.ts';
import { replicationLines } from './replication.ts';
import { statistics, usageLines } from './usage.ts';
import { versionLine } from './version.ts';

/**
 * What the vitals of a server mean.
 * @param expected what the spec expects of it, if anything
 * @param now to tell how long passwords still work
 */
export function assess(vitals: ServerVitals, local: LocalCluster, expected: HealthExpectation | undefined, now: Date): ServerHealth {
  const { server, wrapper, mappings } = vitals;
  return {
    server,
    wrapper,
    mappings: mappings.map((mapping) => mappingHealth(mapping, vitals, now)),
    lines: [...serverLines(vitals, local), ...(expected === undefined ? [] : expectationLines(expected, vitals))],
  };
}

function mappingHealth({ role, login }: MappingVitals, { usage }: ServerVitals, now: Date): MappingHealth {
  return { role, lines: isLogin(login) ? loginLines(login, usage.options, now) : loginFailed(login) };
}

function serverLines(vitals: ServerVitals, local: LocalCluster): readonly HealthLine[] {
  const { cluster, usage, mappings, wrapper } = vitals;
  // The options and their defaults mean what they mean to postgres_fdw.
  if (wrapper !== 'postgres_fdw') return statistics(usage);
  const login = mappings.map((mapping) => mapping.login).find(isLogin);
  if (cluster === undefined || login === undefined) return [hostsLine(usage, undefined), ...usageLines(usage, local, undefined), ...readerLines(vitals)];
  return [
    versionLine(login.versionNum, local.versionNum),
    ...replicationLines(cluster, usage),
    hostsLine(usage, cluster),
    ...localeLines(local, cluster, usage),
    connectionsLine(local, cluster, usage, mappings.length),
    ...extensionLines(local, cluster, usage),
    ...usageLines(usage, local, login.roundTripMs),
    ...readerLines(vitals),
  ];
}
