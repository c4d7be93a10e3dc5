import type pg from 'pg';
import type { TextRow } from '../session.ts';

/** A result column, as Describe tells it. */
export interface DescribedColumn {
  readonly name: string;
  readonly oid: number;
  readonly typmod: number;
}

type Settle<T> = { readonly resolve: (value: T) => void; readonly reject: (error: unknown) => void };

/**
 * Parse and Describe of the unnamed statement, then Sync: the server plans nothing and runs nothing
 * (protocol: "Extended Query"). The handlers are those that node-postgres' client calls.
 */
export class DescribeQuery {
  readonly #sql: string;
  readonly #settle: Settle<readonly DescribedColumn[]>;
  #columns: readonly DescribedColumn[] = [];

  constructor(sql: string, settle: Settle<readonly DescribedColumn[]>) {
    this.#sql = sql;
    this.#settle = settle;
  }

  submit(connection: pg.Connection): void {
    connection.stream.cork();
    connection.parse({ name: '', text: this.#sql, types: [] }, false);
    connection.describe({ type: 'S', name: '' }, false);
    // Closing the unnamed statement leaves nothing behind.
    connection.close({ type: 'S', name: '' }, false);
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription(message: { readonly fields: readonly pg.FieldDef[] }): void {
    this.#columns = message.fields.map((field) => ({
      name: field.name,
      oid: field.dataTypeID,
      typmod: field.dataTypeModifier,
    }));
  }

  handleError(error: unknown): void {
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    this.#settle.resolve(this.#columns);
  }
}

/**
 * Parse, Bind and Execute of each statement, then one Sync: after an error the server passes over the rest, and so one
 * request to cancel ends it all. After each group a Flush, so that its answers do not wait for a buffer to fill.
 */
export class Pipeline {
  readonly #messages: Buffer;
  readonly #groups: readonly (readonly string[])[];
  readonly #answered: ((rows: readonly (readonly TextRow[])[]) => void) | undefined;
  readonly #settle: Settle<void>;
  #done = 0;
  #group = 0;
  #answers: (readonly TextRow[])[] = [];
  #rows: TextRow[] = [];
  #thrown: unknown;

  /** @param messages those of the groups: `pipelineMessages` */
  constructor(messages: Buffer, groups: readonly (readonly string[])[], answered: ((rows: readonly (readonly TextRow[])[]) => void) | undefined, settle: Settle<void>) {
    this.#messages = messages;
    this.#groups = groups;
    this.#answered = answered;
    this.#settle = settle;
  }

  /** How many statements have run. */
  get done(): number {
    return this.#done;
  }

  submit(connection: pg.Connection): void {
    if (connection.stream.writable) connection.stream.write(this.#messages);
  }

  handleRowDescription(): void {}

  handleDataRow(message: { readonly fields: TextRow }): void {
    if (this.#answered !== undefined) this.#rows.push(message.fields);
  }

  handleCommandComplete(): void {
    this.#done++;
    this.#answers.push(this.#rows);
    this.#rows = [];
    if (this.#answers.length < (this.#groups[this.#group]?.length ?? 0)) return;
    const answers = this.#answers;
    this.#group++;
    this.#answers = [];
    try {
      if (this.#thrown === undefined) this.#answered?.(answers);
    } catch (error) {
      // Thrown from here it would end the process.
      this.#thrown = error;
    }
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete();
  }

  handleError(error: unknown): void {
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#thrown === undefined) this.#settle.resolve();
    else this.#settle.reject(this.#thrown);
  }
}

const chunkBytes = 64 * 1024;

/** `COPY … FROM STDIN`: the rows travel as CopyData messages, which no log of the server holds. */
export class CopyInQuery {
  readonly #sql: string;
  readonly #data: Buffer;
  readonly #settle: Settle<void>;
  #taken = false;

  constructor(sql: string, data: string, settle: Settle<void>) {
    this.#sql = sql;
    this.#data = Buffer.from(data, 'utf8');
    this.#settle = settle;
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#sql);
  }

  handleCopyInResponse(connection: pg.Connection): void {
    this.#taken = true;
    for (let at = 0; at < this.#data.length; at += chunkBytes) {
      connection.sendCopyFromChunk(this.#data.subarray(at, at + chunkBytes));
    }
    connection.endCopyFrom();
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCopyData(): void {}
  handleEmptyQuery(): void {}
  handleCommandComplete(): void {}

  handleError(error: unknown): void {
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#taken) this.#settle.resolve();
    else this.#settle.reject(new Error('The statement for copyIn was not COPY … FROM STDIN.'));
  }
}
