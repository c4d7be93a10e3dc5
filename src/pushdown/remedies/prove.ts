import type { FoundPlan } from '../cause.ts';
import type { Prober } from '../oracle/prober.ts';
import type { Parser } from '../parser.ts';
import type { Clause } from '../types.ts';
import { withInitPlans } from './init-plan.ts';

/** What proving a remedy needs. */
export interface Proving {
  readonly parser: Parser;
  readonly prober: Prober;
  readonly sql: string;
  /** The clauses' places in the plan of another statement; undefined: it has no plan. */
  readonly planOf: (sql: string) => Promise<FoundPlan | undefined>;
}

/** Reasons that a value computed beforehand may do away with. */
const curable = new Set(['mutable-function', 'session-function']);

/**
 * Adds remedies to clauses: a rewritten statement, EXPLAINed on the same database, in which the clause no longer
 * runs here. What cannot be proved is not offered.
 */
export async function withRemedies(proving: Proving, clauses: readonly Clause[]): Promise<readonly Clause[]> {
  const ill = (clause: Clause): boolean => clause.runs === 'local' && clause.reasons.some((reason) => curable.has(reason.id));
  if (!clauses.some(ill)) return clauses;
  const { parser, prober, sql } = proving;
  const rewritten = await rewrite(parser, sql, (names) => noneVolatile(prober, names));
  await prober.close();
  const plan = rewritten === undefined ? undefined : await proving.planOf(rewritten);
  if (rewritten === undefined || plan === undefined) return clauses;
  return clauses.map((clause) => {
    if (!ill(clause) || count(plan.findings, clause) >= count(clauses, clause)) return clause;
    return { ...clause, remedies: [...clause.remedies, { sql: rewritten, proved: true }] };
  });
}

/** A statement nested deeper than the stack goes is left as it is. */
async function rewrite(parser: Parser, sql: string, isStable: (names: readonly string[]) => Promise<boolean>): Promise<string | undefined> {
  try {
    return await withInitPlans(parser, sql, isStable);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** How many clauses of the same kind run here. */
function count(all: readonly Pick<Clause, 'kind' | 'runs'>[], clause: Clause): number {
  return all.filter((each) => each.kind === clause.kind && each.runs === 'local').length;
}

async function noneVolatile(prober: Prober, names: readonly string[]): Promise<boolean> {
  const found = await prober.read("SELECT 1 FROM pg_catalog.pg_proc WHERE proname = ANY ($1) AND provolatile = 'v'", [names]);
  return found.length === 0;
}
