import pg from 'pg';
import { UserError } from '../../base/user-error.ts';
import { databaseError, PipelineError } from '../errors.ts';
import type { Row, ServerFacts, Session, TextRow } from '../session.ts';
import type { OpenClient } from './client.ts';
import { pipelineMessages } from './pipeline-messages.ts';
import { CopyInQuery, DescribeQuery, Pipeline } from './submittables.ts';
import type { DescribedColumn } from './submittables.ts';

/** How long a session waits for its cancelled statement, and for the server's good-bye, before it closes anyway. */
const graceMilliseconds = 2000;

/** SQLSTATEs after which the server closes the connection (documentation, appendix "PostgreSQL Error Codes"). */
const endingStates = new Set(['57P01', '57P02', '57P03', '57P04', '57P05', '25P03', '25P04']);

/** A session over node-postgres. Statements run one after the other, in the order of the calls. */
export class PgSession implements Session {
  facts: ServerFacts;
  readonly #open: OpenClient;
  readonly #sendCancel: () => Promise<void>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => void this.#interrupt();
  #queue: Promise<unknown> = Promise.resolve();
  #running = 0;
  #lost: UserError | undefined;
  #closed: Promise<void> | undefined;
  #pooler: { readonly begin: string; readonly farewell: string | undefined } | undefined;

  /** @param sendCancel opens a connection of its own and asks the server to cancel this one's statement */
  constructor(open: OpenClient, facts: ServerFacts, sendCancel: () => Promise<void>, signal: AbortSignal | undefined) {
    this.facts = facts;
    this.#open = open;
    this.#sendCancel = sendCancel;
    this.#signal = signal;
    open.client.on('error', (error) => {
      this.#lost ??= this.#connectionLost(error);
    });
    signal?.addEventListener('abort', this.#onAbort);
    if (signal?.aborted === true) void this.#interrupt();
  }

  /**
   * Tells that a pooler stands in between.
   * @param begin what is run at the beginning of each transaction
   * @param farewell what is run before closing
   */
  throughPooler(begin: string, farewell: string | undefined): void {
    this.facts = { ...this.facts, pooled: true };
    this.#pooler = { begin, farewell };
  }

  query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<readonly R[]> {
    const config = { text: sql, ...(params === undefined ? {} : { values: [...params], queryMode: 'extended' }) };
    return this.#enqueue(async () => lastRows(await this.#open.client.query<R>(config)), params);
  }

  queryOne<R extends Row = Row>(sql: string): Promise<readonly R[]> {
    const config = { text: sql, queryMode: 'extended' };
    return this.#enqueue(async () => lastRows(await this.#open.client.query<R>(config)));
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as in `query`, the caller names the row
  map<R extends Row, T>(sql: string, params: readonly unknown[] | undefined, make: (row: R) => T): Promise<readonly T[]> {
    const config = { text: sql, ...(params === undefined ? {} : { values: [...params], queryMode: 'extended' }) };
    return this.#enqueue(
      () =>
        new Promise<readonly T[]>((resolve, reject) => {
          const made: T[] = [];
          // With a listener for rows and no callback, node-postgres keeps none of them (8.23, lib/query.js).
          const query = new pg.Query<R>(config);
          let thrown: Error | undefined;
          query.on('row', (row) => {
            try {
              if (thrown === undefined) made.push(make(row));
            } catch (error) {
              thrown = error instanceof Error ? error : new Error(String(error));
            }
          });
          query.on('error', reject);
          query.on('end', () => {
            if (thrown === undefined) resolve(made);
            else reject(thrown);
          });
          this.#open.client.query(query);
        }),
      params,
    );
  }

  pipeline(statements: readonly string[]): Promise<void> {
    return this.#pipeline(statements.length === 0 ? [] : [statements], undefined);
  }

  pipelineGroups(groups: readonly (readonly string[])[], answered: (rows: readonly (readonly TextRow[])[]) => void): Promise<void> {
    return this.#pipeline(groups, answered);
  }

  async #pipeline(groups: readonly (readonly string[])[], answered: ((rows: readonly (readonly TextRow[])[]) => void) | undefined): Promise<void> {
    if (groups.length === 0) return;
    // Made now, so that the server does not wait for it where this one waits for the one before.
    const messages = pipelineMessages(groups, answered !== undefined);
    let done = (): number => 0;
    const send = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const pipeline = new Pipeline(messages, groups, answered, { resolve, reject });
        done = () => pipeline.done;
        this.#open.client.query(pipeline);
      });
    try {
      await this.#enqueue(send);
    } catch (error) {
      throw new PipelineError(done(), error);
    }
  }

  describe(sql: string): Promise<readonly DescribedColumn[]> {
    return this.#enqueue(
      () =>
        new Promise<readonly DescribedColumn[]>((resolve, reject) => {
          this.#open.client.query(new DescribeQuery(sql, { resolve, reject }));
        }),
    );
  }

  copyIn(sql: string, data: string): Promise<void> {
    return this.#enqueue(
      () =>
        new Promise<void>((resolve, reject) => {
          this.#open.client.query(new CopyInQuery(sql, data, { resolve, reject }));
        }),
      'copy',
    );
  }

  async cancel(): Promise<void> {
    try {
      await this.#sendCancel();
    } catch (error) {
      throw new UserError('cancel-failed', 'The running statement could not be cancelled.', {
        why: 'The server did not take a second connection for the request.',
        todo: 'It goes on until it ends or meets its time limit: look for fdw in pg_stat_activity.',
        cause: error,
      });
    }
  }

  close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const { client } = this.#open;
    const farewell = this.#lost === undefined && client.getTransactionStatus() === 'I' ? this.#pooler?.farewell : undefined;
    const end = async (): Promise<void> => {
      if (farewell !== undefined) await client.query(farewell).catch(() => undefined);
      await client.end();
    };
    // A server that does not answer must not hold us up.
    await Promise.race([end().catch(() => undefined), sleep(graceMilliseconds)]);
    this.#open.transport.socket.destroy();
  }

  async #enqueue<T>(run: () => Promise<T>, sent: readonly unknown[] | 'copy' = []): Promise<T> {
    const turn = this.#queue.then(async () => {
      this.#refuseWhenOver();
      this.#running++;
      try {
        const idle = this.#open.client.getTransactionStatus() === 'I';
        const result = await run();
        if (this.#pooler !== undefined && idle && this.#open.client.getTransactionStatus() === 'T') await this.#open.client.query(this.#pooler.begin);
        return result;
      } catch (error) {
        throw this.#userError(error, sent);
      } finally {
        this.#running--;
      }
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #refuseWhenOver(): void {
    if (this.#signal?.aborted === true) throw interrupted();
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#closed !== undefined) throw new Error('The session was used after close().');
  }

  async #interrupt(): Promise<void> {
    if (this.#running > 0) {
      const grace = sleep(graceMilliseconds);
      await Promise.race([this.#sendCancel().catch(() => undefined), grace]);
      await Promise.race([this.#queue, grace]);
    }
    await this.close();
  }

  #userError(error: unknown, sent: readonly unknown[] | 'copy'): unknown {
    if (this.#signal?.aborted === true) return interrupted();
    if (error instanceof pg.DatabaseError) {
      const ending = error.severity === 'FATAL' || error.severity === 'PANIC' || endingStates.has(error.code ?? '');
      if (!ending) return databaseError(error, sent);
      this.#lost ??= this.#connectionLost(error);
      return this.#lost;
    }
    if (!isConnectionProblem(error)) return error;
    this.#lost ??= this.#connectionLost(error);
    return this.#lost;
  }

  #connectionLost(error: Error): UserError {
    const { host, port } = this.facts;
    return new UserError('connection-lost', `The connection to ${host}, port ${port} broke.`, {
      why: `${error instanceof pg.DatabaseError ? 'The server says: ' : ''}${error.message.replace(/\.$/, '')}.`,
      todo: 'Look at the server (restart, failover, network, time limits), then run the command again.',
    });
  }
}

/** What is thrown to those who wait when the user interrupts. */
export function interrupted(): UserError {
  return new UserError('interrupted', 'Interrupted.');
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

/** Rows of the last of several results; node-postgres gives an array for several statements. */
function lastRows<R extends Row>(result: pg.QueryResult<R> | readonly pg.QueryResult<R>[]): readonly R[] {
  return 'rows' in result ? result.rows : (result.at(-1)?.rows ?? []);
}

/** Errors of sockets have a code; those of node-postgres itself are known by their texts (8.23, lib/client.js). */
function isConnectionProblem(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return 'code' in error || /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(error.message) || error.name === 'AttemptError';
}
