import type { Standing } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';
import { connectLimit } from './connect-limit.ts';
import { asUserError } from './errors.ts';
import { preparations } from './read-remote-schemas.ts';
import type { Reader } from './reader.ts';
import { readSettings } from './remote-settings.ts';
import { inSavepoint } from './savepoint.ts';
import { standingWindows } from './windows.ts';

export interface Patiently {
  /** Milliseconds in which the remote must have answered for the first time. */
  readonly patience: number;
  /** Called when it has. */
  readonly connected: () => void;
}

/**
 * Opens the windows on a server, `standingWindows` among them, does `work` with what its first answers say, and closes them again.
 *
 * @param session in a read-write transaction that the caller has opened
 * @throws UserError `remote-…` that names the server
 */
export async function patiently<T>(session: Session, reader: Reader, { patience, connected }: Patiently, work: (settings: Pick<Standing, 'versionNum' | 'role' | 'collation'>) => Promise<T>): Promise<T> {
  // No two sessions at once are likely to have the same.
  const marker = 50001 + Math.floor(Math.random() * 40000);
  const [limit] = await session.query<{ value: string }>("SELECT current_setting('statement_timeout') AS value");
  const restore = async (): Promise<void> => {
    connected();
    await session.query("SELECT set_config('statement_timeout', $1, true)", [limit?.value ?? '0']);
  };
  const first = [...(await connectLimit(session, reader.server, patience)), ...preparations(reader, standingWindows(marker)), `SET LOCAL statement_timeout = ${patience}`];
  try {
    return await inSavepoint(session, first, async () => work(await readSettings(session, marker, restore)));
  } catch (error) {
    throw asUserError(reader.server, reader.reader, error);
  }
}
