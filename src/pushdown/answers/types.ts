import type { ExplainOptions } from '../explain/explain.ts';
import type { DirectRemote } from './direct.ts';

/** How remotes are asked. */
export interface AskOptions extends ExplainOptions {
  /** Remotes that may be connected to directly, where dblink does not reach them. */
  readonly direct?: readonly DirectRemote[] | undefined;
  /** Over how many sessions; undefined: as many as help. */
  readonly jobs?: number | undefined;
  readonly progress?: ((done: number, of: number, server: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the remote says about one Remote SQL. */
export type RemoteAnswer =
  | { readonly kind: 'valid'; /** The root of the remote's plan, as EXPLAIN (FORMAT JSON) gives it; undefined: it was not seen. */ readonly plan: unknown }
  | { readonly kind: 'invalid'; readonly sqlstate: string; readonly message: string }
  /** Nobody could be asked. */
  | { readonly kind: 'unknown'; readonly message: string };

/** Class 08, and what dblink says where a role may not connect without a password. */
export function isUnreachable(sqlstate: string): boolean {
  return sqlstate.startsWith('08') || sqlstate === 'HV00N' || sqlstate === '2F003' || sqlstate === '28000' || sqlstate === '28P01' || sqlstate === '57014' || sqlstate === '3D000';
}
