import type { Session } from '../../postgres/session.ts';
import type { RemoteLine } from './line.ts';

/** A remote that the user lets fdw connect to by itself, past the server and its user mapping. */
export interface DirectRemote {
  readonly server: string;
  /** @throws {UserError} where there is no connection */
  readonly open: () => Promise<Session>;
}

/** A line to a remote that fdw is connected to itself. */
export function directLine(session: Session): RemoteLine {
  return {
    async execute(sql) {
      await session.query(sql);
    },
    async prepare(sql) {
      await session.queryOne(sql);
    },
    async plan(sql) {
      const [row] = await session.queryOne(sql);
      return row?.['QUERY PLAN'];
    },
    rows: (sql) => session.query(sql),
    async recover() {
      // The transaction is rolled back after each question anyway.
    },
  };
}
