import type { Aside, Parting } from '../model/change.ts';
import type { QualifiedName } from '../model/name.ts';
import { placeAmong, type PartitionOf } from '../model/partitioned-table.ts';
import { qualified } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';

/** Makes a table that has all that they ask for part of its parents. */
export function joinParents(table: QualifiedName, { inherits = [], partitionOf }: { readonly inherits?: readonly QualifiedName[] | undefined; readonly partitionOf?: PartitionOf | 'none' | undefined }): readonly Statement[] {
  const place = placeAmong(partitionOf);
  return [...inherits.map((parent) => statement(`ALTER FOREIGN TABLE ${qualified(table)} INHERIT ${qualified(parent)}`)), ...(place === undefined ? [] : [attachPartition(table, place)])];
}

/** Makes a table a partition. */
function attachPartition(table: QualifiedName, { parent, bound }: PartitionOf): Statement {
  return statement(`ALTER TABLE ${qualified(parent)} ATTACH PARTITION ${qualified(table)} ${bound}`);
}

/** Makes a table none of its parent's any more: its columns and checks stay, as its own. */
export function leaveParent({ table, parent, partition }: Parting): Statement {
  return partition ? detachPartition(parent, table) : statement(`ALTER FOREIGN TABLE ${qualified(table)} NO INHERIT ${qualified(parent)}`);
}

/** Lets an heir step aside from a parent that is about to be dropped. */
export function stepAside({ heir, what, parent }: Aside): Statement {
  return statement(`ALTER ${what.toUpperCase()} ${qualified(heir)} NO INHERIT ${qualified(parent)}`);
}

/** Makes it an heir again. */
export function stepBack({ heir, what, again }: Aside): Statement {
  return statement(`ALTER ${what.toUpperCase()} ${qualified(heir)} INHERIT ${qualified(again)}`);
}

export function detachPartition(parent: QualifiedName, table: QualifiedName): Statement {
  return statement(`ALTER TABLE ${qualified(parent)} DETACH PARTITION ${qualified(table)}`);
}
