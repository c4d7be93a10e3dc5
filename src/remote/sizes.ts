import { nameKey, type QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';
import { connectLimit } from './connect-limit.ts';
import { asUserError } from './errors.ts';
import { preparations } from './read-remote-schemas.ts';
import type { Reader } from './reader.ts';
import { inSavepoint } from './savepoint.ts';
import { catalogWindows } from './windows.ts';

/** How large a relation of the remote is by its own statistics. */
export interface RemoteSize {
  /** Negative: never analysed there. */
  readonly rows: number;
  readonly pages: number;
  /** Whether TABLESAMPLE can be asked of it: tables, materialized views, partitioned tables. */
  readonly sampled: boolean;
}

/**
 * The remote's statistics of all relations of some schemas. One query, whatever their number.
 * @param session in a read-write transaction that the caller has opened
 * @param how `patience`: milliseconds in which the remote must have answered; `connected`: called when it has
 * @throws UserError `remote-…` that names the server
 */
export async function readSizes(session: Session, reader: Reader, schemas: readonly string[], how: { readonly patience: number; readonly connected: () => void }): Promise<ReadonlyMap<string, RemoteSize>> {
  const { fdw_namespace, fdw_class } = catalogWindows;
  const first = [...(await connectLimit(session, reader.server, how.patience)), ...preparations(reader, { fdw_namespace, fdw_class }), `SET LOCAL statement_timeout = ${how.patience}`];
  try {
    return await inSavepoint(session, first, async () => {
      const rows = await session.query<QualifiedName & { kind: string; rows: number; pages: number } & Record<string, unknown>>(
        `SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, c.reltuples::float8 AS rows, c.relpages AS pages
         FROM pg_temp.fdw_class c JOIN pg_temp.fdw_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = ANY ($1::text[]) AND c.relkind = ANY ('{r,p,m,v,f}'::"char"[])`,
        [schemas],
      );
      how.connected();
      return new Map(rows.map(({ schema, name, kind, rows: tuples, pages }) => [nameKey({ schema, name }), { rows: kind === 'v' ? -1 : tuples, pages, sampled: kind === 'r' || kind === 'm' || kind === 'p' }]));
    });
  } catch (error) {
    throw asUserError(reader.server, reader.reader, error);
  }
}
