import { nameKey, type QualifiedName } from '../model/name.ts';
import type { ForeignTable, Schema, Server, Wrapper } from '../model/objects.ts';
import { tablePrivileges } from '../model/privileges.ts';
import type { Selection } from './select.ts';
import { partitionsOf, shardedAmong, type ShardedTable, unsaidOf } from './sharded-tables.ts';
import { shown } from './texts.ts';
import type { Pulled, PullFacts, RecognisedSchema, TableFact } from './types.ts';

/** Tables that a spec can say, and everything that it cannot, a line each. */
export interface Sayable {
  readonly tables: readonly ForeignTable[];
  readonly sharded: readonly ShardedTable[];
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
    return { table, why: whyNot(table, own), own };
  });
  const tables = judged.flatMap(({ table, why }) => (why === undefined ? [table] : []));
  const left = judged.flatMap(({ table, why }) => (why === undefined ? [] : [`foreign table ${shown(table)} is left out: ${why}`]));
  const partly = judged.flatMap(({ table, why, own }) => (why === undefined ? lineFor(`foreign table ${shown(table)}`, tableParts(table, own)) : []));
  return {
    tables,
    sharded,
    unsaid: [
      ...left,
      ...wrapperLines(selection.wrappers, facts),
      ...selection.servers.flatMap((server) => lineFor(`server ${shown(server.name)}`, serverParts(server, facts))),
      ...schemaLines([...tables, ...partitions], actual.schemas, role, recognised),
      ...typeLines([...spelledOut(tables, recognised.filter(({ types }) => types === 'create')), ...partitions], facts),
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
function whyNot(table: ForeignTable, facts: readonly TableFact[]): string | undefined {
  const decisive = facts.find((fact) => fact.decisive);
  if (decisive !== undefined) return decisive.what;
  return table.columns.length === 0 ? 'it has no columns' : undefined;
}

function tableParts(table: ForeignTable, facts: readonly TableFact[]): readonly string[] {
  const sayable: readonly string[] = tablePrivileges;
  const privileges = (table.grants ?? []).filter(({ privilege }) => !sayable.includes(privilege));
  return [...facts.map(({ what, count }) => counted(count, what)), ...privileges.map(({ privilege }) => `grants of ${privilege}`)];
}

function serverParts({ name, type, version }: Server, facts: PullFacts): readonly string[] {
  return [
    ...(type === '' ? ['its type, which is an empty text'] : []),
    ...(version === '' ? ['its version, which is an empty text'] : []),
    ...mayHandOn(facts.grantOptions, 'server', name),
  ];
}

function wrapperLines(selected: readonly Wrapper[], { wrappers, grantOptions }: PullFacts): readonly string[] {
  const names = new Set(selected.map(({ name }) => name));
  return wrappers
    .filter(({ name }) => names.has(name))
    .flatMap(({ name, functions }) => [
      ...functions.map((own) => `function ${shown(own)} is used by wrapper ${shown(name)}: it must exist before`),
      ...lineFor(`wrapper ${shown(name)}`, mayHandOn(grantOptions, 'wrapper', name)),
    ]);
}

function mayHandOn(grantOptions: PullFacts['grantOptions'], kind: 'wrapper' | 'server', name: string): readonly string[] {
  return grantOptions.some((each) => each.kind === kind && each.name === name) ? ['grant options'] : [];
}

function schemaLines(tables: readonly ForeignTable[], schemas: readonly Schema[], role: string, recognised: readonly RecognisedSchema[]): readonly string[] {
  const used = new Set(tables.map(({ schema }) => schema));
  const imported = new Set(recognised.map(({ schema }) => schema));
  return schemas
    .filter(({ name }) => used.has(name) && name !== 'public')
    .flatMap(({ name, owner, comment, grants }) =>
      lineFor(`schema ${shown(name)}`, [
        ...(owner === role ? [] : ['its owner']),
        ...(comment === undefined || comment === '' ? [] : ['its comment']),
        ...((grants ?? []).every(({ privilege }) => privilege === 'USAGE' && imported.has(name)) ? [] : ['its grants']),
      ]),
    );
}

/** Types that are nobody's but the user's: a spec creates none for tables that are spelled out. */
function typeLines(tables: readonly ForeignTable[], facts: PullFacts): readonly string[] {
  const own = typesOf(tables, facts).filter(({ extension }) => extension === undefined);
  const names = new Map(own.map(({ type }) => [nameKey(type), type]));
  return [...names.values()].map((type: QualifiedName) => `type ${shown(type)} is used by columns: it must exist before`);
}

/** The types, not built in, of these tables' columns. */
export function typesOf(tables: readonly ForeignTable[], { types }: PullFacts): PullFacts['types'] {
  const kept = new Set(tables.map(nameKey));
  return types.filter(({ table }) => kept.has(nameKey(table)));
}

function lineFor(object: string, parts: readonly string[]): readonly string[] {
  return parts.length === 0 ? [] : [`${object}: not written: ${parts.join(', ')}`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
