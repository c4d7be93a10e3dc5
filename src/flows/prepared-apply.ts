import { applyInSteps } from '../apply/apply-in-steps.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import { refuseHazards } from '../apply/refuse-hazards.ts';
import { readRebuilds } from '../catalog/rebuild/read-rebuilds.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { summarise } from '../plan/make-plan.ts';
import type { Provenance } from '../plan/provenance.ts';
import { tryMapping } from '../remote/try-mapping.ts';
import type { OpenPlan } from './plan.ts';
import { refuseUnready } from './readiness.ts';
import { changedRemotes } from './saved-plan.ts';
import { scopeOf } from './scope.ts';
import type { ApplyOptions, FlowRequest, PreparedApply } from './types.ts';

const defaultOptions: ApplyOptions = { tryMappings: true, allow: [], batch: false, retries: 3, wait: 5_000, lockTimeout: 5_000, statementTimeout: 300_000 };

/* Between two tries. Milliseconds. */
const longestPause = 30_000;

/** What carrying out a plan takes. */
interface Ready extends Pick<OpenPlan, 'session' | 'plan' | 'readiness' | 'reveal' | 'reconnect'> {
  /** What must still be so on the remotes. */
  readonly remotes: Provenance['remotes'];
}

/** A plan and its connection as what can be refused, carried out, and given back. */
export function prepared({ session, plan, reveal, readiness, reconnect, remotes }: Ready, { progress, signal, exposeSecrets = false }: Pick<FlowRequest, 'progress' | 'signal' | 'exposeSecrets'>): Omit<PreparedApply, 'warnings' | 'likelyRenames'> {
  const refuse: PreparedApply['refuse'] = ({ allow, batch }) => {
    refuseHazards(plan, allow);
    refuseUnready(plan, readiness, { batch, exposeSecrets });
  };
  return {
    plan,
    refuse,
    execute: async (how = {}) => {
      const { tryMappings, allow, batch, retries, ...limits } = { ...defaultOptions, ...how };
      refuse({ allow, batch });
      const run = batch ? applyInSteps : applyPlan;
      const { changes, ...done } = await run(session, plan, {
        reveal,
        readActual: async () => readCatalog(session, scopeOf(plan.desired)),
        readRebuilds: async (relations, servers) => readRebuilds(session, relations, servers),
        reconnect,
        remoteDifferences: tryMappings && remotes.length > 0 ? async () => changedRemotes(session, remotes) : undefined,
        tryMapping: tryMappings ? async ({ server, role }) => tryMapping(session, server, role) : undefined,
        progress,
        signal,
        allow,
        limits,
        retryAfter: Array.from({ length: retries }, (_, index) => Math.min(1_000 * 2 ** index, longestPause)),
      });
      return { applied: summarise(changes), ...done };
    },
    close: async () => session.close(),
  };
}
