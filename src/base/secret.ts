import { inspect } from 'node:util';

/** What stands in every output where a secret would stand. */
export const sensitive = '(sensitive)';

/**
 * A value that must not be shown. It can only be had by `reveal()`, so that every place that uses it is
 * easy to find; string conversion, JSON and `util.inspect` give `(sensitive)`.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; for sending to a server, nothing else. */
  reveal(): string {
    return this.#value;
  }

  /** Whether both hold the same value. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return sensitive;
  }

  toJSON(): string {
    return sensitive;
  }

  [inspect.custom](): string {
    return sensitive;
  }
}
