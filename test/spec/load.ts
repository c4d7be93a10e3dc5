import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpecError, type Problem } from '../../src/base/spec-error.ts';
import { loadSpec } from '../../src/spec/load-spec.ts';
import type { LoadedSpec } from '../../src/spec/types.ts';

/** Loads a spec from text, as if it came from standard input. */
export function load(text: string, env: NodeJS.ProcessEnv = {}, environment?: string): Promise<LoadedSpec> {
  return loadSpec({ path: '-', readStdin: () => Promise.resolve(text), env, environment });
}

/** The problems of a spec; none where it loads. Anything thrown but a SpecError goes through. */
export async function problemsOf(text: string | Uint8Array, env: NodeJS.ProcessEnv = {}, environment?: string): Promise<readonly Problem[]> {
  return typeof text === 'string' ? caught(() => load(text, env, environment)) : withFile(text, (path) => caught(() => loadSpec({ path, env, environment })));
}

/** The problems that a load ends in. */
export async function caught(loading: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await loading();
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
}

/** Runs with a file `fdw.yaml` of these bytes in a folder of its own. */
export async function withFile<Result>(bytes: Uint8Array, use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'fdw-spec-'));
  try {
    const path = join(folder, 'fdw.yaml');
    await writeFile(path, bytes);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `3:5 message` for each problem. */
export function brief(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ at, message }) => `${at?.line}:${at?.column} ${message}`);
}
