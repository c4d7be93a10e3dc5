import { UserError } from '../base/user-error.ts';
import type { Session } from '../postgres/session.ts';

/** Whether a remote has kept us waiting too long. */
export interface Patience {
  /** Rejects when it has. */
  readonly lost: Promise<never>;
  /** To be called once it has answered. */
  readonly over: () => void;
  /** Whether the connection still waits for the remote, and cannot be used any more. */
  readonly stuck: () => boolean;
}

/**
 * Watches over the time in which the database connects to a remote, which before 16 nothing on its side can end (see
 * `connectLimit`).
 * @param patience milliseconds
 */
export function patienceFor({ facts }: Session, server: string, patience: number): Patience {
  let stuck = false;
  let timer: NodeJS.Timeout | undefined;
  const lost = new Promise<never>((_, reject) => {
    if (facts.versionNum >= 160000) return;
    timer = setTimeout(() => {
      stuck = true;
      reject(new UserError('remote-timeout', `The remote of server "${server}" does not answer.`, {
        why: `PostgreSQL ${Math.floor(facts.versionNum / 10_000)} cannot be interrupted while it connects: its process waits on, and ends when the attempt does.`,
        todo: 'Give the server the option connect_timeout, or run fdw as its owner.',
      }));
    }, patience + 3000);
  });
  return { lost, over: () => { clearTimeout(timer); }, stuck: () => stuck };
}
