import { nearest } from '../base/nearest.ts';
import { nameKey } from '../model/name.ts';
import { qualified } from '../sql/quote.ts';
import type { BuildContext } from './build/context.ts';
import { checkParents } from './parent-references.ts';
import type { Placed, Spec, SpecColumnOverride } from './types.ts';
import { anyOf, placeOf, shown } from './words.ts';

/** Comparing names with all of a huge spec's servers would take minutes where many dangle. */
const mostCompared = 500;

/** What a spec says about itself must hold: servers that are named exist, no table is given twice. */
export function checkReferences(spec: Spec, serverNames: readonly string[], context: BuildContext): void {
  const uses: { readonly server: Placed<string>; readonly user: string }[] = [
    ...spec.schemas.map((schema) => ({ server: schema.server, user: `the schema ${shown(schema.name.value)}` })),
    ...spec.tables.map((table) => ({ server: table.server, user: `the table ${shown(qualified(table.name.value))}` })),
    ...spec.shardedTables.flatMap(({ partitions }) => partitions.map(({ name, server }) => ({ server, user: `the partition ${shown(qualified(name.value))}` }))),
  ];
  const known = new Set(serverNames);
  for (const { server, user } of uses) {
    if (known.has(server.value) || context.problems.full) continue;
    const near = nearest(server.value, serverNames.slice(0, mostCompared));
    const hint =
      near !== undefined ? `did you mean \`${near}\`?`
      : serverNames.length === 0 ? 'the spec has no servers: add it under `servers`'
      : serverNames.length <= 8 ? `the spec has ${anyOf(serverNames)}` : 'add it under `servers`';
    context.problems.add(server.at, `${user} is on a server ${shown(server.value)}, which the spec does not have`, hint);
  }
  checkRenames(spec, serverNames, context);
  checkTableRenames(spec, context);
  checkAbsent(spec, uses, context);
  checkTablesTwice(spec, context);
  checkTypes(spec, context);
  checkParents(spec, context);
}

/** Two that take each other's names could not be told apart, after the change as little as before. */
const goingRound = 'names go round one at a time: give one a name between in an apply of its own, the others theirs in the next, and that one its own last';

/** A former name is nobody's name any more, and was one server's. */
function checkRenames(spec: Spec, serverNames: readonly string[], { problems }: BuildContext): void {
  const names = new Set(serverNames);
  const renamed = new Set(spec.servers.flatMap((server) => (server.renamedFrom === undefined ? [] : [server.name.value])));
  const first = new Map<string, Placed<string>>();
  for (const { renamedFrom } of spec.servers) {
    if (renamedFrom === undefined) continue;
    const earlier = first.get(renamedFrom.value);
    if (names.has(renamedFrom.value)) problems.add(renamedFrom.at, `the spec has a server ${shown(renamedFrom.value)}, so that is no former name`, renamed.has(renamedFrom.value) ? goingRound : 'leave one of them out');
    else if (earlier !== undefined) problems.add(renamedFrom.at, `two servers are renamed from ${shown(renamedFrom.value)}`, `the other is at ${placeOf(earlier.at)}`);
    else first.set(renamedFrom.value, renamedFrom);
  }
}

/** The same of tables, wherever the spec names one; what is spelled out may take the name of what is renamed. */
function checkTableRenames(spec: Spec, { problems }: BuildContext): void {
  const overrides = spec.schemas.flatMap((schema) => schema.overrides.map(({ name, renamedFrom }) => ({ name: { value: { schema: schema.name.value, name: name.value }, at: name.at }, renamedFrom })));
  const renamed = [...spec.tables, ...overrides];
  const sharded = spec.shardedTables.flatMap(({ name, partitions }) => [name, ...partitions.map((partition) => partition.name)]);
  const names = new Map([...renamed.map(({ name }) => name), ...sharded].map((name) => [nameKey(name.value), name]));
  const passing = new Set(renamed.flatMap((table) => (table.renamedFrom === undefined ? [] : [nameKey(table.name.value)])));
  const first = new Map<string, Placed<unknown>>();
  for (const { name, renamedFrom } of renamed) {
    if (renamedFrom === undefined) continue;
    const key = nameKey(renamedFrom.value);
    const [earlier, present] = [first.get(key), names.get(key)];
    const former = shown(qualified(renamedFrom.value));
    if (key === nameKey(name.value)) problems.add(renamedFrom.at, `the table ${former} is renamed from its own name`, 'leave `renamed_from` out');
    else if (present !== undefined) problems.add(renamedFrom.at, `the spec has a table ${former}, so that is no former name`, passing.has(key) ? goingRound : `it is at ${placeOf(present.at)}: leave one of them out`);
    else if (earlier !== undefined) problems.add(renamedFrom.at, `two tables are renamed from ${former}`, `the other is at ${placeOf(earlier.at)}`);
    else first.set(key, renamedFrom);
  }
  for (const { columns } of [...spec.tables, ...spec.schemas.flatMap(({ overrides }) => overrides)]) checkColumnRenames(columns, problems);
}

function checkColumnRenames(columns: readonly Pick<SpecColumnOverride, 'name' | 'renamedFrom'>[], problems: BuildContext['problems']): void {
  const names = new Map(columns.map(({ name }) => [name.value, name]));
  const passing = new Set(columns.flatMap((column) => (column.renamedFrom === undefined ? [] : [column.name.value])));
  const first = new Map<string, Placed<string>>();
  for (const { name, renamedFrom } of columns) {
    if (renamedFrom === undefined) continue;
    const [earlier, present] = [first.get(renamedFrom), names.get(renamedFrom)];
    if (present !== undefined) problems.add(name.at, `the table has a column ${shown(renamedFrom)}, so that is no former name of ${shown(name.value)}`, passing.has(renamedFrom) ? goingRound : `it is at ${placeOf(present.at)}: leave one of them out`);
    else if (earlier !== undefined) problems.add(name.at, `two columns are renamed from ${shown(renamedFrom)}`, `the other is at ${placeOf(earlier.at)}`);
    else first.set(renamedFrom, name);
  }
}

/** What the spec wants to exist must not stand on what it wants gone. */
function checkAbsent({ absent, tables }: Spec, uses: readonly { readonly server: Placed<string>; readonly user: string }[], context: BuildContext): void {
  const servers = new Map(absent.servers.map(({ name }) => [name.value, name]));
  for (const { server, user } of uses) {
    const gone = servers.get(server.value);
    if (gone !== undefined) context.problems.add(server.at, `${user} is on the server ${shown(server.value)}, which is to be absent`, `it is so at ${placeOf(gone.at)}`);
  }
  const schemas = new Map(absent.schemas.map(({ name }) => [name.value, name]));
  for (const { name } of tables) {
    const gone = schemas.get(name.value.schema);
    if (gone !== undefined) context.problems.add(name.at, `the table ${shown(qualified(name.value))} is in a schema that is to be absent`, `it is so at ${placeOf(gone.at)}`);
  }
}

/** The same table spelled out and listed in the imported schema that it lies in, or spelled out in two ways of quoting. */
function checkTablesTwice(spec: Spec, context: BuildContext): void {
  const first = new Map<string, Placed<unknown>>();
  for (const schema of spec.schemas) {
    if (schema.selection.kind !== 'listed') continue;
    for (const table of schema.selection.tables) first.set(nameKey({ schema: schema.name.value, name: table.value }), table);
  }
  const sharded = spec.shardedTables.flatMap(({ name, partitions }) => [name, ...partitions.map((partition) => partition.name)]);
  for (const name of [...spec.tables.map((table) => table.name), ...sharded, ...spec.absent.tables, ...spec.absent.shardedTables]) {
    const earlier = first.get(nameKey(name.value));
    if (earlier === undefined) first.set(nameKey(name.value), name);
    else {
      context.problems.add(name.at, `the table ${shown(qualified(name.value))} is given twice`, `it is also given at ${placeOf(earlier.at)}`);
    }
  }
}

/** The same type in two ways of quoting, or one in a schema that is to go. */
function checkTypes({ types, absent }: Spec, { problems }: BuildContext): void {
  const first = new Map<string, Placed<unknown>>();
  const gone = new Map(absent.schemas.map(({ name }) => [name.value, name]));
  for (const { value, at } of [...types.map(({ name }) => name), ...absent.types]) {
    const earlier = first.get(nameKey(value));
    if (earlier === undefined) first.set(nameKey(value), { value, at });
    else problems.add(at, `the type ${shown(qualified(value))} is given twice`, `it is also given at ${placeOf(earlier.at)}`);
  }
  for (const { name } of types) {
    const schema = gone.get(name.value.schema);
    if (schema !== undefined) problems.add(name.at, `the type ${shown(qualified(name.value))} is in a schema that is to be absent`, `it is so at ${placeOf(schema.at)}`);
  }
}
