import { UserError } from '../base/user-error.ts';
import { locksOf, locksOfTheirOwn } from '../plan/steps.ts';
import type { Notice, Plan } from '../plan/types.ts';
import type { Session } from '../postgres/session.ts';

/** What a server's lock table holds, in entries; all sessions share it. */
export interface LockCapacity {
  /** `max_locks_per_transaction`. */
  readonly perTransaction: number;
  /** How often that: connections, workers, prepared transactions. */
  readonly slots: number;
  /** Entries in use by others just now. */
  readonly used: number;
}

interface SettingsRow extends Record<string, unknown> {
  readonly per_transaction: number;
  readonly slots: number;
  readonly used: number;
}

/**
 * The lock table holds `max_locks_per_transaction` times all backends and prepared transactions (NLOCKENTS in
 * src/backend/storage/lmgr/lock.c; MaxBackends in src/backend/utils/init/postinit.c: connections, autovacuum workers and
 * launcher, background workers, WAL senders, and from 18 on two more). Locks by the fast path are not in it.
 */
export async function readLockCapacity(session: Session): Promise<LockCapacity> {
  const [row] = await session.query<SettingsRow>(`
    SELECT setting('max_locks_per_transaction') AS per_transaction,
      setting('max_connections') + coalesce(setting('autovacuum_worker_slots'), setting('autovacuum_max_workers')) + 1 + setting('max_worker_processes')
        + setting('max_wal_senders') + setting('max_prepared_transactions') + CASE WHEN setting('server_version_num') >= 180000 THEN 2 ELSE 0 END AS slots,
      (SELECT count(DISTINCT (locktype, database, relation, page, tuple, virtualxid, transactionid::text, classid, objid, objsubid))::int
       FROM pg_catalog.pg_locks WHERE NOT fastpath AND pid IS DISTINCT FROM pg_backend_pid()) AS used`.replaceAll(/setting\('(\w+)'\)/g, "current_setting('$1', true)::int"));
  if (row === undefined) throw new Error('a query without FROM gives one row');
  return { perTransaction: row.per_transaction, slots: row.slots, used: row.used };
}

/** Entries that a transaction can count on. */
function guaranteed({ perTransaction, slots, used }: LockCapacity): number {
  return perTransaction * slots - used;
}

/*
 * The table grows into spare shared memory, once: on 14 to 18, with 20 and 100 connections and 10, 64 and 256 locks each,
 * 1.48 to 2.5 times what is guaranteed.
 */
const likelyGrowth = 1.4;

/** How many locks the whole plan takes in one transaction. */
function locksNeeded(plan: Plan): number {
  return plan.changes.reduce((sum, change) => sum + locksOf(change), locksOfTheirOwn);
}

/** Whether one transaction will hold the plan's locks: surely, with what is spare, or not. */
export function roomFor(plan: Plan, capacity: LockCapacity): 'enough' | 'likely' | 'too-little' {
  const needed = locksNeeded(plan);
  if (needed <= guaranteed(capacity)) return 'enough';
  return needed <= guaranteed(capacity) * likelyGrowth ? 'likely' : 'too-little';
}

/** Locks for one step of `--batch`: half of what is guaranteed, as others want some too. */
export function stepBudget(capacity: LockCapacity): number {
  return Math.max(10, Math.floor(guaranteed(capacity) / 2) - locksOfTheirOwn);
}

/** What to set so that a plan fits in one transaction: a multiple of 64, as people write it, with a tenth to spare. */
function enoughLocks(plan: Plan, capacity: LockCapacity): number {
  const exact = ((locksNeeded(plan) + capacity.used) * 1.1) / capacity.slots;
  return Math.ceil(exact / 64) * 64;
}

/** What a plan says of its size, where that is of concern. */
export function lockNotices(plan: Plan, capacity: LockCapacity): readonly Notice[] {
  const room = roomFor(plan, capacity);
  if (room === 'enough') return [];
  const message =
    room === 'likely'
      ? `it takes about ${locksNeeded(plan)} locks; the server's lock table has room for ${guaranteed(capacity)}, and mostly for some more`
      : `it takes about ${locksNeeded(plan)} locks, for which the server's lock table has no room: raise max_locks_per_transaction to ${enoughLocks(plan, capacity)}, or use \`fdw apply --batch\``;
  return [{ address: 'the plan as a whole', message }];
}

/** @param cause the server's `out of shared memory`, where it was met after all */
export function tooLarge(plan: Plan, capacity: LockCapacity, cause?: unknown): UserError {
  const { perTransaction, slots } = capacity;
  return new UserError('plan-too-large', 'This plan is too large for one transaction on this server; nothing was applied.', {
    why:
      `Its ${plan.changes.length} changes take about ${locksNeeded(plan)} locks until they commit. The server's lock table, which all sessions share, ` +
      `has room for ${Math.max(0, guaranteed(capacity))} (max_locks_per_transaction = ${perTransaction}, times ${slots}, less ${capacity.used} in use).`,
    todo:
      `Set max_locks_per_transaction = ${enoughLocks(plan, capacity)} or more and restart the server (first its standbys, which need as much); ` +
      'or carry it out in several transactions, each whole in itself: `fdw apply --batch`.',
    cause,
  });
}
