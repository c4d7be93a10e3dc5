import { Pair, Scalar, YAMLSeq } from 'yaml';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import { placeAmong } from '../model/partitioned-table.ts';
import { boundPairs } from './bounds.ts';
import { flowMap } from './options.ts';
import { dottedName, shown, textNode } from './texts.ts';
import type { PartitionFacts } from './types.ts';

/** `inherits` and `partition_of` of a table that has parents. */
export function parentPairs({ schema, name, inherits = [], partitionOf }: ForeignTable, bounds: PartitionFacts['bounds']): readonly Pair[] {
  const place = placeAmong(partitionOf);
  const bound = bounds.get(nameKey({ schema, name }));
  return [
    ...(inherits.length === 0 ? [] : [new Pair(new Scalar('inherits'), names(inherits))]),
    ...(place === undefined || bound === undefined ? [] : [new Pair(new Scalar('partition_of'), flowMap([new Pair(new Scalar('table'), textNode(dottedName(place.parent))), ...boundPairs(bound)]))]),
  ];
}

function names(parents: readonly QualifiedName[]): Scalar | YAMLSeq {
  const [only, ...more] = parents;
  if (only !== undefined && more.length === 0) return textNode(dottedName(only));
  const list = new YAMLSeq();
  list.flow = true;
  list.items.push(...parents.map((parent) => textNode(dottedName(parent))));
  return list;
}

/** The parents of tables that a spec has no words for, a line each. */
export function parentLines(tables: readonly ForeignTable[]): readonly string[] {
  const written = new Set(tables.map(nameKey));
  const parents = tables.flatMap(({ inherits = [], partitionOf }) => [...inherits, ...[placeAmong(partitionOf)?.parent].filter((parent) => parent !== undefined)]);
  const others = new Map(parents.filter((parent) => !written.has(nameKey(parent))).map((parent) => [nameKey(parent), parent]));
  return [...others].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, parent]) => `table ${shown(parent)} has heirs or partitions here: it must exist before`);
}

/** Without the checks that are its parents' too: those come with them. */
export function ownChecks({ checks = [] }: ForeignTable): NonNullable<ForeignTable['checks']> {
  return checks.filter(({ inherited }) => inherited !== true);
}
