import type { EnumType } from '../../model/user-types.ts';
import type { Session } from '../../postgres/session.ts';
import { type FacetRow, facetsOf } from '../facets.ts';
import { byName, facetsOfType, inScope } from './scope.ts';

interface EnumRow extends FacetRow {
  readonly schema: string;
  readonly name: string;
  readonly labels: readonly string[];
}

/** Enums, with their labels in sort order. */
export async function readEnums(session: Session, schema: string | undefined): Promise<readonly EnumType[]> {
  const rows = await session.query<EnumRow>(query, [schema ?? null]);
  return rows.map((row) => ({ kind: 'enum', schema: row.schema, name: row.name, labels: row.labels, ...facetsOf(row) }));
}

const query = `
  SELECT n.nspname AS schema, t.typname AS name, ${facetsOfType},
    ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'e' AND ${inScope('t', 'n')}
  ${byName}`;
