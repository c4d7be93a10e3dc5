import { nameKey } from '../../model/name.ts';
import type { FoundPlan } from '../cause.ts';
import type { ReachedRelation } from '../facts/views.ts';
import type { RelationFacts, FactsOf } from '../facts/relations.ts';
import type { PlannerSettings } from '../explain/explain.ts';
import { everyFlow } from '../plan/flow.ts';
import type { Flow } from '../plan/flow.ts';
import { isAskedPerRow } from '../reasons/loops.ts';
import type { Spec } from '../../spec/types.ts';
import type { Clause, Reason, Remedy } from '../types.ts';
import type { Change } from '../what-if/change.ts';
import { fetchedBy, scansOf } from '../wire.ts';
import { writeTargets } from '../clauses/writes.ts';
import type { Grounds } from './candidate.ts';
import { combinedCure } from './combine.ts';
import type { Laboratory, Trial } from './laboratory.ts';
import { rewriteCures } from './prove.ts';
import type { Cure, Proving } from './prove.ts';
import { Results } from './result-columns.ts';
import type { Surroundings } from './rule.ts';
import { readSurroundings } from './surroundings.ts';
import type { Statement } from './surroundings.ts';
import { viewCures } from './view-cures.ts';
import { candidateCures, candidatesFor } from './try-candidates.ts';

/** A statement's plan over changed copies of its tables. */
export interface ChangedPlan {
  readonly plan: FoundPlan;
  /** Whether the estimates mean something. */
  readonly estimates: boolean;
  /** A text of the plan with what the copies stand for in their place. */
  readonly asWritten: (text: string) => string;
}

/** What offering remedies for one statement needs. */
export interface Offering extends Omit<Statement, 'facts' | 'scanned'> {
  readonly user: string;
  readonly notes: readonly Reason[];
  readonly factsOf: FactsOf;
  readonly plan: FoundPlan;
  readonly fetched: ReadonlyMap<Flow, number>;
  readonly remote: boolean;
  /** The user's; undefined: none was given. */
  readonly spec: Spec | undefined;
  /** The plan of another statement, or under settings; undefined: it has none. */
  readonly planOf: (sql: string, settings: PlannerSettings) => Promise<FoundPlan | undefined>;
  /** A statement's plan in a changed world; a sentence where there is none. */
  readonly planIn: (sql: string, change: Change, settings: PlannerSettings) => Promise<ChangedPlan | string>;
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
  const columns = await offering.columns([...new Set(facts.map((each) => each.oid))]);
  const lab = laboratory(offering);
  const surroundings = async (sql: string): Promise<Surroundings> => {
    const read = await readSurroundings({ ...offering, sql, facts, scanned: scannedBy(offering) }, ill.filter(({ runs }) => runs === 'local'));
    await offering.prober.close();
    return read;
  };
  const results = new Results(offering.prober);
  const proving: Proving = { sql: offering.sql, lab, results, surroundings: once(() => surroundings(offering.sql)) };
  const grounds: Grounds = { ...offering, ill, notes, facts, columns };
  const rewrites = [...(await rewriteCures(proving, clauses)), ...(await viewCures({ lab, results, views: offering.opened.views, surroundings }, clauses))];
  const candidates = await candidatesFor(grounds);
  await offering.prober.close();
  const others = await candidateCures(grounds, candidates, lab);
  const combined = await combinedCure({ ...proving, sight: grounds }, ill, candidates, [...rewrites, ...others]);
  return attached(clauses, [...rewrites, ...others, ...(combined === undefined ? [] : [combined])]);
}

function laboratory(offering: Offering): Laboratory {
  return {
    wire: fetchedBy(scansOf(offering.plan.context, offering.fetched)),
    loops: loopsIn(offering.plan),
    remote: offering.remote,
    plan: async ({ sql = offering.sql, change, settings = {} }) => {
      if (change === undefined) {
        const found = await offering.planOf(sql, settings);
        return found === undefined ? 'it cannot be planned so' : toTrial(found, true, await offering.fetchedIn(found));
      }
      const found = await offering.planIn(sql, change, settings);
      return typeof found === 'string' ? found : toTrial(found.plan, found.estimates, found.estimates ? rowsOf(found.plan) : undefined, found.asWritten);
    },
  };
}

/** A question that is asked once. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}

function attached(clauses: readonly Clause[], cures: readonly Cure[]): Remedied {
  const cured = clauses.map((clause) => {
    const meant = cures.filter((cure) => cure.clauses.includes(clause));
    // Of several clauses of a kind one may be sent then, and this one stay.
    const isProved = meant.some(({ remedy }) => remedy.proved && !remedy.remaining.includes(`${clause.kind} ${clause.text}`));
    const own = meant.filter(({ lastResort }) => lastResort !== true || !isProved).map(({ remedy }) => remedy);
    return own.length === 0 ? clause : { ...clause, remedies: [...clause.remedies, ...own] };
  });
  return { clauses: cured, remedies: cures.filter((cure) => cure.clauses.length === 0).map(({ remedy }) => remedy) };
}

/** What the plan reads each time; empty: not known. */
function scannedBy({ plan: { context }, opened }: Offering): ReadonlySet<string> {
  const flows = everyFlow(context.root);
  // With parameters, or now(), others may be read the next time.
  if (opened.shape.parameters > 0 || flows.some(({ node }) => node.subplansRemoved > 0)) return new Set();
  return new Set(flows.flatMap(({ node: { relation } }) => (relation === undefined ? [] : [nameKey(relation)])));
}

/** Of what the statement reaches, and of the partitions of that. */
function reachedFacts({ opened, factsOf }: Offering): readonly RelationFacts[] {
  const reached = opened.reached.flatMap((each: ReachedRelation) => factsOf(each) ?? []);
  const partitions = reached.flatMap((each) => each.partitions.flatMap((name) => factsOf(name) ?? []));
  return [...new Map([...reached, ...partitions].map((each) => [each.oid, each])).values()];
}

function toTrial({ context, findings }: FoundPlan, estimates: boolean, fetched: ReadonlyMap<Flow, number> | undefined, asWritten = (text: string): string => text): Trial {
  const scans = scansOf(context, fetched ?? new Map());
  return {
    local: findings.filter(({ runs }) => runs === 'local').map(({ kind, text }) => ({ kind, text: asWritten(text) })),
    remoteSql: scans.map((scan) => scan.remoteSql).filter((sql) => sql !== ''),
    loops: loopsIn({ context }),
    batched: everyFlow(context.root).some((flow) => flow.node.type === 'ModifyTable' && writeTargets(flow).some((target) => (target.batchSize ?? 1) > 1)),
    async: everyFlow(context.root).some(({ node }) => node.async),
    estimates,
    wire: fetched === undefined ? undefined : fetchedBy(scans),
  };
}

function loopsIn({ context }: Pick<FoundPlan, 'context'>): number {
  return everyFlow(context.root).filter((flow) => flow.node.type === 'Foreign Scan' && isAskedPerRow(context, flow)).length;
}

/** Rows by the plan alone; where a condition is left, what was fetched is not known, and taken for what came through. */
function rowsOf({ context }: FoundPlan): ReadonlyMap<Flow, number> | undefined {
  const scans = everyFlow(context.root).filter(({ node }) => node.type === 'Foreign Scan');
  return scans.some(({ node }) => node.filter !== undefined) ? undefined : new Map(scans.map((flow) => [flow, flow.node.rows]));
}
