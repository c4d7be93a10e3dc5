import type { Problem } from '../base/spec-error.ts';
import type { DatabaseIdentity } from '../plan/types.ts';
import type { Session } from '../postgres/session.ts';
import type { Spec } from '../spec/types.ts';
import { openLocalDatabase } from './local-database.ts';
import { optionalSpec } from './optional-spec.ts';
import { type SessionPool, sessionPool } from './session-pool.ts';
import type { FlowRequest } from './types.ts';

/** A flow that a spec may tell of, but need not. */
export type OptionalSpecRequest = Omit<FlowRequest, 'specPath'> & { readonly specPath: string | undefined };

/** What a look through many servers works with. */
export interface Sessions {
  readonly spec: Spec | undefined;
  /** The first session with the local database, which is of the pool too. */
  readonly session: Session;
  readonly pool: SessionPool;
}

/** What every such look says beside what it found. */
export interface About {
  readonly database: DatabaseIdentity;
  readonly warnings: readonly Problem[];
}

/**
 * Reads the spec if there is one, connects to the local database, and closes all sessions again once `work` is done.
 * @throws SpecError, connection errors of the local database, what `work` throws
 */
export async function withSessions<T extends object>(request: OptionalSpecRequest, work: (sessions: Sessions) => Promise<T>): Promise<T & About> {
  const loaded = await optionalSpec(request);
  request.progress('connecting to the local database');
  const local = await openLocalDatabase({ flag: request.database, spec: loaded?.spec.database?.value, env: request.env, signal: request.signal });
  const pool = sessionPool(local, request.signal);
  try {
    const found = await work({ spec: loaded?.spec, session: local.session, pool });
    return { ...found, database: local.identity, warnings: [...(loaded?.warnings ?? []), ...local.warnings] };
  } finally {
    await pool.close();
  }
}
