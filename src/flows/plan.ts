import type { Reveal } from '../apply/run-statement.ts';
import { readDatabasePlace } from '../catalog/database-place.ts';
import { readDependents } from '../catalog/dependents.ts';
import { readFamilies } from '../catalog/families.ts';
import { readRebuilds } from '../catalog/rebuild/read-rebuilds.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { withAside } from '../diff/aside.ts';
import { diff } from '../diff/diff.ts';
import { likelyRenames } from '../diff/likely-renames.ts';
import { baseState } from '../desired/base-state.ts';
import type { ActualState, DesiredState } from '../model/objects.ts';
import { withRenames } from '../model/renames.ts';
import { replacedServers, withCarried } from '../model/replaced-servers.ts';
import type { Change } from '../model/change.ts';
import type { Dependent } from '../model/dependent.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { Rebuild } from '../model/rebuild.ts';
import { likelyRenameNotice } from '../plan/likely-rename-notice.ts';
import { lossesOf } from '../plan/losses.ts';
import { concernedBy } from '../plan/lock-hazards.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Provenance } from '../plan/provenance.ts';
import type { Notice } from '../plan/types.ts';
import type { Session } from '../postgres/session.ts';
import { loadSpec } from '../spec/load-spec.ts';
import type { Spec } from '../spec/types.ts';
import { atOneMoment } from './at-one-moment.ts';
import { desiredState } from './desired/desired-state.ts';
import { refuseImpossible } from './desired/impossible.ts';
import { type LocalDatabase, openLocalDatabase } from './local-database.ts';
import { openSnapshot, type OpenSnapshot } from './open-snapshot.ts';
import { driftNotices, spelledOut } from './plan-drift.ts';
import { followingLabels, labelRenames, underNewLabels, withExpressionsOf } from './renamed-labels.ts';
import { scopeOfSpec } from './scope.ts';
import { type Readiness, readinessFor, readinessNotices } from './readiness.ts';
import { revealSecrets } from './secrets.ts';
import type { FlowRequest, PlanResult } from './types.ts';

/** A plan on the connection that made it. */
export interface OpenPlan extends PlanResult {
  readonly session: Session;
  readonly spec: Spec;
  readonly readiness: Readiness;
  readonly reveal: Reveal;
  readonly reconnect: LocalDatabase['reconnect'];
}

/** Computes the plan that brings the local database to what the spec says. Changes nothing. */
export async function planFromSpec(request: FlowRequest): Promise<PlanResult> {
  const { plan, madeFrom, warnings, likelyRenames, spelled, reconnect } = await closedPlan(request);
  const drift = request.drift === false || request.snapshot !== undefined ? [] : await driftNotices({ reconnect }, spelled, request);
  return { plan: { ...plan, notices: [...plan.notices, ...drift] }, madeFrom, warnings, likelyRenames };
}

/** The plan without its spec: of ten thousand tables that are spelled out, both it and what stands behind them would be much to hold at once. */
async function closedPlan(request: FlowRequest): Promise<PlanResult & Pick<OpenPlan, 'reconnect'> & { readonly spelled: readonly QualifiedName[] }> {
  const { plan, madeFrom, warnings, likelyRenames, session, spec, reconnect } = await openPlan(request);
  await session.close();
  return { plan, madeFrom, warnings, likelyRenames, reconnect, spelled: spelledOut(plan, spec) };
}

/**
 * The same, keeping the connection; the caller closes it.
 * @throws SpecError, UserError of every room on the way
 */
export async function openPlan(request: FlowRequest): Promise<OpenPlan> {
  const { spec, digest, warnings } = await loadSpec({ path: request.specPath, environment: request.environment, readStdin: request.readStdin, env: request.env });
  const snapshot = request.snapshot === undefined ? undefined : await openSnapshot(request.snapshot);
  const reveal = await revealSecrets(spec.secrets, request.env, request.signal);
  request.progress('connecting to the local database');
  const local = await openLocalDatabase({ flag: request.database, spec: spec.database?.value, env: request.env, signal: request.signal });
  try {
    const { plan, likelyRenames: guesses, remotes, readiness } = await planOn(local, spec, reveal, { ...request, snapshot });
    const madeFrom: Provenance = {
      spec: { path: request.specPath, environment: request.environment, digest },
      database: await readDatabasePlace(local.session),
      remotes,
    };
    return { plan, madeFrom, likelyRenames: guesses, warnings: [...warnings, ...local.warnings], session: local.session, spec, readiness, reveal, reconnect: local.reconnect };
  } catch (error) {
    await local.session.close();
    throw error;
  }
}

/** The plan for a database that is open. */
export async function planOn({ session, identity }: Pick<LocalDatabase, 'session' | 'identity'>, spec: Spec, reveal: Reveal, request: Pick<FlowRequest, 'progress' | 'exposeSecrets' | 'setSecrets' | 'renames'> & { readonly snapshot?: OpenSnapshot | undefined }): Promise<Pick<OpenPlan, 'plan' | 'likelyRenames' | 'readiness'> & { readonly remotes: Provenance['remotes'] }> {
  request.progress('reading the catalogs');
  const actual = await atOneMoment(session, async () => readActual(session, spec));
  const { state, notices, orphans, remotes } = await desiredState(session, spec, actual, reveal, request);
  const secrets = request.setSecrets === true ? 'rewrite' : 'leave';
  const compared = (present: ActualState): { readonly desired: DesiredState; readonly difference: ReturnType<typeof diff> } => {
    const wanted = withCarried(state, present);
    return { desired: wanted, difference: diff(wanted, present, reveal, secrets) };
  };
  const asFound = compared(actual);
  const labels = labelRenames(asFound.difference.changes);
  const { desired, difference } = labels.length === 0 ? asFound : compared(withExpressionsOf(await underNewLabels(session, labels, async () => readActual(session, spec)), actual));
  refuseImpossible(difference, spec);
  const dependents = await readDependents(session, difference.changes.flatMap(lossesOf));
  const rebuildsNow = async (): Promise<readonly Rebuild[]> => readRebuilds(session, toRebuild(difference.changes, dependents), serversToRebuild(difference.changes));
  const { found, families } = await atOneMoment(session, async () => ({
    found: await rebuildsNow(),
    families: await readFamilies(session, difference.changes.flatMap(concernedBy)),
  }));
  const rebuilds = labels.length === 0 || found.length === 0 ? found : followingLabels(found, await underNewLabels(session, labels, rebuildsNow));
  const changes = withAside(difference.changes, families);
  const plan = makePlan(identity, desired, actual, { ...difference, changes }, dependents, rebuilds, families);
  const readiness = await readinessFor(session, plan);
  const guesses = likelyRenames(desired, withRenames(desired, actual), orphans);
  return { plan: { ...plan, notices: [...plan.notices, ...notices, ...guesses.map(likelyRenameNotice), ...snapshotNotices(spec, request.snapshot), ...readinessNotices(plan, readiness)] }, likelyRenames: guesses, remotes, readiness };
}

/** That remotes were not asked is worth knowing. */
function snapshotNotices({ schemas }: Spec, snapshot: OpenSnapshot | undefined): readonly Notice[] {
  if (snapshot === undefined || schemas.length === 0) return [];
  return [{ address: `snapshot ${snapshot.file}`, message: 'imported schemas are as it has them; no remote was asked' }];
}

/** The catalogs as far as the spec goes; with all that is on servers that have to be replaced. */
async function readActual(session: Session, spec: Spec): Promise<ActualState> {
  const scope = scopeOfSpec(spec);
  const actual = await readCatalog(session, scope);
  const base = baseState(spec);
  const replaced = new Set(replacedServers(base, withRenames(base, actual)));
  if (replaced.size === 0) return actual;
  const found = spec.servers.filter(({ name }) => replaced.has(name.value)).flatMap(({ name, renamedFrom }) => [name.value, ...(renamedFrom === undefined ? [] : [renamedFrom.value])]);
  return readCatalog(session, { ...scope, servers: [...(scope.servers ?? []), ...found] });
}

function serversToRebuild(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) => (change.action === 'replace' && change.kind === 'server' ? [change.before.renamedFrom ?? change.before.name] : []));
}

/** The views that are in the way of changes, and the foreign tables that are replaced; each once. */
function toRebuild(changes: readonly Change[], dependents: readonly Dependent[]): readonly QualifiedName[] {
  const replaced = changes.flatMap((change) => (change.action !== 'replace' ? [] : change.kind === 'server' ? change.gone : [change.before]));
  const tables = replaced.flatMap((object) => (object.kind === 'foreign-table' ? [object.renamedFrom ?? { schema: object.schema, name: object.name }] : []));
  const views = dependents.flatMap(({ view }) => (view === undefined ? [] : [view]));
  return [...new Map([...tables, ...views].map((name) => [nameKey(name), name])).values()];
}
