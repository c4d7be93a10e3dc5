import { examine, type DoctorRequest } from '../../src/flows/doctor.ts';
import type { HealthLine, ServerHealth } from '../../src/model/health.ts';
import type { TestDatabase } from '../servers/index.ts';

/** The servers of a database, as `fdw doctor` finds them. */
export async function examined(db: Pick<TestDatabase, 'url'>, more: Partial<DoctorRequest> = {}): Promise<readonly ServerHealth[]> {
  const { servers } = await examine({
    specPath: undefined,
    database: db.url,
    env: {},
    progress: () => undefined,
    signal: new AbortController().signal,
    readStdin: () => Promise.resolve(''),
    servers: [],
    jobs: 2,
    patience: 10_000,
    ...more,
  });
  return servers;
}

/** All lines of one server's health, the mappings' first. */
export function linesOf(servers: readonly ServerHealth[], name: string): readonly HealthLine[] {
  const health = servers.find(({ server }) => server === name);
  return health === undefined ? [] : [...health.mappings.flatMap(({ lines }) => lines), ...health.lines];
}

/** The lines of one check, `level message`, measured times as `…`. */
export function said(servers: readonly ServerHealth[], name: string, check: string): readonly string[] {
  return linesOf(servers, name)
    .filter((line) => line.check === check)
    .map(({ level, message }) => `${level} ${message}`.replaceAll(/[\d.]+ (?:ms|s|min)\b/g, '…'));
}
