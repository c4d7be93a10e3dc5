import { UserError } from '../base/user-error.ts';
import { around } from '../postgres/around.ts';
import type { Session } from '../postgres/session.ts';

/** Beyond the database's own limit, for what it takes to get here. Milliseconds. */
const grace = 3000;

/** Catalogs of a slow database are no silent remote. Milliseconds. */
const least = 30_000;

/**
 * A session that never waits longer than the limit of its statements: while the database connects to a remote for an EXPLAIN
 * (`use_remote_estimate`, dblink), nothing on its side can end that before 16 (see `connectLimit` in src/remote). Once a statement has
 * kept us waiting too long, it and all others after it fail with `remote-timeout`; only closing is left.
 *
 * @param limit the statement_timeout of what is run, milliseconds
 */
export function patientSession(session: Session, limit: number, patience = Math.max(limit, least) + grace): Session {
  if (session.facts.versionNum >= 160000) return session;
  let lost: UserError | undefined;
  return around(session, async (call) => {
    if (lost !== undefined) throw lost;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        lost ??= remoteTimeout(session.facts.versionNum);
        reject(lost);
      }, patience);
    });
    try {
      return await Promise.race([call(() => timer?.refresh()), over]);
    } finally {
      clearTimeout(timer);
    }
  });
}

function remoteTimeout(versionNum: number): UserError {
  return new UserError('remote-timeout', 'The database waits for a remote that does not answer.', {
    why: `A plan asks the remote (use_remote_estimate, or --remote), and PostgreSQL ${Math.floor(versionNum / 10_000)} cannot be interrupted while it connects.`,
    todo: 'Give its server the option connect_timeout.',
  });
}
