import type { Problem } from '../../base/spec-error.ts';
import type { Session } from '../../postgres/session.ts';
import type { Spec } from '../../spec/types.ts';
import { openSnapshot } from '../open-snapshot.ts';
import type { OfflineRequest, Progress } from '../types.ts';
import { applySpecOffline } from './apply-spec.ts';
import { loadDump } from './load-dump.ts';
import { openScratch, readDump } from './open-scratch.ts';

/** A database to judge queries in, made of a dump and a spec, with nothing behind its servers. */
export interface OfflineDatabase {
  readonly session: Session;
  /** A further connection to it; whoever asks for it closes it. */
  readonly reconnect: () => Promise<Session>;
  readonly warnings: readonly Problem[];
  readonly close: () => Promise<void>;
}

/**
 * Makes one on a scratch cluster. No network, no secrets; nothing is left when it is closed, or the process ends.
 * @throws UserError where the binaries are missing, or the dump cannot be read
 */
export async function offlineDatabase(offline: OfflineRequest, spec: Spec | undefined, progress: Progress, signal: AbortSignal): Promise<OfflineDatabase> {
  const dump = offline.schema === undefined ? undefined : { file: offline.schema, text: await readDump(offline.schema) };
  const snapshot = offline.snapshot === undefined ? undefined : await openSnapshot(offline.snapshot);
  progress('starting a scratch PostgreSQL');
  const scratch = await openScratch(offline.postgres, signal);
  try {
    progress('building the schema');
    const fromDump = dump === undefined ? [] : await loadDump(scratch.session, dump, signal);
    const session = await scratch.reconnect();
    const fromSpec = spec === undefined ? [] : await applySpecOffline(session, spec, snapshot, progress);
    const estimating = await withoutRemoteEstimates(session);
    return { session, reconnect: () => scratch.further(), warnings: [...fromDump, ...fromSpec, ...estimating], close: () => scratch.close() };
  } catch (error) {
    await scratch.close();
    throw error;
  }
}

/** With `use_remote_estimate` the planner itself would ask the remote. */
async function withoutRemoteEstimates(session: Session): Promise<readonly Problem[]> {
  const [found] = await session.query<{ servers: number; tables: number }>(`
    SELECT (SELECT count(*)::int FROM pg_foreign_server WHERE ${estimates('srvoptions')}) AS servers,
      (SELECT count(*)::int FROM pg_foreign_table WHERE ${estimates('ftoptions')}) AS tables`);
  if (found === undefined || found.servers + found.tables === 0) return [];
  await session.query(`DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT srvname FROM pg_foreign_server WHERE ${estimates('srvoptions')} LOOP
      EXECUTE format('ALTER SERVER %I OPTIONS (SET use_remote_estimate ''false'')', one.srvname); END LOOP;
    FOR one IN SELECT ftrelid::regclass AS relation FROM pg_foreign_table WHERE ${estimates('ftoptions')} LOOP
      EXECUTE format('ALTER FOREIGN TABLE %s OPTIONS (SET use_remote_estimate ''false'')', one.relation); END LOOP; END $$`);
  return [{ message: 'use_remote_estimate is off here: what is only not chosen may differ', at: undefined }];
}

const estimates = (options: string): string => `EXISTS (SELECT FROM unnest(${options}) AS option WHERE option LIKE 'use_remote_estimate=%' AND option <> 'use_remote_estimate=false')`;
