/** A row as node-postgres gives it. */
export type Row = Record<string, unknown>;

/** A row as the server sends it: the text of each value, by position. */
export type TextRow = readonly (string | null)[];

/** What a session knows about its server from the start, without asking. */
export interface ServerFacts {
  /** `server_version_num`: 180004. */
  readonly versionNum: number;
  readonly database: string;
  readonly user: string;
  /** Host name, address or socket folder that answered. */
  readonly host: string;
  readonly port: number;
  /** Whether the connection is encrypted. */
  readonly tls: boolean;
  /** Whether a pooler stands in between: the backend outlives the session, and may be another one for each transaction. */
  readonly pooled: boolean;
}

/**
 * One connection to one database. Only this room knows node-postgres. Errors of the server come out as
 * `DatabaseError`s (errors.ts), without any parameter's value.
 */
export interface Session {
  readonly facts: ServerFacts;
  /**
   * Runs one statement. With `params`, by the extended protocol; without, by the simple one, which also
   * takes several statements (the rows are then the last one's).
   */
  query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<readonly R[]>;
  /** Runs exactly one statement by the extended protocol, so that the server refuses a second one. */
  queryOne<R extends Row = Row>(sql: string): Promise<readonly R[]>;
  /**
   * Runs one query and makes something of each row as it arrives, so that a large result is never in memory twice.
   * By the extended protocol where there are `params`.
   */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as in `query`, the caller names the row
  map<R extends Row, T>(sql: string, params: readonly unknown[] | undefined, make: (row: R) => T): Promise<readonly T[]>;
  /**
   * Runs statements one after the other without waiting for each answer: one round trip for all. Each is exactly
   * one statement by the extended protocol; after the first error none of the others runs.
   * @throws PipelineError (`at`: index of the statement that failed), which holds the server's error as its cause
   */
  pipeline(statements: readonly string[]): Promise<void>;
  /**
   * A `pipeline` of groups of statements (none of them empty), whose answers are wanted: after each group the server sends what it has.
   * @param answered is called with the rows of each statement of a group as soon as the whole group has been answered
   */
  pipelineGroups(groups: readonly (readonly string[])[], answered: (rows: readonly (readonly TextRow[])[]) => void): Promise<void>;
  /**
   * The types of a query's result columns, by Parse and Describe: nothing is executed.
   * @returns OID and typmod (-1: none) per column
   */
  describe(sql: string): Promise<readonly { readonly name: string; readonly oid: number; readonly typmod: number }[]>;
  /** `COPY … FROM STDIN`: sends `data` (already in COPY's text format) without a trace in the server's log. */
  copyIn(sql: string, data: string): Promise<void>;
  /** Asks the server to cancel what runs now. */
  cancel(): Promise<void>;
  close(): Promise<void>;
}
