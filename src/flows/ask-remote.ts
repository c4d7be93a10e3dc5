import { UserError } from '../base/user-error.ts';
import type { Session } from '../postgres/session.ts';
import type { Patiently } from '../remote/patiently.ts';
import { patienceFor } from './patience.ts';
import { beginReadWrite } from './read-write.ts';

/** What a remote said, or why it said nothing. */
export type Asked<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly stuck: false }
  /** `stuck`: the session still waits for the remote, and cannot be used any more. */
  | { readonly kind: 'failed'; readonly error: UserError; readonly stuck: boolean };

/**
 * Asks what stands behind a server in a transaction that is rolled back. What goes wrong there is an answer too: it must not end what
 * is asked of other servers.
 *
 * @param patience milliseconds in which the remote must have answered for the first time
 * @throws what is no UserError, and everything once the user has interrupted: without the local database, or the user's patience, there
 *   is nothing to go on with
 */
export async function askRemote<Answer>(
  session: Session,
  server: string,
  { patience, signal }: { readonly patience: number; readonly signal: AbortSignal },
  ask: (how: Patiently) => Promise<Answer>,
): Promise<Asked<Answer>> {
  await beginReadWrite(session);
  const wait = patienceFor(session, server, patience);
  let heard = false;
  const connected = (): void => {
    heard = true;
    wait.over();
  };
  try {
    const answer = await Promise.race([ask({ patience, connected }), wait.lost]);
    await session.query('ROLLBACK');
    return { kind: 'answered', answer, stuck: false };
  } catch (error) {
    if (!(error instanceof UserError) || signal.aborted) throw error;
    if (!wait.stuck()) await session.query('ROLLBACK').catch(() => { throw error; });
    return { kind: 'failed', error: error.id === 'remote-timeout' && !heard && !wait.stuck() ? silent(server, patience, error) : error, stuck: wait.stuck() };
  } finally {
    wait.over();
  }
}

/** The time limit that ended it was ours, so that nobody need look for another. */
function silent(server: string, patience: number, cause: UserError): UserError {
  return new UserError('remote-timeout', `The remote of server "${server}" did not answer within ${patience / 1000} s.`, {
    todo: 'See from the database\'s machine whether host and port answer: something takes the connection and keeps silent, or packets are dropped on the way. --patience waits longer.',
    cause,
  });
}
