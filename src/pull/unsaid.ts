import { compareQualified, nameKey, type QualifiedName } from '../model/name.ts';
import type { Extension, ForeignTable, Schema, Server, Wrapper } from '../model/objects.ts';
import { tablePrivileges } from '../model/privileges.ts';
import type { UserType } from '../model/user-types.ts';
import { neededExtensions } from './extensions.ts';
import { parentLines } from './parents.ts';
import type { Selection } from './select.ts';
import { partitionsOf, shardedAmong, type ShardedTable, unsaidOf } from './sharded-tables.ts';
import { counted, oneLine, shown } from './texts.ts';
import type { ObjectFact, Need, Pulled, PullFacts, RecognisedSchema, TableFact } from './types.ts';
import { isSayable, typeFacets } from './user-types.ts';

/** Tables that a spec can say, and everything that it cannot, a line each. */
export interface Sayable {
  readonly tables: readonly ForeignTable[];
  readonly sharded: readonly ShardedTable[];
  /** Those that these need and no import makes. */
  readonly types: readonly UserType[];
  /** What brings wrappers, and what tables stand on. */
  readonly extensions: readonly Extension[];
  /** The local schemas of all of them. */
  readonly schemas: readonly Schema[];
  readonly unsaid: readonly string[];
}

/** Divides what is wanted into what a spec can hold and what it cannot. Nothing is dropped in silence. */
export function divide(selection: Selection, pulled: Pulled): Sayable {
  const { actual, facts, role, recognised } = pulled;
  const sharded = shardedAmong(selection.tables, pulled);
  const partitions = partitionsOf(sharded);
  const said = new Set(partitions);
  const factsOf = byTable(facts.tables);
  const judged = selection.tables.filter((table) => !said.has(table)).map((table) => {
    const own = factsOf.get(nameKey(table)) ?? [];
    return { table, why: whyNot(table, facts), own };
  });
  const tables = judged.flatMap(({ table, why }) => (why === undefined ? [table] : []));
  const left = judged.flatMap(({ table, why }) => (why === undefined ? [] : [`foreign table ${shown(table)} is left out: ${why}`]));
  const partly = judged.flatMap(({ table, why, own }) => (why === undefined ? lineFor(`foreign table ${shown(table)}`, tableParts(table, own)) : []));
  const needs = needsOf([...spelledOut(tables, recognised.filter(({ types }) => types === 'create')), ...partitions], facts);
  const types = typesAmong(needs, actual.types);
  const extensions = neededExtensions(actual.extensions, selection.wrappers, needsOf([...tables, ...partitions], facts), facts);
  const used = new Set([...tables, ...partitions, ...types, ...extensions].map(({ schema }) => schema));
  // Those of PostgreSQL itself, where an extension may be as well, are nobody's to make.
  const schemas = actual.schemas.filter(({ name }) => used.has(name) && !name.startsWith('pg_'));
  return {
    tables,
    sharded,
    extensions,
    schemas,
    types,
    unsaid: [
      ...left,
      ...wrapperLines(selection.wrappers, facts),
      ...selection.servers.flatMap((server) => lineFor(`server ${shown(server.name)}`, serverParts(server, facts))),
      ...schemaLines(schemas, facts),
      ...typeLines(types, typesAmong(needsOf(tables, facts), actual.types), facts, role),
      ...needLines(needs, types),
      ...parentLines(tables),
      ...partly,
      ...sharded.flatMap((one) => unsaidOf(one, pulled)),
    ],
  };
}

/** Tables that no imported schema brings. */
export function spelledOut(tables: readonly ForeignTable[], recognised: readonly RecognisedSchema[]): readonly ForeignTable[] {
  const imported = new Set(recognised.flatMap((schema) => schema.tables.map(({ actual }) => nameKey(actual))));
  return tables.filter((table) => !imported.has(nameKey(table)));
}

function byTable(facts: readonly TableFact[]): ReadonlyMap<string, readonly TableFact[]> {
  const found = new Map<string, TableFact[]>();
  for (const fact of facts) found.set(nameKey(fact), [...(found.get(nameKey(fact)) ?? []), fact]);
  return found;
}

/** Why a table would not come back as it is. */
function whyNot(table: ForeignTable, { partitions }: PullFacts): string | undefined {
  if (table.partitionOf !== undefined && !partitions.bounds.has(nameKey(table))) return 'it is a partition whose bounds are no constants';
  return table.columns.length === 0 ? 'it has no columns' : undefined;
}

function tableParts(table: ForeignTable, facts: readonly TableFact[]): readonly string[] {
  const sayable: readonly string[] = tablePrivileges;
  const privileges = (table.grants ?? []).filter(({ privilege }) => !sayable.includes(privilege));
  return [...facts.map(counted), ...privileges.map(({ privilege }) => `grants of ${privilege}`)];
}

function serverParts({ name, type, version }: Server, facts: PullFacts): readonly string[] {
  return [
    ...(type === '' ? ['its type, which is an empty text'] : []),
    ...(version === '' ? ['its version, which is an empty text'] : []),
    ...beside(facts, 'server', name),
  ];
}

function wrapperLines(selected: readonly Wrapper[], facts: PullFacts): readonly string[] {
  const names = new Set(selected.map(({ name }) => name));
  return facts.wrappers
    .filter(({ name }) => names.has(name))
    .flatMap(({ name, functions }) => [
      ...functions.map((own) => `function ${shown(own)} is used by wrapper ${shown(name)}: it must exist before`),
      ...lineFor(`wrapper ${shown(name)}`, beside(facts, 'wrapper', name)),
    ]);
}

/** What such an object has that a spec has no words for. */
function beside({ objects }: PullFacts, kind: ObjectFact['kind'], name: string, schema: string | null = null): readonly string[] {
  return objects.flatMap((each) => (each.kind === kind && each.name === name && each.schema === schema ? [each.what] : []));
}

function schemaLines(schemas: readonly Schema[], facts: PullFacts): readonly string[] {
  return schemas.flatMap(({ name }) => lineFor(`schema ${shown(name)}`, beside(facts, 'schema', name)));
}

/** What is nobody's but the user's and what a spec does not create. */
function needLines(needs: readonly Need[], made: readonly UserType[]): readonly string[] {
  const types = new Set(made.map(nameKey));
  const missing = needs.filter(({ extension, type }) => extension === undefined && !(type !== undefined && types.has(nameKey(type))));
  return [...new Set(missing.map(({ what, identity }) => `${what} ${oneLine(identity)} is used by foreign tables: it must exist before`))];
}

/** Types that a spec makes, and what it leaves out of those that imports make. */
function typeLines(written: readonly UserType[], imported: readonly UserType[], facts: PullFacts, role: string): readonly string[] {
  const own = new Set(written.map(nameKey));
  return [...written, ...imported.filter((type) => !own.has(nameKey(type)))].flatMap((type) =>
    lineFor(`type ${shown(type)}`, [
      ...(own.has(nameKey(type)) ? [] : typeFacets(type, role).map(({ key }) => `its ${String(key)}`)),
      ...beside(facts, 'type', type.name, type.schema),
    ]),
  );
}

/** What these tables cannot be without. */
function needsOf(tables: readonly QualifiedName[], { needs }: PullFacts): readonly Need[] {
  const kept = new Set(tables.map(nameKey));
  return needs.filter(({ table }) => kept.has(nameKey(table)));
}

/** The user's own types among them that a spec can make, by name. */
function typesAmong(needs: readonly Need[], types: readonly UserType[]): readonly UserType[] {
  const named = new Set(needs.flatMap(({ type, extension }) => (type === undefined || extension !== undefined ? [] : nameKey(type))));
  return types.filter((type) => named.has(nameKey(type)) && isSayable(type)).sort(compareQualified);
}

function lineFor(object: string, parts: readonly string[]): readonly string[] {
  return parts.length === 0 ? [] : [`${object}: not written: ${parts.join(', ')}`];
}
