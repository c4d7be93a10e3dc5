import { UserError } from '../base/user-error.ts';
import type { DemoRequest } from './types.ts';

export type { DemoRequest, LineKind, RunFdw } from './types.ts';

/**
 * Shows fdw's main job on two clusters of its own: plan, apply, a query, plan again, check-pushdown. Afterwards
 * (also when it fails or is aborted) no process and no file of it is left; with `keep`, after success, they stay.
 *
 * @throws UserError when a step fails, with the step's name; the signal's reason when it was aborted
 */
export async function runDemo(_request: DemoRequest): Promise<void> {
  return Promise.reject(new UserError('not-yet', 'The demo is not built yet.'));
}

/**
 * Stops what `runDemo` with `keep` left running, and removes its folder.
 *
 * @param folder the demo's folder, as it was printed
 * @throws UserError when this is not a demo's folder
 */
export async function stopDemo(_folder: string): Promise<void> {
  return Promise.reject(new UserError('not-yet', 'The demo is not built yet.'));
}
