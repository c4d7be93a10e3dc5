/** A spec that is wrong, and what must be said about it. */
export interface MalformedCase {
  readonly name: string;
  readonly text: string | Uint8Array;
  /** `line:column message` of each problem, in order. The message may be its beginning. */
  readonly problems: readonly string[];
  readonly hint?: string;
  /** `--env` */
  readonly environment?: string;
}

export function wrong(name: string, text: string | Uint8Array, problems: string | readonly string[], hint?: string): MalformedCase {
  return { name, text, problems: typeof problems === 'string' ? [problems] : problems, ...(hint === undefined ? {} : { hint }) };
}
