import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import { transactionSettings } from '../explain/explain.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import type { Clause, PushdownReport, QueryVerdict, Reason } from '../types.ts';

/**
 * A report in which extensions that a server does not list are told apart from those that its remote does not even have: there, listing
 * them would break queries. Each remote is asked once, and only where an extension is the reason of something.
 *
 * Its `pg_extension` is read through a temporary foreign table, in a transaction that is rolled back. Where that cannot be done, nothing
 * is claimed.
 */
export async function withMissingExtensions(session: Session, report: PushdownReport, options: ExplainOptions): Promise<PushdownReport> {
  const servers = new Set(report.queries.filter(namesExtension).flatMap(({ scans }) => scans.map(({ server }) => server)));
  const installed = new Map<string, ReadonlySet<string>>();
  for (const server of servers) {
    const found = await extensionsOf(session, server, options);
    if (found !== undefined) installed.set(server, found);
  }
  return { ...report, queries: report.queries.map((query) => (namesExtension(query) ? toldApart(query, installed) : query)) };
}

function namesExtension({ clauses }: QueryVerdict): boolean {
  return clauses.some(({ reasons }) => reasons.some(({ id }) => id === 'extension-not-listed'));
}

async function extensionsOf(session: Session, server: string, options: ExplainOptions): Promise<ReadonlySet<string> | undefined> {
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
    return undefined;
  } finally {
    await session.query('ROLLBACK');
  }
}

/** Of a query on several servers, an extension counts as missing only where none of them has it. */
function toldApart(query: QueryVerdict, installed: ReadonlyMap<string, ReadonlySet<string>>): QueryVerdict {
  const servers = [...new Set(query.scans.map(({ server }) => server))];
  const isMissing = (extension: string): boolean => servers.length > 0 && servers.every((server) => installed.get(server)?.has(extension) === false);
  return { ...query, clauses: query.clauses.map((clause) => clauseWith(clause, servers.join(', '), isMissing)) };
}

function clauseWith(clause: Clause, servers: string, isMissing: (extension: string) => boolean): Clause {
  const missing = clause.reasons.filter(({ id, subject }) => id === 'extension-not-listed' && isMissing(subject));
  if (missing.length === 0) return clause;
  const reasons = clause.reasons.map((reason): Reason =>
    missing.includes(reason) ? { id: 'extension-missing-on-remote', subject: reason.subject, message: `${reason.message}; nor has the remote of ${servers} the extension` } : reason,
  );
  const remedies = clause.remedies.map((remedy) =>
    remedy.spec !== null && missing.some(({ subject }) => remedy.title.includes(`list ${subject}`))
      ? { ...remedy, proved: false, unproved: `the remote lacks it: CREATE EXTENSION ${missing.map(({ subject }) => subject).join(', ')} there first` }
      : remedy,
  );
  return { ...clause, reasons, remedies };
}
