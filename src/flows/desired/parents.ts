import type { Problem } from '../../base/spec-error.ts';
import { withCatalogPath } from '../../catalog/catalog-path.ts';
import { readParents } from '../../catalog/parents.ts';
import type { DraftTable } from '../../desired/draft-table.ts';
import { type Heir, parentProblems, parentsFirst, parentsOf } from '../../desired/heirs.ts';
import { nameKey, type QualifiedName, sameName } from '../../model/name.ts';
import type { ActualState, ForeignTable } from '../../model/objects.ts';
import { DatabaseError, PipelineError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { qualified } from '../../sql/quote.ts';
import { attempt } from './attempt.ts';
import type { CanonicalTables } from './canonical-tables.ts';
import { managed, type Trial, trialsOf } from './parent-copies.ts';

/**
 * Puts what tables are part of into PostgreSQL's own words: their parents are copied in `pg_temp`, with the partitions that stay, and
 * the tables are made part of the copies there. So the server says what a bound is, which overlap, and what a table lacks of what its
 * parents ask for; on the parents it takes no lock and needs no privilege.
 *
 * @param session in a transaction that will be rolled back, with the tables' servers and types in place
 * @param tables those of the drafts, in the same order
 * @param actual under the names that the spec gives (`withRenames`)
 * @param gone what shall be absent
 * @returns the tables, each after its parents
 */
export async function withParents(session: Session, drafts: readonly DraftTable[], tables: readonly ForeignTable[], actual: ActualState, gone: readonly QualifiedName[]): Promise<CanonicalTables> {
  if (!drafts.some((draft) => managed(draft))) return { tables, problems: [] };
  const heirs = parentsFirst(drafts.flatMap((draft, index): readonly Heir[] => {
    const table = tables[index];
    return table === undefined ? [] : [{ draft, table }];
  }));
  const own = new Map(heirs.map((heir) => [nameKey(heir.table), heir]));
  const others = heirs.flatMap(({ draft }) => parentsOf(draft)).filter(({ value }) => !own.has(nameKey(value)));
  const distinct = [...new Map(others.map(({ value }) => [nameKey(value), value])).values()];
  const found = await withCatalogPath(session, async () => readParents(session, distinct));
  const byName = new Map(found.map((parent) => [nameKey(parent), parent]));
  const problems = heirs.flatMap((heir) => parentProblems(heir, byName, own));
  if (problems.length > 0) return { tables: [], problems };
  const moving = heirs.filter(({ draft }) => draft.parents.partitionOf !== undefined).flatMap(({ table }) => [table, ...(table.renamedFrom === undefined ? [] : [table.renamedFrom])]);
  const leaving = new Set([...gone, ...moving].map(nameKey));
  const trials = trialsOf(heirs, found, leaving, new Map(actual.foreignTables.map((table) => [nameKey(table), table])));
  await session.query('SAVEPOINT fdw_parents');
  const refused = await make(session, trials);
  const bounds = refused.length === 0 ? await readBounds(session) : new Map<string, string>();
  await session.query('ROLLBACK TO SAVEPOINT fdw_parents; RELEASE SAVEPOINT fdw_parents');
  if (refused.length > 0) return { tables: [], problems: refused };
  const judged = new Map(trials.map((trial) => [trial.heir, trial]));
  const besidesOf = (parent: QualifiedName): QualifiedName | undefined => byName.get(nameKey(parent))?.partitions.find(({ bound, ...name }) => bound === 'DEFAULT' && !leaving.has(nameKey(name)));
  return { tables: heirs.map((heir) => (managed(heir.draft) ? finished(heir, judged.get(heir), bounds, besidesOf) : heir.table)), problems: [] };
}

function finished({ draft, table }: Heir, trial: Trial | undefined, bounds: ReadonlyMap<string, string>, besidesOf: (parent: QualifiedName) => QualifiedName | undefined): ForeignTable {
  const { inherits, partitionOf } = draft.parents;
  const place = partitionOf === undefined || partitionOf === 'none' ? undefined : partitionOf.parent.value;
  const besides = place && besidesOf(place);
  return {
    ...table,
    inherits: inherits?.map(({ value }) => value),
    partitionOf: place === undefined ? (partitionOf === 'none' ? 'none' : undefined) : { parent: place, bound: bounds.get(trial?.name ?? '') ?? '', ...(besides === undefined ? {} : { besides: { schema: besides.schema, name: besides.name } }) },
    handedDown: trial?.handedDown ?? [],
  };
}

/** All in one round trip; where the server does not take one of them, one by one, to say what is wrong with each. */
async function make(session: Session, trials: readonly Trial[]): Promise<readonly Problem[]> {
  try {
    await session.pipeline(trials.flatMap(({ statements }) => statements));
    return [];
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    if (!(error.cause instanceof DatabaseError)) throw error.cause;
  }
  await session.query('ROLLBACK TO SAVEPOINT fdw_parents');
  const problems: Problem[] = [];
  const failed: QualifiedName[] = [];
  for (const trial of trials) {
    const { heir } = trial;
    const parents = heir === undefined ? [] : parentsOf(heir.draft);
    // What was refused itself has said all there is to say.
    if (parents.some(({ value }) => failed.some((name) => sameName(name, value)))) continue;
    const refused = await attempt(session, trial.statements);
    if (refused === undefined) continue;
    failed.push(trial.of);
    const at = parents[0]?.at ?? heir?.draft.at ?? placeOfParent(trial, trials);
    const message = withNames(`${refused.message}${refused.why === undefined ? '' : ` (${refused.why})`}`, trials);
    problems.push({ message: `foreign table ${qualified(trial.of)}: ${message}`, at, hint: refused.todo });
  }
  return problems;
}

/** Where the spec names a parent first. */
function placeOfParent({ of }: Trial, trials: readonly Trial[]): Problem['at'] {
  return trials.flatMap(({ heir }) => (heir === undefined ? [] : parentsOf(heir.draft))).find(({ value }) => sameName(value, of))?.at;
}

/** A message of the server with the tables' own names. */
function withNames(message: string, trials: readonly Trial[]): string {
  const names = new Map(trials.map(({ name, of }) => [name, of.name]));
  return message.replaceAll(/fdw_(?:parent|stay|heir)_\d+/g, (name) => names.get(name) ?? name);
}

async function readBounds(session: Session): Promise<ReadonlyMap<string, string>> {
  const rows = await withCatalogPath(session, async () =>
    session.query<{ name: string; bound: string }>("SELECT relname AS name, pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relispartition AND relname LIKE 'fdw\\_heir\\_%'"),
  );
  return new Map(rows.map(({ name, bound }) => [name, bound]));
}
