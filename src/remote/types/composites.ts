import type { Session } from '../../postgres/session.ts';
import { findColumns, type FoundColumn } from '../columns.ts';

/** A composite type's relation. */
export interface FoundComposite {
  /** Whether it is one with rows: a table, a view. */
  readonly rowType: boolean;
  readonly columns: readonly FoundColumn[];
}

/** What the relations behind composite types are. Two queries, none for no type. */
export async function findComposites(session: Session, relations: readonly number[]): Promise<ReadonlyMap<number, FoundComposite>> {
  if (relations.length === 0) return new Map();
  const rows = await session.query<{ readonly oid: number; readonly relkind: string }>('SELECT oid, relkind FROM pg_temp.fdw_class WHERE oid = ANY ($1::oid[])', [relations]);
  const columns = await findColumns(session, relations);
  return new Map(rows.map(({ oid, relkind }) => [oid, { rowType: relkind !== 'c', columns: columns.get(oid) ?? [] }]));
}
