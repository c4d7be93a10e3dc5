/**
 * An error that the user can act on: what happened, why, and what to do about it. Anything else that is
 * thrown is a bug of ours. Rooms throw it; only `commands` turns it into text, JSON and an exit code.
 *
 * None of its parts may hold a secret's value.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** Stable, machine-readable: `connection-refused`, `spec-invalid` … */
  readonly id: string;
  /** The reason, where it is not in `message` already. */
  readonly why: string | undefined;
  /** What the user can do next: a command, a statement, a key of the spec. */
  readonly todo: string | undefined;

  /**
   * @param id stable identifier in kebab-case
   * @param what one sentence that says what did not work
   */
  constructor(
    id: string,
    what: string,
    more: { readonly why?: string | undefined; readonly todo?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(what, more.cause === undefined ? undefined : { cause: more.cause });
    this.id = id;
    this.why = more.why;
    this.todo = more.todo;
  }
}
