import { nameKey, type QualifiedName } from '../model/name.ts';
import { DatabaseError } from '../postgres/errors.ts';
import type { Session } from '../postgres/session.ts';
import { ident, literal } from '../sql/quote.ts';
import { inSavepoint } from './savepoint.ts';

/** A relation of the remote, and the columns of it that foreign tables name. */
export interface Wanted extends QualifiedName {
  readonly columns: readonly string[];
}

/** What the remote role may not read, with the remote's words, and what could not be found out. */
export interface Denied {
  readonly denied: ReadonlyMap<string, string>;
  readonly unknown: readonly QualifiedName[];
}

/** Relations that are asked about one by one; an EXPLAIN is two round trips. */
const mostProbes = 100;

const grantedSql = `
SELECT table_schema, table_name FROM pg_temp.fdw_table_privilege
 WHERE privilege_type = 'SELECT' AND table_schema = ANY ($1::text[])`;

const readsAllSql = `SELECT role_name FROM pg_temp.fdw_enabled_role WHERE role_name = 'pg_read_all_data'`;

/** What the role has any privilege on, be it on a column only. Not materialized views. */
export const visibleSql = `SELECT table_schema, table_name FROM pg_temp.fdw_table WHERE table_schema = ANY ($1::text[])`;

/**
 * Which of the relations the remote role may not SELECT. The information schema lists what is granted on whole tables to the role and
 * those that it is a member of. Where it does not say so, be it a materialized view, which it does not list, or a role that has a privilege
 * on some columns only, the remote's own EXPLAIN answers, of a copy of the foreign table with use_remote_estimate. So it is asked of one relation
 * of each schema too, because the information schema does not tell whether the role may use the schema. Three queries, and at most two
 * hundred probes.
 *
 * @param server that the session's windows lead to
 * @param creator the local role that may make temporary foreign tables, `reader` the one that reads
 */
export async function findDenied(session: Session, at: { readonly server: string; readonly creator: string; readonly reader: string }, wanted: readonly Wanted[]): Promise<Denied> {
  const schemas = [...new Set(wanted.map(({ schema }) => schema))];
  const granted = await namesOf(session, grantedSql, schemas);
  const readsAll = (await session.query(readsAllSql)).length > 0;
  const doubtful = readsAll ? [] : wanted.filter((relation) => !granted.has(nameKey(relation)));
  const ofSchemas = schemas.flatMap((schema) => wanted.find((relation) => relation.schema === schema && (readsAll || granted.has(nameKey(relation)))) ?? []);
  const denied = new Map<string, string>();
  const ask = async (relation: Wanted): Promise<string | undefined> => {
    const refusal = await probe(session, at, relation);
    if (refusal !== undefined) denied.set(nameKey(relation), refusal);
    return refusal;
  };
  for (const one of ofSchemas.slice(0, mostProbes)) {
    const refusal = await ask(one);
    // It is granted, and refused: so it is the schema that may not be used, and all that is in it.
    if (refusal !== undefined) for (const relation of wanted) if (relation.schema === one.schema) denied.set(nameKey(relation), refusal);
  }
  const open = doubtful.filter((relation) => !denied.has(nameKey(relation)));
  for (const relation of open.slice(0, mostProbes)) await ask(relation);
  const rest = open.slice(mostProbes);
  const visible = rest.length === 0 ? new Set<string>() : await namesOf(session, visibleSql, schemas);
  for (const relation of rest) if (!visible.has(nameKey(relation))) denied.set(nameKey(relation), 'it has no privilege on it at all');
  return { denied, unknown: rest.filter((relation) => visible.has(nameKey(relation))) };
}

/** @returns the `nameKey` of each name that the query finds in the schemas */
export async function namesOf(session: Session, sql: string, schemas: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ table_schema: string; table_name: string }>(sql, [schemas]);
  return new Set(rows.map(({ table_schema, table_name }) => nameKey({ schema: table_schema, name: table_name })));
}

/** @returns the remote's words where it refuses for want of a privilege */
export async function probe(session: Session, { server, creator, reader }: { readonly server: string; readonly creator: string; readonly reader: string }, { schema, name, columns }: Wanted): Promise<string | undefined> {
  const listed = columns.map((column, index) => `c${index} text OPTIONS (column_name ${literal(column)})`);
  const options = `schema_name ${literal(schema)}, table_name ${literal(name)}, use_remote_estimate 'true'`;
  const statements = [
    `SET LOCAL ROLE ${ident(creator)}`,
    `CREATE FOREIGN TABLE pg_temp.fdw_probe (${listed.join(', ')}) SERVER ${ident(server)} OPTIONS (${options})`,
    ...(creator === reader ? [] : [`GRANT SELECT ON pg_temp.fdw_probe TO ${ident(reader)}`]),
    `SET LOCAL ROLE ${ident(reader)}`,
  ];
  try {
    await inSavepoint(session, statements, async () => session.query('EXPLAIN SELECT * FROM pg_temp.fdw_probe'));
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.where === undefined) throw error;
    // 42501: insufficient_privilege. Anything else is no matter of privileges, and told by its own finding.
    return error.sqlstate === '42501' ? error.message : undefined;
  }
}
