/** An extension as the server's files offer it. */
export interface AvailableExtension {
  readonly name: string;
  /** In ascending order. */
  readonly versions: readonly string[];
  /** The extensions that must be there before it, in its default version. */
  readonly requires: readonly string[];
  /** From where to where `ALTER EXTENSION … UPDATE TO` finds a way. */
  readonly updates: readonly { readonly from: string; readonly to: string }[];
}
