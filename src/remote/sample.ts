import type { LocalTable } from '../model/local-table.ts';
import type { StandingRelation } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';
import { ident, literal, qualified } from '../sql/quote.ts';
import type { Reader } from './reader.ts';
import { inSavepoint } from './savepoint.ts';
import { hasAddresses, spreadOver } from './spread.ts';

export interface SampleRequest {
  readonly table: LocalTable;
  /** What stands behind it. */
  readonly relation: StandingRelation;
  /** Conditions on the table's columns, as SQL with qualified names. */
  readonly conditions: readonly string[];
  /** How many rows at most. */
  readonly rows: number;
  /** Milliseconds. */
  readonly limit: number;
}

/** What was seen of some rows. No value of them leaves the database. */
export interface Sample {
  readonly rows: number;
  /** For each condition: of how many rows it is true, and the first one's address on the remote, where it has one. */
  readonly met: readonly { readonly count: number; readonly at: string | undefined }[];
}

/**
 * Looks at rows of a foreign table through a copy in `pg_temp` that promises nothing: of the table itself the planner would believe what is to be
 * looked at, and leave out what contradicts it. The conditions are evaluated here, whatever could be sent: LIMIT is a fence, and
 * the oid of a partitioned table means nothing on the remote. A single query.
 *
 * @param session in a read-write transaction that the caller has opened
 * @throws DatabaseError
 */
export async function sampleRows(session: Session, { server, creator, reader }: Reader, { table, relation, conditions, rows, limit }: SampleRequest): Promise<Sample> {
  const columns = table.columns.map(({ name, remoteName, type, collation }) => `${ident(name)} ${type.text} OPTIONS (column_name ${literal(remoteName)})${collation === undefined ? '' : ` COLLATE ${qualified(collation)}`}`);
  const options = `schema_name ${literal(table.remote.schema)}, table_name ${literal(table.remote.name)}, fetch_size '${Math.min(rows, 10_000)}', use_remote_estimate 'false'`;
  const first = [
    'SET LOCAL search_path = pg_catalog',
    `SET LOCAL ROLE ${ident(creator)}`,
    `CREATE FOREIGN TABLE pg_temp.fdw_sample (${columns.join(', ')}) SERVER ${ident(server)} OPTIONS (${options})`,
    ...(creator === reader ? [] : [`GRANT SELECT ON pg_temp.fdw_sample TO ${ident(reader)}`]),
    `SET LOCAL ROLE ${ident(reader)}`,
    `SET LOCAL statement_timeout = ${limit}`,
  ];
  const addressed = hasAddresses(relation);
  const places = spreadOver(relation, rows);
  const where = places === undefined ? '' : ` WHERE ctid = ANY ('{${places.map((place) => `"${place}"`).join(',')}}'::tid[])`;
  const met = conditions.map((condition, index) => `
    count(*) FILTER (WHERE ${condition})::int AS count${index}, ${addressed ? `(min(ctid) FILTER (WHERE ${condition}))::text` : 'NULL::text'} AS at${index}`);
  // Whole rows are named after the table in conditions.
  const sql = `SELECT count(*)::int AS rows,${met.join(',')} FROM (SELECT ${addressed ? 'ctid, ' : ''}* FROM pg_temp.fdw_sample${where} LIMIT ${rows}) AS ${ident(table.name)}`;
  return inSavepoint(session, first, async () => {
    const [row] = await session.query<Readonly<Record<string, number | string | null>>>(sql);
    return {
      rows: Number(row?.['rows'] ?? 0),
      met: conditions.map((_, index) => ({ count: Number(row?.[`count${index}`] ?? 0), at: row?.[`at${index}`]?.toString() })),
    };
  });
}
