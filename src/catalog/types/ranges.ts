import type { QualifiedName } from '../../model/name.ts';
import type { RangeType } from '../../model/user-types.ts';
import type { Session } from '../../postgres/session.ts';
import { type FacetRow, facetsOf } from '../facets.ts';
import { byName, facetsOfType, inScope } from './scope.ts';

interface RangeRow extends FacetRow {
  readonly schema: string;
  readonly name: string;
  readonly subtype: string;
  readonly opclass: QualifiedName | null;
  readonly collation: QualifiedName | null;
  readonly canonical: QualifiedName | null;
  readonly subdiff: QualifiedName | null;
  readonly multirange: QualifiedName;
}

/** Range types, each with its multirange. */
export async function readRanges(session: Session, schema: string | undefined): Promise<readonly RangeType[]> {
  const rows = await session.query<RangeRow>(query, [schema ?? null]);
  return rows.map((row) => ({
    kind: 'range',
    schema: row.schema,
    name: row.name,
    subtype: row.subtype,
    opclass: row.opclass ?? undefined,
    collation: row.collation ?? undefined,
    canonical: row.canonical ?? undefined,
    subdiff: row.subdiff ?? undefined,
    multirange: row.multirange,
    ...facetsOf(row),
  }));
}

/** A name in two parts as JSON; NULL where the row of `alias` is missing. */
function nameOf(alias: string, catalog: 'opc' | 'coll' | 'pro' | 'typ'): string {
  return `CASE WHEN ${alias}.oid IS NOT NULL THEN json_build_object(
      'schema', (SELECT x.nspname FROM pg_namespace x WHERE x.oid = ${alias}.${catalog}namespace), 'name', ${alias}.${catalog}name) END`;
}

const query = `
  SELECT n.nspname AS schema, t.typname AS name, ${facetsOfType}, format_type(r.rngsubtype, NULL) AS subtype,
    ${nameOf('o', 'opc')} AS opclass, ${nameOf('co', 'coll')} AS collation, ${nameOf('ca', 'pro')} AS canonical,
    ${nameOf('sd', 'pro')} AS subdiff, ${nameOf('m', 'typ')} AS multirange
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_type s ON s.oid = r.rngsubtype
  JOIN pg_type m ON m.oid = r.rngmultitypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_opclass o ON o.oid = r.rngsubopc AND NOT o.opcdefault
  LEFT JOIN pg_collation co ON co.oid = r.rngcollation AND r.rngcollation <> s.typcollation
  LEFT JOIN pg_proc ca ON ca.oid = r.rngcanonical
  LEFT JOIN pg_proc sd ON sd.oid = r.rngsubdiff
  WHERE ${inScope('t', 'n')}
  ${byName}`;
