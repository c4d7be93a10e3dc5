import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareApply } from '../../src/flows/apply.ts';
import { planFromSpec } from '../../src/flows/plan.ts';
import { pullSpec, type PullResult } from '../../src/flows/pull.ts';
import type { Plan } from '../../src/plan/types.ts';
import type { PullFilter } from '../../src/pull/types.ts';

const around = { progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve('') };

/** Pulls a spec from a database. */
export async function pull(database: string, filter: Partial<PullFilter> = {}, askRemotes = true, patience = 15_000): Promise<PullResult> {
  return pullSpec({ ...around, database, env: {}, askRemotes, patience, filter: { servers: [], schemas: [], ...filter } });
}

/** Plans with a pulled spec. `env` holds what its secrets' variables shall hold. */
export async function planWith(pulled: PullResult, database: string, env: NodeJS.ProcessEnv): Promise<Plan> {
  return withSpec(pulled, async (specPath) => (await planFromSpec({ ...around, specPath, database, env })).plan);
}

/** Applies a pulled spec. */
export async function applyWith(pulled: PullResult, database: string, env: NodeJS.ProcessEnv): Promise<void> {
  await withSpec(pulled, async (specPath) => {
    const prepared = await prepareApply({ ...around, specPath, database, env });
    await prepared.execute({ tryMappings: false }).finally(async () => prepared.close());
  });
}

async function withSpec<T>({ text }: PullResult, work: (specPath: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fdw-pull-'));
  try {
    const specPath = join(folder, 'fdw.yaml');
    await writeFile(specPath, text);
    return await work(specPath);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every variable of a pulled spec with one value. */
export function allSet({ variables }: PullResult, value: string): NodeJS.ProcessEnv {
  return Object.fromEntries(variables.map((name) => [name, value]));
}
