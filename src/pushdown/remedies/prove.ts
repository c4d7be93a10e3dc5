import { forcing } from '../cause.ts';
import type { Clause, Remedy, Wire } from '../types.ts';
import { curedBy, remainingIn } from './laboratory.ts';
import type { Laboratory } from './laboratory.ts';
import { applyRule, rewriteRules } from './rewrites.ts';
import type { Results } from './result-columns.ts';
import type { RewriteRule, Surroundings } from './rule.ts';

/** What proving rewritings needs. */
export interface Proving {
  readonly sql: string;
  readonly lab: Laboratory;
  /** What the statements that are written anew give. */
  readonly results: Results;
  /** Reads what the rules ask for. */
  readonly surroundings: () => Promise<Surroundings>;
}

/** How much less must be fetched for a remedy that leaves the clause here to be one. */
const worthwhile = 0.5;

/** A remedy, with the clauses that it is for; none: it is for the statement as a whole. */
export interface Cure {
  readonly remedy: Remedy;
  readonly clauses: readonly Clause[];
  /** Offered only for clauses that nothing else is proved for. */
  readonly lastResort?: boolean;
}

/**
 * Rewritten statements, EXPLAINed on the same database, in which clauses no longer run here. Where none of them alone is
 * enough, all that fit are tried together. What cannot be proved is not offered.
 */
export async function rewriteCures(proving: Proving, clauses: readonly Clause[]): Promise<readonly Cure[]> {
  const ill = clauses.filter((clause) => clause.reasons.length > 0 && (clause.runs === 'local' || isLoop(clause)));
  const ids = new Set(ill.flatMap((clause) => clause.reasons.map((reason) => reason.id)));
  const rules = rewriteRules.filter((rule) => rule.cures.some((id) => ids.has(id)));
  if (rules.length === 0) return [];
  const surroundings = await proving.surroundings();
  const found: Cure[] = [];
  const fitting: RewriteRule[] = [];
  for (const rule of rules) {
    if (rule.beside !== true && found.some(({ remedy }) => isEnough(remedy))) continue;
    const rewritten = applyRule(rule, surroundings, proving.sql);
    if (rewritten === undefined) continue;
    fitting.push(rule);
    const cure = await prove(proving, ill, rewritten.sql, rule.title, rewritten.changes);
    if (cure !== undefined) found.push(cure);
  }
  const isWhole = found.some(({ remedy }) => remedy.remaining.length === 0);
  if (isWhole || fitting.length === 0) return found;
  const combined = await combine(proving, ill, fitting, surroundings, found);
  if (combined === undefined) return found;
  const isFewer = found.every(({ remedy }) => combined.remedy.remaining.length < remedy.remaining.length);
  return [...found.filter(({ clauses: cured }) => !isFewer || cured.some((clause) => !combined.clauses.includes(clause))), combined];
}

/** What is asked once for each row of something else. */
function isLoop({ reasons }: Clause): boolean {
  return reasons.some(({ id }) => id === 'parameterised-loop' || id === 'lateral');
}

function isEnough(remedy: Remedy): boolean {
  return remedy.remaining.length === 0 && remedy.changesMeaning === null;
}

/** Whether it has far less fetched than each of the others. */
function isLighter({ remedy }: Cure, others: readonly Cure[]): boolean {
  const fetched = ({ effect }: Remedy): number => (effect === null ? Number.POSITIVE_INFINITY : weight(effect.after));
  return remedy.effect !== null && fetched(remedy) <= Math.min(...others.map((other) => fetched(other.remedy))) * worthwhile;
}

/** All fitting rules one after the other; one that another has left nothing for is passed over. */
async function combine(proving: Proving, ill: readonly Clause[], fitting: readonly RewriteRule[], surroundings: Surroundings, found: readonly Cure[]): Promise<Cure | undefined> {
  let sql = proving.sql;
  const titles: string[] = [];
  const changes = new Set<string>();
  for (let round = 0; round < 2; round += 1) {
    for (const rule of round === 0 ? fitting : rewriteRules.filter((each) => !fitting.includes(each) && each.cures.some((id) => ill.some(({ reasons }) => reasons.some((reason) => reason.id === id))))) {
      const next = applyRule(rule, surroundings, sql);
      if (next === undefined) continue;
      sql = next.sql;
      titles.push(rule.title);
      next.changes.forEach((each) => changes.add(each));
    }
  }
  if (titles.length < 2 || found.some(({ remedy }) => remedy.sql === sql)) return undefined;
  const cure = await prove(proving, ill, sql, titles.join('; '), [...changes]);
  const best = Math.min(...found.map(({ remedy }) => remedy.remaining.length), Number.POSITIVE_INFINITY);
  return cure !== undefined && (cure.remedy.remaining.length < best || isLighter(cure, found)) ? cure : undefined;
}

/** Bytes with what the protocol needs for each row, of which nothing but its being there may be wanted (DataRow, 7 bytes). */
function weight({ rows, bytes }: Wire): number {
  return bytes + 7 * rows;
}

async function prove(proving: Proving, ill: readonly Clause[], sql: string, title: string, changes: readonly string[]): Promise<Cure | undefined> {
  const { wire, plan, loops } = proving.lab;
  const trial = await plan({ sql });
  if (typeof trial === 'string') return undefined;
  let seen = trial;
  let cured: readonly Clause[] = [...curedBy(ill, trial), ...(trial.loops < loops && (trial.wire?.roundTrips ?? 0) < wire.roundTrips ? ill.filter(isLoop) : [])];
  const saves = trial.wire !== undefined && weight(trial.wire) <= weight(wire) * worthwhile;
  if (cured.length === 0 && !saves) {
    // A join or a sort may be sent now, and is not for its cost.
    const forced = await plan({ sql, settings: forcing });
    if (typeof forced === 'string') return undefined;
    cured = curedBy(ill, forced);
    seen = forced;
  }
  if (cured.length === 0 && !saves) return undefined;
  const columns = await proving.results.differences(proving.sql, sql);
  // Fewer columns are no secret where the rule says so.
  if (columns === undefined && changes.length === 0) return undefined;
  const all = [...changes, ...(columns ?? [])];
  return {
    clauses: cured.length > 0 ? cured : ill,
    remedy: {
      kind: 'rewrite',
      title,
      sql,
      spec: null,
      proved: true,
      unproved: null,
      changesMeaning: all.length === 0 ? null : all.join('; '),
      remoteSql: seen.remoteSql,
      remaining: remainingIn(seen),
      effect: trial.wire === undefined ? null : { before: wire, after: trial.wire },
    },
  };
}
