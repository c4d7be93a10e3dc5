import { UserError } from '../base/user-error.ts';
import type { Session } from '../postgres/session.ts';
import type { Done, Workers } from '../postgres/workers.ts';
import type { LocalDatabase } from './local-database.ts';

/**
 * Sessions with the local database, so that what waits for one remote does not hold up what is asked of another. There is the one that was
 * opened first; more are opened when there is work for them, and are kept until the pool is closed.
 */
export interface SessionPool extends Workers {
  close(): Promise<void>;
}

/** @param signal Ctrl-C, for sessions that are opened later */
export function sessionPool({ session, reconnect }: Pick<LocalDatabase, 'session' | 'reconnect'>, signal: AbortSignal): SessionPool {
  const open = new Set([session]);
  const idle = [session];

  const take = async (): Promise<Session> => {
    const kept = idle.pop();
    if (kept !== undefined) return kept;
    const fresh = await reconnect(signal);
    open.add(fresh);
    return fresh;
  };

  return {
    async each<Job, Result>(jobs: readonly Job[], limit: number, work: (session: Session, job: Job) => Promise<Done<Result>>): Promise<readonly Result[]> {
      const results: { readonly at: number; readonly result: Result }[] = [];
      const waiting = [...jobs.entries()];
      let workers = Math.min(limit, jobs.length);
      const run = async (): Promise<void> => {
        let own: Session | undefined;
        try {
          while (waiting.length > 0) {
            own ??= await take();
            const next = waiting.shift();
            if (next === undefined) break;
            const [at, job] = next;
            const { result, stuck } = await work(own, job);
            results.push({ at, result });
            if (!stuck) continue;
            open.delete(own);
            await own.close();
            own = undefined;
          }
        } catch (error) {
          // The others can do what is left.
          const onlyLackedOne = own === undefined && workers > 1 && error instanceof UserError && !signal.aborted;
          if (onlyLackedOne) workers -= 1;
          else {
            waiting.length = 0;
            throw error;
          }
        } finally {
          if (own !== undefined) idle.push(own);
        }
      };
      const ends = await Promise.allSettled(Array.from({ length: workers }, run));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      return results.sort((a, b) => a.at - b.at).map(({ result }) => result);
    },
    async alone() {
      const others = idle.splice(1);
      for (const each of others) open.delete(each);
      await Promise.all(others.map(async (each) => each.close()));
    },
    async close() {
      await Promise.all([...open].map(async (each) => each.close()));
      open.clear();
    },
  };
}
