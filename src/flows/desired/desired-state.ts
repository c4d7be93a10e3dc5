import { someInLine } from '../../base/some-of.ts';
import { missingPrivileges, refuseMissingPrivileges } from '../../apply/preflight.ts';
import type { Reveal } from '../../apply/run-statement.ts';
import { exposuresOf, refuseExposures } from '../../apply/sinks.ts';
import { absentObjects } from '../../desired/absent-objects.ts';
import type { Import } from '../../desired/import.ts';
import { optionPlace } from '../../desired/option-problems.ts';
import { type Orphan, orphansOf } from '../../desired/orphans.ts';
import { likelyRequirements } from '../../desired/likely-requirements.ts';
import { placeOf } from '../../desired/place-of.ts';
import { diff } from '../../diff/diff.ts';
import { identityOf } from '../../model/identity.ts';
import { withConfirmed } from '../../model/likely-rename.ts';
import type { ActualState, DatabaseState, DesiredState, ForeignTable } from '../../model/objects.ts';
import { withRenames } from '../../model/renames.ts';
import type { Change } from '../../model/change.ts';
import type { PlacedRequirement } from '../../model/requirement.ts';
import { requirementsOf, writesSecret } from '../../plan/requirements.ts';
import { addressOf } from '../../plan/address.ts';
import { type LearnedSchema, learnedFrom } from '../../plan/provenance.ts';
import type { Notice } from '../../plan/types.ts';
import type { Session } from '../../postgres/session.ts';
import { ident, qualified } from '../../sql/quote.ts';
import type { Spec } from '../../spec/types.ts';
import { beginReadWrite } from '../read-write.ts';
import type { FlowRequest } from '../types.ts';
import { foundation } from './foundation.ts';
import { refuseOverlaps } from './partitions-in-the-way.ts';
import { mappedRoles, readImports, requestFor } from './read-imports.ts';
import { rehearse } from './rehearse.ts';
import type { OpenSnapshot } from '../open-snapshot.ts';
import { withTables } from './tables.ts';

/** What the spec wants, and what the user should know beside it. */
export interface Desired {
  readonly state: DesiredState;
  readonly notices: readonly Notice[];
  /** Tables of imported schemas with nothing behind them any more, and that nothing of the spec is. */
  readonly orphans: readonly ForeignTable[];
  /** What was learned from remotes. */
  readonly remotes: readonly LearnedSchema[];
}

/**
 * What the spec wants, with everything that only servers can tell: the tables behind imported schemas, the
 * types they need, and types and expressions in PostgreSQL's own words.
 *
 * Works in a transaction that is rolled back: it rehearses there what tables build upon (schemas,
 * extensions, servers, user mappings, types), so that a spec can be planned on an empty database.
 *
 * @throws SpecError with all places where the spec and the servers disagree
 */
export async function desiredState(
  session: Session,
  spec: Spec,
  actual: ActualState,
  reveal: Reveal,
  { progress, exposeSecrets = false, setSecrets = false, renames = [], snapshot }: Pick<FlowRequest, 'progress' | 'exposeSecrets' | 'renames' | 'setSecrets'> & { readonly snapshot?: OpenSnapshot | undefined },
): Promise<Desired> {
  const base = await foundation(session, spec, actual);
  const { changes } = diff(base, actual, reveal, setSecrets ? 'rewrite' : 'leave');
  if ([spec.schemas, spec.types, spec.tables, spec.shardedTables].every(({ length }) => length === 0) && changes.length === 0) return withAbsent(spec, base, actual, []);
  return inRehearsal(session, spec, { changes, actual, reveal, exposeSecrets }, async () => {
    const imports = await readImports(session, spec, progress, snapshot);
    const { state, notices } = await withTables(session, spec, base, actual, imports, reveal);
    const desired = withAbsent(spec, withConfirmed(state, renames), actual, imports, notices);
    await refuseOverlaps(session, spec, desired.state, actual);
    return desired;
  });
}

/** What is rehearsed, and how. */
interface Rehearsal {
  readonly changes: readonly Change[];
  readonly actual: ActualState;
  readonly reveal: Reveal;
  readonly exposeSecrets: boolean;
}

async function inRehearsal<T>(session: Session, spec: Spec, { changes, actual, reveal, exposeSecrets }: Rehearsal, work: () => Promise<T>): Promise<T> {
  await beginReadWrite(session);
  try {
    await refuseRole(session, spec, changes, actual);
    if (!exposeSecrets && changes.some(writesSecret)) refuseExposures(await exposuresOf(session));
    await rehearse(session, changes, reveal, (object, message) => optionPlace(spec, object, message) ?? placeOf(object, spec));
    return await work();
  } finally {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
  }
}

/** Runs `work` in a transaction, rolled back afterwards, in which what tables build upon is as the spec wants it: its servers can be looked through. */
export async function withFoundation<T>(session: Session, spec: Spec, actual: ActualState, reveal: Reveal, exposeSecrets: boolean, work: () => Promise<T>): Promise<T> {
  const { changes } = diff(await foundation(session, spec, actual), actual, reveal);
  return inRehearsal(session, spec, { changes, actual, reveal, exposeSecrets }, work);
}

/** The rehearsal does what an apply does, and would stop at the first privilege that is missing. */
async function refuseRole(session: Session, spec: Spec, changes: readonly Change[], actual: ActualState): Promise<void> {
  const temporary: readonly PlacedRequirement[] = spec.schemas.length + spec.types.length + spec.tables.length === 0 ? [] : [{ address: 'planning', requirement: { need: 'temporary' } }];
  const sure = [...requirementsOf(changes), ...temporary];
  const missing = await missingPrivileges(session, sure);
  if (missing.length > 0) refuseMissingPrivileges(await missingPrivileges(session, [...sure, ...likelyRequirements(spec, actual)]));
}

function learned(spec: Spec, { schema, remote }: Import): LearnedSchema {
  const { name, selection, defaults } = requestFor(schema);
  const server = schema.server.value;
  return { server, candidates: mappedRoles(spec, server), schema: name, selection, defaults, ...learnedFrom(remote) };
}

function withAbsent(spec: Spec, wanted: DatabaseState, actual: ActualState, imports: readonly Import[], notices: readonly Notice[] = []): Desired {
  const after = withRenames(wanted, actual);
  const state = { ...wanted, absent: absentObjects(spec, wanted, after, qualified) };
  const kept = new Set(state.foreignTables.map(identityOf));
  const orphans = imports.flatMap((one) => orphansOf(one, after.foreignTables.filter((table) => !kept.has(identityOf(table)))));
  return { state, notices: [...notices, ...noticesOf(orphans, state), ...imports.flatMap(unreadableNotice)], orphans: orphans.map(({ table }) => table), remotes: imports.map((one) => learned(spec, one)) };
}

/** That queries on what is imported will fail for want of a privilege on the remote. */
function unreadableNotice({ schema, remote, unreadable }: Import): readonly Notice[] {
  if (unreadable === undefined || unreadable.why.size === 0) return [];
  const { reader, why } = unreadable;
  const [reason = '', ...others] = new Set(why.values());
  const names = someInLine([...why.keys()].map(ident));
  const message = `${why.size} of the ${remote.relations.length} relations behind it may not be read as ${ident(reader)}: ${names} (${others.length === 0 ? reason : 'for several reasons'}). Queries on ${why.size === 1 ? 'it' : 'them'} fail until the remote grants what is missing`;
  return [{ address: addressOf({ kind: 'schema', name: schema.name.value }), message }];
}

/** That there is nothing behind tables, but for those that the spec wants gone. */
function noticesOf(orphans: readonly Orphan[], { absent = [] }: DesiredState): readonly Notice[] {
  const going = new Set(absent.map(identityOf));
  return orphans.filter(({ table }) => !going.has(identityOf(table))).map(({ table, message }) => ({ address: addressOf(table), message }));
}
