import type { Session } from '../../postgres/session.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import type { Parser } from '../parser.ts';
import { whatIf } from '../what-if/world.ts';
import type { WhatIf } from '../what-if/world.ts';

/**
 * Plans a statement over copies of its foreign tables with `use_remote_estimate`, on their own servers: the planner then
 * EXPLAINs what it would send there, under the effective role's user mapping.
 */
export function remotelyEstimated(session: Session, parser: Parser, statement: { readonly sql: string; readonly parameters: number }, options: ExplainOptions): Promise<WhatIf> {
  return whatIf(session, parser, statement, { everything: true, estimates: 'remote' }, options);
}
