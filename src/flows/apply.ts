import { applyPlan } from '../apply/apply-plan.ts';
import { refuseHazards } from '../apply/refuse-hazards.ts';
import { UserError } from '../base/user-error.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import type { Plan } from '../plan/types.ts';
import { tryMapping } from '../remote/try-mapping.ts';
import { openLocalDatabase } from './local-database.ts';
import { connectionToPlace, explainMissingPassword } from './plan-place.ts';
import { type OpenPlan, openPlan } from './plan.ts';
import { revealSecrets, secretsIn } from './secrets.ts';
import type { ApplyOptions, FlowRequest, PreparedApply } from './types.ts';

/** Computes the plan and keeps the connection, so that it can be shown and then carried out. */
export async function prepareApply(request: FlowRequest): Promise<PreparedApply> {
  const { plan, warnings, session, reveal, reconnect } = await openPlan(request);
  return { warnings, ...prepared({ session, plan, reveal, reconnect }, request) };
}

/**
 * The same from a plan file's text. Without `--database` and FDW_DATABASE_URL it connects to where the plan
 * was made; the spec is read only for the way there.
 * @throws UserError `plan-file-invalid`, `plan-other-database`, and `plan-stale` from `execute`
 */
export async function prepareApplyFromFile(request: FlowRequest, planFileText: string): Promise<PreparedApply> {
  const plan = parsePlanFile(planFileText);
  const reveal = await revealSecrets(secretsIn(plan.desired), request.env, request.signal);
  request.progress('connecting to the local database');
  const { session, identity, warnings, reconnect } = await openLocalDatabase({
    flag: request.database,
    spec: await connectionToPlace(plan.database, request),
    env: request.env,
    signal: request.signal,
  }).catch((error: unknown) => {
    throw explainMissingPassword(error);
  });
  if (identity.name !== plan.database.name) {
    await session.close();
    throw new UserError('plan-other-database', `This plan was made for database "${plan.database.name}", and this is "${identity.name}".`, {
      todo: 'Name the database with --database, or make a plan for this one.',
    });
  }
  const here: Plan = { ...plan, database: { ...identity, chosenBy: chosenFor(identity.chosenBy) } };
  return { warnings, ...prepared({ session, plan: here, reveal, reconnect }, request) };
}

const defaultOptions: ApplyOptions = { tryMappings: true, allow: [], retries: 3, wait: 5_000, lockTimeout: 5_000, statementTimeout: 300_000 };

/* Between two tries. Milliseconds. */
const longestPause = 30_000;

/** What stood in for the spec here is the plan file. */
function chosenFor(chosenBy: string): string {
  return chosenBy === 'the spec' ? 'the plan file' : chosenBy;
}

/** What carrying out a plan takes. */
type Ready = Pick<OpenPlan, 'session' | 'plan' | 'reveal' | 'reconnect'>;

function prepared({ session, plan, reveal, reconnect }: Ready, { progress, signal }: Pick<FlowRequest, 'progress' | 'signal'>): Omit<PreparedApply, 'warnings'> {
  return {
    plan,
    refuse: (allow) => refuseHazards(plan, allow),
    execute: async (how = {}) => {
      const { tryMappings, allow, retries, ...limits } = { ...defaultOptions, ...how };
      const done = await applyPlan(session, plan, {
        reveal,
        readActual: async () => readCatalog(session, { schemas: plan.desired.schemas.map(({ name }) => name) }),
        reconnect,
        tryMapping: tryMappings ? async ({ server, role }) => tryMapping(session, server, role) : undefined,
        progress,
        signal,
        allow,
        limits,
        retryAfter: Array.from({ length: retries }, (_, index) => Math.min(1_000 * 2 ** index, longestPause)),
      });
      return { applied: plan.summary, ...done };
    },
    close: async () => session.close(),
  };
}
