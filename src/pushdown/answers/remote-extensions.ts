import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import { transactionSettings } from '../explain/explain.ts';
import type { ExplainOptions } from '../explain/explain.ts';

/**
 * The extensions that the remote of a server has: its `pg_extension`, read through a temporary foreign table in a transaction that is rolled back.
 * @returns the error, where that cannot be done
 */
export async function remoteExtensions(session: Session, server: string, options: ExplainOptions): Promise<ReadonlySet<string> | DatabaseError> {
  const { role } = options;
  await session.query(['BEGIN READ WRITE', ...transactionSettings(options)].join('; '));
  try {
    await session.query(
      [
        `CREATE FOREIGN TABLE pg_temp.fdw_extension (extname text) SERVER ${ident(server)} OPTIONS (schema_name 'pg_catalog', table_name 'pg_extension')`,
        ...(role === undefined ? [] : [`GRANT SELECT ON pg_temp.fdw_extension TO ${ident(role)}`, `SET LOCAL ROLE ${ident(role)}`]),
      ].join('; '),
    );
    const rows = await session.query<{ extname: string }>('SELECT extname FROM pg_temp.fdw_extension');
    return new Set(rows.map(({ extname }) => extname));
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlstate.startsWith('57P')) throw error;
    return error;
  } finally {
    await session.query('ROLLBACK');
  }
}
