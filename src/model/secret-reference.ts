import type { Secret } from '../base/secret.ts';

/** Where a secret's value comes from. It is fetched at the last moment. */
export type SecretReference =
  | { readonly source: 'env'; readonly name: string }
  /** Path as resolved against the spec's folder; one trailing newline of the file is dropped. */
  | { readonly source: 'file'; readonly path: string }
  /** What a program prints: its name (with a slash: its path) and its arguments; no shell sees them. */
  | { readonly source: 'command'; readonly argv: readonly string[] }
  /** Written out in the spec: for tests; the spec room warns. */
  | { readonly source: 'literal'; readonly value: Secret };
