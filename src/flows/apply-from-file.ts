import { access } from 'node:fs/promises';
import { parsePlanFile } from '../plan/plan-file.ts';
import type { Provenance } from '../plan/provenance.ts';
import type { Plan } from '../plan/types.ts';
import type { LoadedSpec } from '../spec/types.ts';
import { openLocalDatabase } from './local-database.ts';
import { connectionToPlace, explainMissingPassword } from './plan-place.ts';
import { prepared } from './prepared-apply.ts';
import { readinessFor } from './readiness.ts';
import { compareWithSpec, refuseOtherDatabase } from './saved-plan.ts';
import { revealSecrets, secretsIn } from './secrets.ts';
import type { FlowRequest, PreparedApply } from './types.ts';

/**
 * What `prepareApply` does, from a plan file's text. Without `--database` and FDW_DATABASE_URL it connects to where the plan
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

/** What stood in for the spec here is the plan file. */
function chosenFor(chosenBy: string): string {
  return chosenBy === 'the spec' ? 'the plan file' : chosenBy;
}

/** The spec may be gone or broken by now: the plan file does without. */
async function specOf({ spec: { environment } }: Provenance, { specPath, readStdin, env }: FlowRequest): Promise<LoadedSpec | undefined> {
  if (specPath === '-' || !(await exists(specPath))) return undefined;
  // What reads a spec is large; a plan file can be carried out without.
  const { loadSpec } = await import('../spec/load-spec.ts');
  return loadSpec({ path: specPath, environment, readStdin, env }).catch(() => undefined);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
