import { setTimeout } from 'node:timers/promises';
import { UserError } from '../base/user-error.ts';
import type { Session } from '../postgres/session.ts';
import type { Workers } from '../postgres/workers.ts';

/**
 * How many sessions there are where nobody says. Asking about what is blocked is mostly waiting, for the database to plan and for the line to
 * it: over four it takes 0.6 times as long beside the database, and 0.3 times with 2 ms each way (bench/pushdown.ts). Where all is sent,
 * a thousand queries take some 70 ms longer.
 */
export const several = 4;

/** A session is given as many queries or Remote SQLs at least: it asks some questions about its catalogs once, and connects to the remote. */
export const leastShare = 8;

/** How many sessions are of use. @param jobs as the user says */
export function limitFor(things: number, jobs = several): number {
  return Math.max(1, Math.min(jobs, Math.ceil(things / leastShare)));
}

/**
 * Does jobs that ask remotes. A remote that keeps silent costs the whole session with the database before 16: that is the result of the job
 * then, and of those after it where the database has no other session for them.
 */
export async function askEach<Job, Result>(workers: Workers, jobs: readonly Job[], limit: number, ask: (session: Session, job: Job) => Promise<Result>, signal?: AbortSignal): Promise<readonly (Result | UserError)[]> {
  const found = new Map<number, Result | UserError>();
  let silent: UserError | undefined;
  try {
    await workers.each([...jobs.entries()], limit, async (session, [index, job]) => {
      signal?.throwIfAborted();
      try {
        found.set(index, await ask(session, job));
        return { result: undefined, stuck: false };
      } catch (error) {
        if (!(error instanceof UserError) || error.id !== 'remote-timeout') throw error;
        silent ??= error;
        found.set(index, error);
        return { result: undefined, stuck: true };
      }
    });
  } catch (error) {
    if (silent === undefined || !(error instanceof UserError) || signal?.aborted === true) throw error;
    for (const index of jobs.keys()) if (!found.has(index)) found.set(index, silent);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, result]) => result);
}

/** How often, and how many milliseconds apart, a remote is asked again that has just lost a connection, which it may not know yet. */
const again = { times: 5, every: 100 };

/**
 * Does jobs like `askEach`. A remote may refuse further connections (a role's CONNECTION LIMIT): what failed for want of one is done over again
 * by one session, when the others are gone.
 *
 * @param refused whether a result says that there was no connection
 */
export async function askEachAgain<Job, Result>(workers: Workers, jobs: readonly Job[], limit: number, ask: (session: Session, job: Job) => Promise<Result>, refused: (result: Result) => boolean, signal?: AbortSignal): Promise<readonly (Result | UserError)[]> {
  const found = [...(await askEach(workers, jobs, limit, ask, signal))];
  const isRefused = (result: Result | UserError | undefined): boolean => result !== undefined && !(result instanceof UserError) && refused(result);
  const left = [...jobs.entries()].filter(([index]) => isRefused(found[index]));
  if (limit === 1 || left.length === 0) return found;
  await workers.alone();
  const [first, ...others] = left;
  if (first === undefined) return found;
  const redo = async (which: typeof left): Promise<void> => {
    const results = await askEach(workers, which, 1, (session, [, job]) => ask(session, job), signal);
    for (const [at, result] of results.entries()) {
      const [index] = which[at] ?? [];
      if (index !== undefined) found[index] = result;
    }
  };
  for (let turn = 0; turn < again.times && isRefused(found[first[0]]); turn += 1) {
    if (turn > 0) await setTimeout(again.every);
    await redo([first]);
  }
  await redo(others);
  return found;
}
