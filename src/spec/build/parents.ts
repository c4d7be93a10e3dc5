import type { QualifiedName } from '../../model/name.ts';
import type { Placed, SpecParents } from '../types.ts';
import { valueOf, type MapEntry, type MapNode, type Node } from '../yaml/node.ts';
import { readText, type BuildContext } from './context.ts';
import { buildAnyBound } from './partition-bounds.ts';
import { tableName } from './table-names.ts';

/**
 * `inherits` and `partition_of` of a table. A table cannot have both, so that one that is given says that the other is not.
 * @param entry that of the table
 */
export function buildParents(entry: MapEntry, node: MapNode, context: BuildContext): SpecParents {
  const inherits = inheritedTables(valueOf(node, 'inherits'), context);
  const place = valueOf(node, 'partition_of');
  if (place?.kind === 'scalar') return { inherits, partitionOf: readText(place, context)?.value === 'none' ? 'none' : undefined };
  if (place?.kind !== 'map') return { inherits, partitionOf: inherits === undefined || inherits.length === 0 ? undefined : 'none' };
  const [first] = inherits ?? [];
  if (first !== undefined) context.problems.add(first.at, 'a partition cannot inherit from other tables', 'keep `inherits` or `partition_of`');
  const parent = namedTable(valueOf(place, 'table'), context);
  const bound = buildAnyBound(entry, place, context);
  return parent === undefined || bound === undefined ? { inherits, partitionOf: undefined } : { inherits: [], partitionOf: { parent, bound } };
}

function inheritedTables(node: Node | undefined, context: BuildContext): SpecParents['inherits'] {
  if (node?.kind === 'list') return node.items.flatMap((item) => namedTable(item, context) ?? []);
  const parent = namedTable(node, context);
  return parent === undefined ? undefined : [parent];
}

function namedTable(node: Node | undefined, context: BuildContext): Placed<QualifiedName> | undefined {
  const text = readText(node, context);
  return text === undefined ? undefined : tableName({ key: text.value, keyAt: text.at }, context);
}
