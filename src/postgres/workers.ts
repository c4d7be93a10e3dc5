import type { Session } from './session.ts';

/** What came of one job. */
export interface Done<Result> {
  readonly result: Result;
  /** Whether the session still waits for a remote, and cannot be used any more. */
  readonly stuck: boolean;
}

/** Sessions with the local database that do jobs. */
export interface Workers {
  /**
   * Does the jobs, several at once and each over a session of its own. What the database refuses in further connections (a role's
   * CONNECTION LIMIT, max_connections) it does without: one is enough.
   * @param limit how many at once
   * @returns one for each job, in order
   * @throws what the first job that failed threw, once the others have ended; no further ones are begun
   */
  each<Job, Result>(jobs: readonly Job[], limit: number, work: (session: Session, job: Job) => Promise<Done<Result>>): Promise<readonly Result[]>;
  /** Closes all sessions that nobody works with but one, and with them their connections to remotes. */
  alone(): Promise<void>;
}
