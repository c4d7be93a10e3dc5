import type { Target } from './connection/target.ts';
import type { Session } from './session.ts';

/** How to connect. */
export interface ConnectOptions {
  /** What the server shows in pg_stat_activity, unless the target names something else: `fdw/<version>`. */
  readonly applicationName: string;
  /** Aborting cancels what runs, closes the connection, and rejects with a UserError `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one statement; 0: no limit. Default 60,000. */
  readonly statementTimeout?: number | undefined;
  /** Milliseconds of waiting for a lock; 0: no limit. Default 5,000. */
  readonly lockTimeout?: number | undefined;
  /** What is run before closing where the backend outlives the session, so that nothing of ours lives on in it. */
  readonly farewell?: string | undefined;
}

/**
 * Connects to a database.
 *
 * The time limits are set for the session, unless the target's `options` (or PGOPTIONS) set them; through a pooler for each transaction.
 *
 * @throws {UserError} `connection-refused`, `host-not-found`, `connection-timeout`, `authentication-failed`,
 *   `password-missing`, `database-missing`, `tls-required`, `tls-refused`, `certificate-not-trusted`,
 *   `hostname-mismatch` … , or `interrupted`
 */
export async function connect(target: Target, options: ConnectOptions): Promise<Session> {
  // The driver costs start-up time: it is loaded when a connection is wanted.
  const { openSession } = await import('./driver/open-session.ts');
  return openSession(target, options);
}
