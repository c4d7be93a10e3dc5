/** A row as node-postgres gives it. */
export type Row = Record<string, unknown>;

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
