import { forcing } from '../cause.ts';
import type { FoundPlan } from '../cause.ts';
import type { ReachedRelation } from '../facts/views.ts';
import type { RelationFacts, FactsOf } from '../facts/relations.ts';
import type { PlannerSettings } from '../explain/explain.ts';
import { everyFlow } from '../plan/flow.ts';
import type { Flow } from '../plan/flow.ts';
import type { Clause, Reason, Remedy } from '../types.ts';
import type { Change } from '../what-if/change.ts';
import { fetchedBy, scansOf } from '../wire.ts';
import { writeTargets } from '../clauses/writes.ts';
import type { Statement } from './surroundings.ts';
import { candidateCures } from './try-candidates.ts';
import { rewriteCures } from './prove.ts';
import type { Cure, Trial } from './prove.ts';

/** A statement's plan over changed copies of its tables. */
export interface ChangedPlan {
  readonly plan: FoundPlan;
  /** Whether the estimates mean something. */
  readonly estimates: boolean;
  /** A text of the plan with what the copies stand for in their place. */
  readonly asWritten: (text: string) => string;
}

/** What offering remedies for one statement needs. */
export interface Offering extends Omit<Statement, 'facts'> {
  readonly user: string;
  readonly notes: readonly Reason[];
  readonly factsOf: FactsOf;
  readonly plan: FoundPlan;
  readonly fetched: ReadonlyMap<Flow, number>;
  readonly remote: boolean;
  /** The plan of another statement, or under settings; undefined: it has none. */
  readonly planOf: (sql: string, settings: PlannerSettings) => Promise<FoundPlan | undefined>;
  /** The statement's plan in a changed world; a sentence where there is none. */
  readonly planIn: (change: Change, settings: PlannerSettings) => Promise<ChangedPlan | string>;
  /** What the scans of a plan fetch. */
  readonly fetchedIn: (plan: FoundPlan) => Promise<ReadonlyMap<Flow, number>>;
}

/** Clauses with their remedies, and remedies for what is said of the statement as a whole. */
export interface Remedied {
  readonly clauses: readonly Clause[];
  readonly remedies: readonly Remedy[];
}

/** Adds remedies to the clauses that run here, or that have something worth changing. */
export async function withRemedies(offering: Offering, clauses: readonly Clause[]): Promise<Remedied> {
  const ill = clauses.filter((clause) => clause.reasons.length > 0);
  const { notes } = offering;
  if (ill.length === 0 && !notes.some(({ id }) => id === 'async-off')) return { clauses, remedies: [] };
  const facts = reachedFacts(offering);
  const wire = fetchedBy(scansOf(offering.plan.context, offering.fetched));
  const columns = await offering.columns([...new Set(facts.map((each) => each.oid))]);
  const trialOf = async (plan: FoundPlan | undefined, estimates = true): Promise<Trial | undefined> =>
    plan === undefined ? undefined : toTrial(plan, estimates ? await offering.fetchedIn(plan) : undefined);
  const rewrites = await rewriteCures({ ...offering, facts, wire, forcing, planOf: async (sql, settings = {}) => trialOf(await offering.planOf(sql, settings)) }, clauses);
  const others = await candidateCures({ ...offering, ill, notes, facts, columns }, {
    wire,
    forcing,
    remote: offering.remote,
    planUnder: async (settings) => trialOf(await offering.planOf(offering.sql, settings)),
    planIn: async (change, settings = {}) => {
      const found = await offering.planIn(change, settings);
      return typeof found === 'string' ? found : toTrial(found.plan, found.estimates ? rowsOf(found.plan) : undefined, found.asWritten);
    },
  });
  return attached(clauses, [...rewrites, ...others]);
}

function attached(clauses: readonly Clause[], cures: readonly Cure[]): Remedied {
  const cured = clauses.map((clause) => {
    const own = cures.filter((cure) => cure.clauses.includes(clause)).map(({ remedy }) => remedy);
    return own.length === 0 ? clause : { ...clause, remedies: [...clause.remedies, ...own] };
  });
  return { clauses: cured, remedies: cures.filter((cure) => cure.clauses.length === 0).map(({ remedy }) => remedy) };
}

/** Of what the statement reaches, and of the partitions of that. */
function reachedFacts({ opened, factsOf }: Offering): readonly RelationFacts[] {
  const reached = opened.reached.flatMap((each: ReachedRelation) => factsOf(each) ?? []);
  const partitions = reached.flatMap((each) => each.partitions.flatMap((name) => factsOf(name) ?? []));
  return [...new Map([...reached, ...partitions].map((each) => [each.oid, each])).values()];
}

function toTrial({ context, findings }: FoundPlan, fetched: ReadonlyMap<Flow, number> | undefined, asWritten = (text: string): string => text): Trial {
  const scans = scansOf(context, fetched ?? new Map());
  return {
    local: findings.filter(({ runs }) => runs === 'local').map(({ kind, text }) => ({ kind, text: asWritten(text) })),
    remoteSql: scans.map((scan) => scan.remoteSql).filter((sql) => sql !== ''),
    batched: [...everyFlow(context.root)].some((flow) => flow.node.type === 'ModifyTable' && writeTargets(flow).some((target) => (target.batchSize ?? 1) > 1)),
    async: [...everyFlow(context.root)].some(({ node }) => node.async),
    wire: fetched === undefined ? undefined : fetchedBy(scans),
  };
}

/** Rows by the plan alone; where a condition is left, what was fetched is not known, and taken for what came through. */
function rowsOf({ context }: FoundPlan): ReadonlyMap<Flow, number> | undefined {
  const scans = [...everyFlow(context.root)].filter(({ node }) => node.type === 'Foreign Scan');
  return scans.some(({ node }) => node.filter !== undefined) ? undefined : new Map(scans.map((flow) => [flow, flow.node.rows]));
}
