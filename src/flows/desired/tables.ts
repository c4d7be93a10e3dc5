import { Shared } from '../../base/shared.ts';
import { type Problem, SpecError } from '../../base/spec-error.ts';
import type { Reveal } from '../../apply/run-statement.ts';
import type { DraftTable } from '../../desired/draft-table.ts';
import { importedTable } from '../../desired/imported-table.ts';
import type { Import } from '../../desired/import.ts';
import { selectRelations, strayOverrides } from '../../desired/select-relations.ts';
import { override } from '../../desired/override.ts';
import { type DescribedType, spelledTable } from '../../desired/spelled-table.ts';
import type { Column } from '../../model/column.ts';
import { identityOf } from '../../model/identity.ts';
import { nameKey } from '../../model/name.ts';
import type { ActualState, DatabaseState } from '../../model/objects.ts';
import { withRenames } from '../../model/renames.ts';
import type { Notice } from '../../plan/types.ts';
import type { Session } from '../../postgres/session.ts';
import { describeTypes } from '../../remote/type-texts.ts';
import type { Spec } from '../../spec/types.ts';
import { canonicalTables } from './canonical-tables.ts';
import { withParents } from './parents.ts';
import { shardedTables } from './sharded-tables.ts';
import { spelledTypes } from './spelled-types.ts';
import { tableOptionProblems } from './table-options.ts';
import { addTypes } from './types.ts';

/**
 * The base with the tables of imported schemas, those that are spelled out, and the types that they need.
 * @throws SpecError with all places where the spec and the servers disagree
 */
export async function withTables(
  session: Session,
  spec: Spec,
  base: DatabaseState,
  actual: ActualState,
  imports: readonly Import[],
  reveal: Reveal,
): Promise<{ readonly state: DatabaseState; readonly notices: readonly Notice[] }> {
  const problems: Problem[] = [];
  const { state: complete, named, notices } = await addTypes(session, await spelledTypes(session, spec.types, base, actual, reveal), actual, imports, reveal);
  const drafts: DraftTable[] = [];
  const overridden = spec.schemas.flatMap(({ overrides }) => overrides.flatMap(({ columns }) => columns.flatMap(({ type }) => type?.value ?? [])));
  const types = await describeTypes(session, [...overridden, ...[...spec.tables, ...spec.shardedTables].flatMap(({ columns }) => columns.map(({ type }) => type.value))]);
  const describe = (text: string): DescribedType => types.get(text) ?? { kind: 'none', why: 'it was not asked' };
  for (const one of named) {
    const { schema, remote } = one;
    const selected = selectRelations(schema, remote);
    const made = selected.relations.map((relation) => {
      const imported = importedTable(schema, relation, one);
      const over = schema.overrides.find(({ name }) => name.value === relation.name);
      return over === undefined || imported.problems.length > 0 ? imported : override(imported.draft, over, describe);
    });
    drafts.push(...made.map(({ draft }) => draft));
    problems.push(...selected.problems, ...made.flatMap((each) => each.problems), ...strayOverrides(schema, selected.relations.map(({ name }) => name)));
  }
  const shared = new Shared<Column>();
  const spelled = spec.tables.map((table) => spelledTable(table, describe, shared));
  drafts.push(...spelled.map(({ draft }) => draft));
  problems.push(...spelled.flatMap((each) => each.problems), ...duplicates(drafts));
  problems.push(...takenByTables(spec, drafts));
  if (problems.length > 0) throw new SpecError(problems);
  const canonical = await canonicalTables(session, drafts, newLabels(complete, actual));
  const refused = [...canonical.problems, ...(await tableOptionProblems(session, drafts.filter(({ needsServer }) => !needsServer)))];
  if (refused.length > 0) throw new SpecError(refused);
  const { tables: foreignTables, problems: unfit } = await withParents(session, drafts, canonical.tables, withRenames({ ...complete, foreignTables: canonical.tables }, actual), spec.absent.tables.map(({ value }) => value));
  if (unfit.length > 0) throw new SpecError(unfit);
  const sharded = await shardedTables(session, spec.shardedTables, describe);
  return { state: { ...complete, foreignTables: [...foreignTables, ...sharded.foreignTables], ...(sharded.partitionedTables.length === 0 ? {} : { partitionedTables: sharded.partitionedTables }) }, notices };
}

/** The labels that enums are to get. */
function newLabels(desired: DatabaseState, actual: DatabaseState): readonly string[] {
  const present = new Map(actual.types.map((type) => [identityOf(type), type]));
  return desired.types.flatMap((type) => {
    const before = present.get(identityOf(type));
    if (type.kind !== 'enum' || before?.kind !== 'enum') return [];
    const labels = new Set(before.labels);
    return type.labels.filter((label) => !labels.has(label));
  });
}

/** A sharded table or a partition with the name of an imported table. */
function takenByTables(spec: Spec, drafts: readonly DraftTable[]): readonly Problem[] {
  const taken = new Set(drafts.map(({ table }) => nameKey(table)));
  const names = spec.shardedTables.flatMap(({ name, partitions }) => [name, ...partitions.map((partition) => partition.name)]);
  return names.filter(({ value }) => taken.has(nameKey(value))).map(({ value, at }) => ({ message: `${value.schema}.${value.name} is a foreign table that the spec wants already`, at }));
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
