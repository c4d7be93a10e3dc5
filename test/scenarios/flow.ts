import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareApplyFromFile } from '../../src/flows/apply-from-file.ts';
import { prepareApply } from '../../src/flows/apply.ts';
import { planFromSpec } from '../../src/flows/plan.ts';
import type { ApplyOptions, ApplyResult, FlowRequest, PreparedApply } from '../../src/flows/types.ts';
import { serialisePlan } from '../../src/plan/plan-file.ts';
import type { Plan } from '../../src/plan/types.ts';
import { sensitive } from '../../src/base/secret.ts';
import { render } from '../../src/sql/statement.ts';

/** A user's working folder with a spec in it, and the journeys on that spec. */
export interface Workplace {
  readonly specPath: string;
  write(spec: string): Promise<void>;
  plan(more?: Partial<FlowRequest>): Promise<Plan>;
  /** The text of a plan file. */
  save(): Promise<string>;
  /** Carries out a plan file; with the warnings about it. */
  applySaved(text: string, how?: Partial<ApplyOptions>): Promise<ApplyResult & { readonly warnings: readonly string[] }>;
  /** A plan that is ready to be carried out, and has not been. */
  prepare(): Promise<PreparedApply>;
  apply(how?: Partial<ApplyOptions>, more?: Partial<FlowRequest>): Promise<ApplyResult>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * @param database the local database's URL
 * @param env what the spec's references find
 */
export async function workplace(database: string, env: NodeJS.ProcessEnv = {}): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'fdw-scenario-'));
  const specPath = join(folder, 'fdw.yaml');
  const request: FlowRequest = {
    specPath,
    database,
    env,
    progress: () => undefined,
    signal: new AbortController().signal,
    readStdin: async () => Promise.resolve(''),
  };
  return {
    specPath,
    write: async (spec) => writeFile(specPath, spec),
    plan: async (more) => (await planFromSpec({ ...request, ...more })).plan,
    save: async () => serialisePlan(await planFromSpec(request)),
    applySaved: async (text, how) => {
      const prepared = await prepareApplyFromFile(request, text);
      try {
        return { ...(await prepared.execute(how)), warnings: prepared.warnings.map(({ message }) => message) };
      } finally {
        await prepared.close();
      }
    },
    prepare: async () => prepareApply(request),
    apply: async (how, more) => {
      const prepared = await prepareApply({ ...request, ...more });
      try {
        return await prepared.execute(how);
      } finally {
        await prepared.close();
      }
    },
    [Symbol.asyncDispose]: async () => rm(folder, { recursive: true }),
  };
}

/** The changes of a plan, a line each: `create server shop`. */
export function changesOf(plan: Plan): readonly string[] {
  return plan.changes.map(({ action, address }) => `${action} ${address}`);
}

/** The statements of a plan, secrets hidden. */
export function sqlOf(plan: Plan): readonly string[] {
  return plan.changes.flatMap(({ statements }) => statements.map((statement) => render(statement, () => sensitive)));
}
