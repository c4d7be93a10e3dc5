import type { Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import { readPlan } from '../plan/node.ts';
import type { Copy } from './copies.ts';
import { tableSql } from './table-copies.ts';

/** The size of a page (BLCKSZ), in bytes: what nearly every PostgreSQL is built with. */
const pageSize = 8192;

/**
 * Gives copies of foreign tables that were never analyzed the number of rows that the remote expects: asked by the planner
 * itself, of a further copy with `use_remote_estimate`. Only a superuser may write it down.
 */
export async function takeRemoteSizes(session: Session, copies: readonly Copy[], role: string | undefined): Promise<void> {
  const rows = await session.query<{ oid: string }>('SELECT oid::text FROM pg_catalog.pg_class WHERE reltuples < 0 AND oid = ANY ($1::pg_catalog.oid[])', [copies.map(({ of }) => of.oid)]);
  const unknown = new Set(rows.map(({ oid }) => Number(oid)));
  for (const { of, name } of copies) {
    if (!unknown.has(of.oid) || of.wrapper !== 'postgres_fdw') continue;
    const asked = `${name}_size`;
    const grant = role === undefined ? [] : [`GRANT ALL ON pg_temp.${ident(asked)} TO ${ident(role)}`, `SET LOCAL ROLE ${ident(role)}`];
    await session.query([tableSql(of, asked, { estimates: 'remote' }), ...grant].join('; '));
    const answer = await session.queryOne(`EXPLAIN (FORMAT JSON) SELECT * FROM pg_temp.${ident(asked)}`);
    const plan = readPlan(answer[0]?.['QUERY PLAN']);
    await session.query('RESET ROLE');
    await session.query(`UPDATE pg_catalog.pg_class SET reltuples = $1, relpages = $2 WHERE oid = 'pg_temp.${ident(name)}'::pg_catalog.regclass`, [plan.rows, Math.ceil((plan.rows * plan.width) / pageSize)]);
  }
}
