import { UserError } from '../base/user-error.ts';
import type { Session } from '../postgres/session.ts';

/** Who kept a lock from us when somebody last looked. */
export interface LockHeld {
  /** The lock that was waited for, in words; undefined: it could not be seen. */
  readonly wanted: string | undefined;
  readonly holders: readonly LockHolder[];
  /** Why nobody could look; undefined: it was looked at. */
  readonly unseen: string | undefined;
}

/** A session in the way. What it runs is not asked: the text may hold secrets of others. */
export interface LockHolder {
  /** 0: a prepared transaction, which no session runs. */
  readonly pid: number;
  readonly words: string;
}

interface HolderRow extends Record<string, unknown> {
  readonly pid: number;
  /** Of the lock that is waited for, as pg_locks has them: `AccessExclusiveLock`. */
  readonly mode: string | null;
  readonly subject: string | null;
  readonly role: string | null;
  readonly application: string | null;
  readonly state: string | null;
  readonly transaction: string | null;
  readonly statement: string | null;
}

/** What is watched. */
interface Watching {
  /** Milliseconds that a statement waits for a lock; 0: without limit. */
  readonly lockTimeout: number;
  readonly reconnect: () => Promise<Session>;
  readonly progress: (step: string) => void;
}

/**
 * Looks who is in the way while a backend waits for a lock: afterwards nobody can tell. Only where it takes so long that there may be somebody,
 * over a connection of its own, which is closed again.
 *
 * @param pid of the backend
 * @returns what ends it and gives what was seen last; may be called twice
 */
export function watchLocks(pid: number, { lockTimeout, reconnect, progress }: Watching): () => Promise<LockHeld | undefined> {
  const pause = lockTimeout === 0 ? 2_500 : lockTimeout / 2;
  let seen: LockHeld | undefined;
  let told = '';
  let stopped = false;
  let session: Session | undefined;
  const look = async (): Promise<void> => {
    try {
      session ??= await reconnect();
      const held = await readHolders(session, pid);
      if (held === undefined) return;
      seen = held;
      const line = `waiting for ${held.wanted ?? 'a lock'}, held by ${wordsOf(held)}`;
      if (line !== told) progress(line);
      told = line;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      seen ??= { wanted: undefined, holders: [], unseen: error.message };
      stopped = true;
    }
  };
  let looking = Promise.resolve();
  const next = (): void => {
    looking = look().finally(() => {
      if (!stopped) timer = setTimeout(next, Math.max(50, pause / 5));
    });
    looking.catch(() => undefined); // Whoever ends it gets the error.
  };
  let timer = setTimeout(next, pause);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    try {
      await looking;
    } finally {
      await session?.close();
      session = undefined;
    }
    return seen;
  };
}

/* Of sessions of other roles, state and times are NULL without pg_read_all_stats (postgresql.org/docs/18/monitoring-stats.html). */
async function readHolders(session: Session, pid: number): Promise<LockHeld | undefined> {
  const rows = await session.query<HolderRow>(
    `SELECT b.pid, w.mode, w.subject, a.usename AS role, nullif(a.application_name, '') AS application, a.state,
       to_char(a.xact_start, 'HH24:MI:SS') || ' (' || ceil(extract(epoch FROM clock_timestamp() - a.xact_start)) || ' s)' AS transaction, to_char(a.query_start, 'HH24:MI:SS') AS statement
     FROM (SELECT DISTINCT unnest(pg_blocking_pids($1)) AS pid) b LEFT JOIN pg_stat_activity a ON a.pid = b.pid
     LEFT JOIN (SELECT l.mode, coalesce(l.relation::regclass::text, l.locktype) AS subject FROM pg_locks l WHERE l.pid = $1 AND NOT l.granted LIMIT 1) w ON true
     ORDER BY b.pid`,
    [pid],
  );
  const [first] = rows;
  return first === undefined ? undefined : { wanted: wantedOf(first), holders: rows.map(holderOf), unseen: undefined };
}

function wantedOf({ mode, subject }: HolderRow): string | undefined {
  return mode === null || subject === null ? undefined : `${mode.replace(/Lock$/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase()} on ${subject}`;
}

function holderOf({ pid, role, application, state, transaction, statement }: HolderRow): LockHolder {
  if (pid === 0) return { pid, words: 'a prepared transaction' };
  const who = `backend ${pid} (role ${role ?? 'unknown'}, application ${application ?? 'unknown'}`;
  if (state === null) return { pid, words: `${who}; this role may not see what it does)` };
  return { pid, words: `${who}, ${state}${transaction === null ? '' : `, in a transaction since ${transaction}`}${statement === null ? '' : `, last statement at ${statement}`})` };
}

function wordsOf({ holders }: LockHeld): string {
  return holders.map(({ words }) => words).join(', ');
}

/** Why a lock did not come. */
export function whyNot(held: LockHeld | undefined): string {
  if (held?.unseen !== undefined) return `Another session holds a lock on it; which one could not be seen: ${held.unseen}`;
  return held === undefined ? 'Another session held a lock on it, and was gone when it was looked for.' : `It waited for ${held.wanted ?? 'a lock'}, held by ${wordsOf(held)}.`;
}

/** How to look further, and what to do about it. */
export function howToFind(held: LockHeld | undefined): string {
  const pids = held?.holders.flatMap(({ pid }) => (pid === 0 ? [] : [pid])) ?? [];
  const prepared = held?.holders.some(({ pid }) => pid === 0) === true ? 'SELECT * FROM pg_prepared_xacts; shows prepared transactions. ' : '';
  if (pids.length === 0) return `${prepared}Look with SELECT pid, usename, state, query FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY xact_start;`;
  return `${prepared}Look closer with SELECT * FROM pg_stat_activity WHERE pid IN (${pids.join(', ')}); to end it: SELECT pg_terminate_backend(${pids[0] ?? ''});`;
}
