import type { PlannerSettings } from '../explain/explain.ts';
import type { Clause, Remedy, Wire } from '../types.ts';
import { applyRule, rewriteRules } from './rewrites.ts';
import type { RewriteRule, Surroundings } from './rule.ts';
import { readSurroundings } from './surroundings.ts';
import type { Statement } from './surroundings.ts';

/** What the plan of a remedied statement shows. */
export interface Trial {
  /** The clauses that run here. */
  readonly local: readonly Pick<Clause, 'kind' | 'text'>[];
  readonly remoteSql: readonly string[];
  /** Whether rows are inserted in batches. */
  readonly batched: boolean;
  /** Whether shards are asked at once. */
  readonly async: boolean;
  /** undefined: the estimates mean nothing. */
  readonly wire: Wire | undefined;
}

/** What proving a remedy needs. */
export interface Proving extends Statement {
  readonly wire: Wire;
  /** The plan of another statement, or of this one under settings; undefined: it has none. */
  readonly planOf: (sql: string, settings?: PlannerSettings) => Promise<Trial | undefined>;
  /** Settings under which whatever may be sent is sent. */
  readonly forcing: PlannerSettings;
}

/** How much less must be fetched for a remedy that leaves the clause here to be one. */
const worthwhile = 0.5;

/** A remedy, with the clauses that it is for; none: it is for the statement as a whole. */
export interface Cure {
  readonly remedy: Remedy;
  readonly clauses: readonly Clause[];
}

/**
 * Rewritten statements, EXPLAINed on the same database, in which clauses no longer run here. Where none of them alone is
 * enough, all that fit are tried together. What cannot be proved is not offered.
 */
export async function rewriteCures(proving: Proving, clauses: readonly Clause[]): Promise<readonly Cure[]> {
  const ill = clauses.filter((clause) => clause.runs === 'local' && clause.reasons.length > 0);
  const ids = new Set(ill.flatMap((clause) => clause.reasons.map((reason) => reason.id)));
  const rules = rewriteRules.filter((rule) => rule.cures.some((id) => ids.has(id)));
  if (rules.length === 0) return [];
  const surroundings = await readSurroundings(proving, ill);
  await proving.prober.close();
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
  return combined === undefined ? found : [...found.filter(({ clauses: cured }) => cured.some((clause) => !combined.clauses.includes(clause))), combined];
}

function isEnough(remedy: Remedy): boolean {
  return remedy.remaining.length === 0 && remedy.changesMeaning === null;
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
  return cure !== undefined && cure.remedy.remaining.length < best ? cure : undefined;
}

async function prove(proving: Proving, ill: readonly Clause[], sql: string, title: string, changes: readonly string[]): Promise<Cure | undefined> {
  const trial = await proving.planOf(sql);
  if (trial === undefined) return undefined;
  let seen = trial;
  let cured = curedBy(ill, trial);
  const saves = trial.wire !== undefined && trial.wire.bytes <= proving.wire.bytes * worthwhile;
  if (cured.length === 0 && !saves) {
    // A join or a sort may be sent now, and is not for its cost.
    const forced = await proving.planOf(sql, proving.forcing);
    if (forced === undefined) return undefined;
    cured = curedBy(ill, forced);
    seen = forced;
  }
  if (cured.length === 0 && !saves) return undefined;
  return {
    clauses: cured.length > 0 ? cured : ill,
    remedy: {
      kind: 'rewrite',
      title,
      sql,
      spec: null,
      proved: true,
      unproved: null,
      changesMeaning: changes.length === 0 ? null : changes.join('; '),
      remoteSql: seen.remoteSql,
      remaining: seen.local.map(({ kind, text }) => `${kind} ${text}`),
      effect: trial.wire === undefined ? null : { before: proving.wire, after: trial.wire },
    },
  };
}

/** The clauses of whose kind fewer run here. */
export function curedBy(ill: readonly Clause[], trial: Trial): readonly Clause[] {
  return ill.filter((clause) => clause.runs === 'local' && trial.local.filter(({ kind }) => kind === clause.kind).length < ill.filter(({ kind }) => kind === clause.kind).length);
}
