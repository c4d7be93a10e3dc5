import type { SourceSpan } from '../../base/source.ts';
import { SpecError, type Problem } from '../../base/spec-error.ts';
import { UserError } from '../../base/user-error.ts';
import type { Reveal } from '../../apply/run-statement.ts';
import { baseState } from '../../desired/base-state.ts';
import type { DraftTable } from '../../desired/draft-table.ts';
import { importedTable } from '../../desired/imported-table.ts';
import { type Import, type LocalSituation, neededTypes } from '../../desired/needed-types.ts';
import { orphansOf } from '../../desired/orphans.ts';
import { placeOf } from '../../desired/place-of.ts';
import { selectRelations } from '../../desired/select-relations.ts';
import { spelledTable } from '../../desired/spelled-table.ts';
import { diff } from '../../diff/diff.ts';
import { objectOf } from '../../model/change.ts';
import { objectsOf, withObjects } from '../../model/database-state.ts';
import { identityOf } from '../../model/identity.ts';
import { nameKey } from '../../model/name.ts';
import type { ActualState, DatabaseState, EnumType, Extension, Schema } from '../../model/objects.ts';
import { addressOf } from '../../plan/address.ts';
import type { Notice } from '../../plan/types.ts';
import type { Session } from '../../postgres/session.ts';
import { describeTypes } from '../../remote/type-texts.ts';
import type { Spec } from '../../spec/types.ts';
import type { Progress } from '../types.ts';
import { canonicalTables } from './canonical-tables.ts';
import { readImports } from './read-imports.ts';
import { rehearse } from './rehearse.ts';
import { resolveTypes } from './type-resolver.ts';

/** What the spec wants, and what the user should know beside it. */
export interface Desired {
  readonly state: DatabaseState;
  readonly notices: readonly Notice[];
}

/**
 * What the spec wants, with everything that only servers can tell: the tables behind imported schemas, the
 * types they need, and types and expressions in PostgreSQL's own words.
 *
 * Works in a transaction that is rolled back: it rehearses there what tables build upon (schemas,
 * extensions, servers, user mappings, enums), so that a spec can be planned on an empty database.
 *
 * @throws SpecError with all places where the spec and the servers disagree
 */
export async function desiredState(
  session: Session,
  spec: Spec,
  actual: ActualState,
  reveal: Reveal,
  progress: Progress,
): Promise<Desired> {
  const base = baseState(spec);
  if (spec.schemas.length === 0 && spec.tables.length === 0) return { state: base, notices: [] };
  await beginRehearsal(session);
  try {
    await rehearse(session, diff(base, actual, reveal).changes, reveal, (object) => placeOf(object, spec));
    const imports = await readImports(session, spec, progress);
    const state = await withTables(session, spec, base, actual, imports, reveal);
    return { state, notices: noticesOf(imports, state, actual) };
  } finally {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
  }
}

/** Tables of imported schemas with nothing behind them, but for those that the spec spells out. */
function noticesOf(imports: readonly Import[], state: DatabaseState, actual: ActualState): readonly Notice[] {
  const wanted = new Set(state.foreignTables.map(identityOf));
  const others = actual.foreignTables.filter((table) => !wanted.has(identityOf(table)));
  return imports.flatMap((one) => orphansOf(one, others)).map(({ table, message }) => ({ address: addressOf(table), message }));
}

/**
 * A rehearsal writes, though nothing stays. The role's or database's `default_transaction_read_only` does not
 * forbid it, a standby does.
 */
async function beginRehearsal(session: Session): Promise<void> {
  const [server] = await session.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (server?.standby === true) {
    throw new UserError('database-is-standby', 'The local database is a hot standby, which cannot be planned for.', {
      why: 'To see what stands behind a server, fdw makes temporary foreign tables and rolls them back; a standby has none.',
      todo: 'Connect to its primary.',
    });
  }
  await session.query('BEGIN READ WRITE');
}

async function withTables(
  session: Session,
  spec: Spec,
  base: DatabaseState,
  actual: ActualState,
  imports: readonly Import[],
  reveal: Reveal,
): Promise<DatabaseState> {
  const problems: Problem[] = [];
  const complete = await addTypes(session, base, actual, imports, reveal);
  const drafts: DraftTable[] = [];
  for (const one of imports) {
    const selected = selectRelations(one.schema, one.remote);
    const { names } = await resolveTypes(session, one, situationOf(actual, one));
    const made = selected.relations.map((relation) => importedTable(one.schema, relation, names));
    drafts.push(...made.map(({ draft }) => draft));
    problems.push(...selected.problems, ...made.flatMap((each) => each.problems));
  }
  const types = await describeTypes(session, spec.tables.flatMap(({ columns }) => columns.map(({ type }) => type.value)));
  const spelled = spec.tables.map((table) => spelledTable(table, (text) => types.get(text) ?? { kind: 'none', why: 'it was not asked' }));
  drafts.push(...spelled.map(({ draft }) => draft));
  problems.push(...spelled.flatMap((each) => each.problems), ...duplicates(drafts));
  if (problems.length > 0) throw new SpecError(problems);
  const canonical = await canonicalTables(session, drafts);
  if (canonical.problems.length > 0) throw new SpecError(canonical.problems);
  return { ...complete, foreignTables: canonical.tables };
}

/** The base with the extensions and enums that imported columns need, rehearsed too. */
async function addTypes(
  session: Session,
  base: DatabaseState,
  actual: ActualState,
  imports: readonly Import[],
  reveal: Reveal,
): Promise<DatabaseState> {
  const needed: (Schema | Extension | EnumType)[] = [];
  const places = new Map<string, SourceSpan>();
  for (const one of imports) {
    const situation = situationOf(actual, one);
    const { candidates } = await resolveTypes(session, one, situation);
    const { extensions, enums } = neededTypes(one, candidates, situation);
    const objects = [...extensions, ...enums, ...enums.map(({ schema }) => ({ kind: 'schema' as const, name: schema }))];
    for (const object of objects) places.set(identityOf(object), one.schema.name.at);
    needed.push(...objects);
  }
  const complete = withObjects(base, needed);
  const rehearsed = new Set(objectsOf(base).map(identityOf));
  const fresh = diff(complete, actual, reveal).changes.filter((change) => !rehearsed.has(identityOf(objectOf(change))));
  await rehearse(session, fresh, reveal, (object) => places.get(identityOf(object)));
  return complete;
}

function situationOf(actual: ActualState, { schema }: Import): LocalSituation {
  const tables = actual.foreignTables.filter((table) => table.schema === schema.name.value);
  return {
    labels: new Map(actual.enums.map((type) => [nameKey(type), type.labels])),
    inUse: new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type))),
  };
}

/** A table that is spelled out and imported as well, or imported twice into one schema. */
function duplicates(drafts: readonly DraftTable[]): readonly Problem[] {
  const first = new Map<string, DraftTable>();
  return drafts.flatMap((draft) => {
    const key = nameKey(draft.table);
    const other = first.get(key);
    first.set(key, other ?? draft);
    if (other === undefined) return [];
    const { file } = other.at.source;
    return [{ message: `foreign table ${draft.table.schema}.${draft.table.name} is wanted twice; the other is at ${file}:${other.at.line}`, at: draft.at }];
  });
}
