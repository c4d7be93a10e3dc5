import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import { attempt, transactionSettings } from '../explain/explain.ts';
import type { ExplainOptions, PlannerSettings } from '../explain/explain.ts';
import type { Parser } from '../parser.ts';
import type { PlanNode } from '../plan/node.ts';
import type { Change } from './change.ts';
import { copiesFor } from './copies.ts';
import type { Copies, Copy } from './copies.ts';
import { takeRemoteSizes } from './remote-sizes.ts';
import { copiedServer, optionsSql } from './table-copies.ts';
import { resolveNamed } from './resolve.ts';

/** A statement's plan in a changed world; or why there is none. */
export type WhatIf = {
  readonly plan: PlanNode;
  /** What each copy stands for, by its name in pg_temp. */
  readonly originals: ReadonlyMap<string, Copy['of']>;
  /** Whether the copies have the statistics of the tables, so that the estimates mean something. */
  readonly estimates: boolean;
} | {
  readonly refused: string;
  readonly sqlstate: string;
  /** It was the remote that refused. */
  readonly remote: boolean;
};

/**
 * EXPLAINs a statement over changed copies of its foreign tables, in pg_temp and in a transaction that is rolled
 * back. The tables themselves are not touched: of them only the catalogs are read. A copy of a server has no user
 * mapping and needs none, and contacts nobody. Where the change asks the remote for estimates or sizes, that one is contacted.
 */
export async function whatIf(
  session: Session,
  parser: Parser,
  statement: { readonly sql: string; readonly parameters: number },
  wanted: Change,
  options: ExplainOptions,
  settings: PlannerSettings = {},
): Promise<WhatIf> {
  const change: Change = { ...wanted, job: options.job };
  await session.query(['BEGIN READ WRITE', ...transactionSettings(options)].join('; '));
  try {
    const named = await resolveNamed(session, parser, statement.sql);
    const copies = copiesFor(parser, statement.sql, named, change);
    if (typeof copies === 'string') return { refused: copies, sqlstate: '', remote: false };
    const estimates = await create(session, copies, change, options.role);
    const answer = await attempt(session, copies.sql, statement.parameters, settings, options.mode);
    if ('error' in answer) return { refused: withoutCopies(answer.error.message, change), sqlstate: answer.error.sqlstate, remote: answer.error.remote };
    return { plan: answer.plan, originals: new Map(copies.copies.map((copy) => [copy.name, copy.of])), estimates };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlstate.startsWith('57P')) throw error;
    return { refused: withoutCopies(error.message, change), sqlstate: error.sqlstate, remote: false };
  } finally {
    await session.query('ROLLBACK');
    if (statement.parameters > 0) await session.query('DEALLOCATE ALL');
  }
}

/** A sentence with the servers themselves in place of their copies. */
function withoutCopies(text: string, change: Change): string {
  return Object.keys(change.servers ?? {}).reduce((told, name) => told.replaceAll(copiedServer(name, change), name), text);
}

async function create(session: Session, { copies }: Copies, change: Change, role: string | undefined): Promise<boolean> {
  const servers = Object.entries(change.servers ?? {});
  if (servers.length > 0) {
    const rows = await session.query<{ name: string; wrapper: string; options: Readonly<Record<string, string>> | null }>(
      `SELECT s.srvname::text AS name, w.fdwname::text AS wrapper,
              (SELECT pg_catalog.jsonb_object_agg(option_name, option_value) FROM pg_catalog.pg_options_to_table(s.srvoptions)) AS options
       FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE s.srvname = ANY ($1) ORDER BY s.srvname`,
      [servers.map(([name]) => name)],
    );
    for (const { name, wrapper, options } of rows) {
      await session.query(`CREATE SERVER ${ident(copiedServer(name, change))} FOREIGN DATA WRAPPER ${ident(wrapper)} ${optionsSql({ ...options, ...change.servers?.[name] })}`);
    }
  }
  // To the role that will read them, and to the owners of views.
  const grants = copies.map(({ name }) => `GRANT ALL ON pg_temp.${ident(name)} TO PUBLIC`);
  await session.query([...copies.map(({ sql }) => sql), ...grants].join('; '));
  const [row] = await session.query<{ super: string }>("SELECT pg_catalog.current_setting('is_superuser') AS super");
  // The copy of a partition that is here has no rows.
  const estimates = copies.every(({ of }) => of.kind === 'v') || (row?.super === 'on' && !copies.some(({ of }) => of.kind === 'r'));
  if (estimates) await copyStatistics(session, copies.filter(({ of }) => of.kind === 'f' || of.kind === 'p'));
  if (change.sizes === 'remote') await takeRemoteSizes(session, copies.filter(({ of }) => of.kind === 'f'), role);
  // What the planner calls to fold constants can then change nothing, not even for the moment.
  await session.query(['SET TRANSACTION READ ONLY', ...(role === undefined ? [] : [`SET LOCAL ROLE ${ident(role)}`])].join('; '));
  return estimates;
}

/** Gives copies the statistics of what they are of, as far as columns have the same type. Only a superuser may, on every major. */
async function copyStatistics(session: Session, copies: readonly Copy[]): Promise<void> {
  if (copies.length === 0) return;
  const pairs = copies.map(({ of, name }) => `(${of.oid}::pg_catalog.oid, 'pg_temp.${ident(name)}'::pg_catalog.regclass::pg_catalog.oid)`).join(', ');
  const [row] = await session.query<{ columns: string }>(
    `SELECT string_agg(pg_catalog.quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_catalog.pg_attribute
     WHERE attrelid = 'pg_catalog.pg_statistic'::pg_catalog.regclass AND attnum > 2 AND NOT attisdropped`,
  );
  const columns = row?.columns ?? '';
  await session.query(
    `UPDATE pg_catalog.pg_class c SET reltuples = o.reltuples, relpages = o.relpages
       FROM (VALUES ${pairs}) AS p(original, copy) JOIN pg_catalog.pg_class o ON o.oid = p.original WHERE c.oid = p.copy;
     INSERT INTO pg_catalog.pg_statistic (starelid, staattnum, ${columns})
       SELECT n.attrelid, n.attnum, ${columns.split(', ').map((each) => `s.${each}`).join(', ')}
       FROM (VALUES ${pairs}) AS p(original, copy)
       JOIN pg_catalog.pg_statistic s ON s.starelid = p.original
       JOIN pg_catalog.pg_attribute o ON o.attrelid = s.starelid AND o.attnum = s.staattnum
       JOIN pg_catalog.pg_attribute n ON n.attrelid = p.copy AND n.attname = o.attname AND n.atttypid = o.atttypid AND n.attcollation = o.attcollation`,
  );
}

