import { UserError } from '../base/user-error.ts';
import { loadSpec } from '../spec/load-spec.ts';
import type { LoadedSpec } from '../spec/types.ts';
import type { CheckRequest } from './types.ts';

/** The spec of a command that does without one, if there is one. */
export async function optionalSpec({ specPath, environment, readStdin, env }: Pick<CheckRequest, 'specPath' | 'environment' | 'readStdin' | 'env'>): Promise<LoadedSpec | undefined> {
  if (specPath !== undefined) return loadSpec({ path: specPath, environment, readStdin, env });
  if (environment === undefined) return undefined;
  throw new UserError('usage', `There is no spec that could have the environment ${environment}.`, { todo: 'Name the spec with --spec, or leave out --env.' });
}
