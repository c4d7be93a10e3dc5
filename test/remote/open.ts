import { connect } from '../../src/postgres/connect.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import type { Session } from '../../src/postgres/session.ts';
import type { TestDatabase } from '../servers/index.ts';

/** A session that keeps what it sent, in a transaction that is rolled back. */
export interface Recorded {
  readonly session: Session;
  /** Every statement sent since the transaction began, in order. */
  readonly sent: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a transaction as fdw does: as the superuser or another role. */
export async function open(db: Pick<TestDatabase, 'url' | 'urlFor'>, as?: { readonly user: string; readonly password: string }): Promise<Recorded> {
  const target = await resolveTarget(as === undefined ? db.url : db.urlFor(as), {});
  const session = await connect(target, { applicationName: 'fdw/test' });
  await session.query('BEGIN');
  const sent: string[] = [];
  return {
    session: watched(session, async (sql) => void sent.push(sql)),
    sent,
    async [Symbol.asyncDispose]() {
      await session.query('ROLLBACK');
      await session.close();
    },
  };
}

/** The session, with something done before each statement is sent. */
export function watched(session: Session, before: (sql: string, params: readonly unknown[] | undefined) => Promise<void>): Session {
  return {
    facts: session.facts,
    async query(sql, params) {
      await before(sql, params);
      return session.query(sql, params);
    },
    async queryOne(sql) {
      await before(sql, undefined);
      return session.queryOne(sql);
    },
    async map(sql, params, make) {
      await before(sql, params);
      return session.map(sql, params, make);
    },
    async pipeline(statements) {
      for (const statement of statements) await before(statement, undefined);
      return session.pipeline(statements);
    },
    async pipelineGroups(groups, answered) {
      for (const statement of groups.flat()) await before(statement, undefined);
      return session.pipelineGroups(groups, answered);
    },
    async describe(sql) {
      await before(sql, undefined);
      return session.describe(sql);
    },
    copyIn: async (sql, data) => session.copyIn(sql, data),
    cancel: async () => session.cancel(),
    close: async () => session.close(),
  };
}
