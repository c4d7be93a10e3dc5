import { UserError } from '../base/user-error.ts';

/** The fields of the server's error message that fdw keeps (protocol: "Error and Notice Message Fields"). */
export interface ServerMessage {
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
  /** Counts characters of the statement from 1. */
  readonly position?: string | undefined;
}

/** An error that the server reported for a statement. It holds no value of a parameter and no COPY data. */
export class DatabaseError extends UserError {
  override readonly name = 'DatabaseError';
  /** The five characters of SQLSTATE. */
  readonly sqlstate: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** The server's CONTEXT, without lines that list parameters. */
  readonly where: string | undefined;
  /** Where in the statement, in characters from 1. */
  readonly position: number | undefined;

  constructor(message: ServerMessage) {
    super('database-error', message.message, { why: message.detail, todo: given(message.hint) });
    this.sqlstate = message.code ?? 'XX000';
    this.detail = message.detail;
    this.hint = given(message.hint);
    this.where = message.where;
    this.position = message.position === undefined ? undefined : Number(message.position);
  }
}

/** A statement of a pipeline failed; those before it ran, those after it did not. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  /** Index of the statement in the pipeline. */
  readonly at: number;

  constructor(at: number, cause: unknown) {
    super('A statement of a pipeline failed.', { cause });
    this.at = at;
  }
}

/** PL/pgSQL makes an empty text of a hint that is not there. */
function given(hint: string | undefined): string | undefined {
  return hint === '' ? undefined : hint;
}

/** Whether a wait for a lock ended by `lock_timeout`: 55P03, lock_not_available. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlstate === '55P03';
}

/** Whether a table in shared memory is full (53200), which is nearly always that of locks. */
export function isOutOfSharedMemory(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlstate === '53200';
}

/** Whether the role lacks a privilege: 42501, insufficient_privilege. */
export function isInsufficientPrivilege(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlstate === '42501';
}

/** Whether PostgreSQL ended a deadlock with this statement: 40P01, deadlock_detected. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlstate === '40P01';
}

/** Whether a statement was cancelled (57014, query_canceled), as `statement_timeout` does. */
export function isStatementTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlstate === '57014';
}

/**
 * A server's message as an error, without the values that were sent along.
 * @param sent values of parameters; `copy` where rows were sent with COPY
 */
export function databaseError(message: ServerMessage, sent: readonly unknown[] | 'copy' = []): DatabaseError {
  // CONTEXT and DETAIL quote the row that COPY could not take.
  if (sent === 'copy') return new DatabaseError({ ...message, detail: undefined, where: undefined });
  const clean = (text: string | undefined): string | undefined => (text === undefined ? undefined : withoutValues(text, sent));
  return new DatabaseError({
    ...message,
    message: withoutValues(message.message, sent),
    detail: clean(message.detail),
    hint: clean(message.hint),
    where: clean(sent.length === 0 ? message.where : withoutParameterList(message.where)),
  });
}

/**
 * CONTEXT up to the line that lists parameters (`log_parameter_max_length_on_error`, 14 and later). The
 * words around them follow `lc_messages`, `$1 = ` does not; it is the outermost context, so the last.
 */
function withoutParameterList(where: string | undefined): string | undefined {
  const at = where?.search(/\$\d+ = /) ?? -1;
  if (where === undefined || at < 0) return where;
  const lineStart = where.lastIndexOf('\n', at);
  return lineStart <= 0 ? undefined : where.slice(0, lineStart);
}

function withoutValues(text: string, values: readonly unknown[]): string {
  let clean = text;
  for (const [index, value] of values.entries()) {
    const shown = typeof value === 'string' ? value : '';
    if (shown !== '') clean = clean.replaceAll(shown, () => `$${index + 1}`);
  }
  return clean;
}
