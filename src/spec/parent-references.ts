import { nameKey, type QualifiedName } from '../model/name.ts';
import { qualified } from '../sql/quote.ts';
import type { BuildContext } from './build/context.ts';
import type { Placed, Spec, SpecParents } from './types.ts';
import { placeOf, shown } from './words.ts';

type Heir = { readonly name: Placed<QualifiedName> } & SpecParents;

/** What a spec says of parents must hold: none is to be absent, none is a sharded table, whose partitions are named there, and none inherits from its heir. */
export function checkParents(spec: Spec, { problems }: BuildContext): void {
  const heirs = heirsOf(spec);
  const gone = new Map([...spec.absent.tables, ...spec.absent.shardedTables].map((name) => [nameKey(name.value), name]));
  const sharded = new Map(spec.shardedTables.map(({ name }) => [nameKey(name.value), name]));
  const parents = new Map(heirs.map((heir) => [nameKey(heir.name.value), parentsOf(heir)]));
  for (const { parent, heir } of heirs.flatMap((one) => parentsOf(one).map((named) => ({ parent: named, heir: one })))) {
    const table = shown(qualified(parent.value));
    const absent = gone.get(nameKey(parent.value));
    const owner = sharded.get(nameKey(parent.value));
    if (absent !== undefined) problems.add(parent.at, `the table ${table} is to be absent`, `it is so at ${placeOf(absent.at)}`);
    if (owner !== undefined) problems.add(parent.at, `${table} is a sharded table of the spec, at ${placeOf(owner.at)}`, 'name its partitions there, under `partitions`');
    if (leadsTo(heir.name.value, parent.value, parents)) problems.add(parent.at, `the table ${table} would inherit from itself`, 'leave `inherits` out of one of the tables');
  }
}

function heirsOf({ tables, schemas }: Spec): readonly Heir[] {
  return [...tables, ...schemas.flatMap((schema) => schema.overrides.map(({ name, ...rest }) => ({ ...rest, name: { value: { schema: schema.name.value, name: name.value }, at: name.at } })))];
}

function parentsOf({ inherits = [], partitionOf }: SpecParents): readonly Placed<QualifiedName>[] {
  return partitionOf === undefined || partitionOf === 'none' ? inherits : [...inherits, partitionOf.parent];
}

/** Whether a table is among another one's forebears, or is that table. */
function leadsTo(table: QualifiedName, from: QualifiedName, parents: ReadonlyMap<string, readonly Placed<QualifiedName>[]>): boolean {
  const seen = new Set<string>();
  const waiting = [nameKey(from)];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (key === nameKey(table)) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    waiting.push(...(parents.get(key) ?? []).map(({ value }) => nameKey(value)));
  }
  return false;
}
