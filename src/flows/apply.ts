import { applyInSteps } from '../apply/apply-in-steps.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import { refuseHazards } from '../apply/refuse-hazards.ts';
import { readRebuilds } from '../catalog/rebuild/read-rebuilds.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { summarise } from '../plan/make-plan.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import type { Provenance } from '../plan/provenance.ts';
import type { Plan } from '../plan/types.ts';
import { tryMapping } from '../remote/try-mapping.ts';
import { loadSpec } from '../spec/load-spec.ts';
import type { LoadedSpec } from '../spec/types.ts';
import { openLocalDatabase } from './local-database.ts';
import { connectionToPlace, explainMissingPassword } from './plan-place.ts';
import { type OpenPlan, openPlan } from './plan.ts';
import { readinessFor, refuseUnready } from './readiness.ts';
import { changedRemotes, compareWithSpec, refuseOtherDatabase } from './saved-plan.ts';
import { scopeOf } from './scope.ts';
import { revealSecrets, secretsIn } from './secrets.ts';
import type { ApplyOptions, FlowRequest, PreparedApply } from './types.ts';

/** Computes the plan and keeps the connection, so that it can be shown and then carried out. */
export async function prepareApply(request: FlowRequest): Promise<PreparedApply> {
  const open = await openPlan(request);
  return { warnings: open.warnings, likelyRenames: open.likelyRenames, ...prepared({ ...open, remotes: [] }, request) };
}

/**
 * The same from a plan file's text. Without `--database` and FDW_DATABASE_URL it connects to where the plan
 * was made; the spec is read only for the way there.
 * @throws UserError `plan-file-invalid`, `plan-other-database`, and `plan-stale` from `execute`
 */
export async function prepareApplyFromFile(request: FlowRequest, planFileText: string): Promise<PreparedApply> {
  const saved = parsePlanFile(planFileText);
  const { plan, madeFrom } = saved;
  const spec = await specOf(madeFrom, request);
  const outdated = compareWithSpec(saved, spec, request.specPath);
  const reveal = await revealSecrets(secretsIn(plan.desired), request.env, request.signal);
  request.progress('connecting to the local database');
  const { session, identity, warnings, reconnect } = await openLocalDatabase({
    flag: request.database,
    spec: await connectionToPlace(plan.database, [spec?.spec.database?.value, request.env['DATABASE_URL']], request.env),
    env: request.env,
    signal: request.signal,
  }).catch((error: unknown) => {
    throw explainMissingPassword(error);
  });
  try {
    await refuseOtherDatabase(session, saved);
    const here: Plan = { ...plan, database: { ...identity, chosenBy: chosenFor(identity.chosenBy) } };
    const ready = { session, plan: here, reveal, reconnect, remotes: madeFrom.remotes, readiness: await readinessFor(session, plan) };
    return { warnings: [...warnings, ...outdated], likelyRenames: [], ...prepared(ready, request) };
  } catch (error) {
    await session.close();
    throw error;
  }
}

const defaultOptions: ApplyOptions = { tryMappings: true, allow: [], batch: false, retries: 3, wait: 5_000, lockTimeout: 5_000, statementTimeout: 300_000 };

/* Between two tries. Milliseconds. */
const longestPause = 30_000;

/** What stood in for the spec here is the plan file. */
function chosenFor(chosenBy: string): string {
  return chosenBy === 'the spec' ? 'the plan file' : chosenBy;
}

/** The spec may be gone or broken by now: the plan file does without. */
async function specOf({ spec: { environment } }: Provenance, { specPath, readStdin, env }: FlowRequest): Promise<LoadedSpec | undefined> {
  return specPath === '-' ? undefined : loadSpec({ path: specPath, environment, readStdin, env }).catch(() => undefined);
}

/** What carrying out a plan takes. */
interface Ready extends Pick<OpenPlan, 'session' | 'plan' | 'readiness' | 'reveal' | 'reconnect'> {
  /** What must still be so on the remotes. */
  readonly remotes: Provenance['remotes'];
}

function prepared({ session, plan, reveal, readiness, reconnect, remotes }: Ready, { progress, signal, exposeSecrets = false }: Pick<FlowRequest, 'progress' | 'signal' | 'exposeSecrets'>): Omit<PreparedApply, 'warnings' | 'likelyRenames'> {
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
