import type { Session } from './session.ts';

/**
 * A session with something around each of its calls, but for `cancel` and `close`.
 * @param run makes the call; `heard` is called when the server has answered a part of it
 */
export function around(session: Session, run: <T>(call: (heard: () => void) => Promise<T>) => Promise<T>): Session {
  return {
    facts: session.facts,
    query: (sql, params) => run(() => session.query(sql, params)),
    queryOne: (sql) => run(() => session.queryOne(sql)),
    map: (sql, params, make) => run(() => session.map(sql, params, make)),
    pipeline: (statements) => run(() => session.pipeline(statements)),
    pipelineGroups: (groups, answered) =>
      run((heard) =>
        session.pipelineGroups(groups, (rows) => {
          heard();
          answered(rows);
        }),
      ),
    describe: (sql) => run(() => session.describe(sql)),
    copyIn: (sql, data) => run(() => session.copyIn(sql, data)),
    cancel: () => session.cancel(),
    close: () => session.close(),
  };
}
