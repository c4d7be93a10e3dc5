import { nameKey } from '../../model/name.ts';
import { qualified } from '../../sql/quote.ts';
import type { RelationFacts } from '../facts/relations.ts';
import type { Grounds } from './candidate.ts';

/** Whose columns those of a foreign table are: its own, or those of the table that it is a partition of. */
export interface ColumnOwner {
  /** `ALTER FOREIGN TABLE shop.orders`. */
  readonly alter: string;
  /** All tables that a change of a column reaches. */
  readonly members: readonly RelationFacts[];
  /** The keys of the spec that lead to it. */
  readonly spec: readonly string[];
}

/** A column of a partition is altered on the topmost table, for all partitions at once (postgresql.org/docs/18/ddl-partitioning.html). */
export function columnOwner({ facts }: Grounds, table: RelationFacts): ColumnOwner {
  const { root } = table;
  if (root === undefined) return { alter: `ALTER FOREIGN TABLE ${qualified(table)}`, members: [table], spec: ['tables', `${table.schema}.${table.name}`] };
  const key = nameKey(root);
  const members = facts.filter((each) => nameKey(each) === key || (each.root !== undefined && nameKey(each.root) === key));
  return { alter: `ALTER TABLE ${qualified(root)}`, members, spec: ['sharded_tables', `${root.schema}.${root.name}`] };
}
