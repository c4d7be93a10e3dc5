import { UserError } from '../../base/user-error.ts';
import type { Clause, PushdownReport, QueryVerdict, Reason } from '../types.ts';
import { askEach, several } from '../ask-each.ts';
import type { Workers } from '../../postgres/workers.ts';
import { remoteExtensions } from './remote-extensions.ts';
import type { AskOptions } from './types.ts';

/**
 * A report in which extensions that a server does not list are told apart from those that its remote does not even have: there, listing
 * them would break queries. Each remote is asked once, and only where an extension is the reason of something.
 *
 * Where that cannot be done, nothing is claimed.
 */
export async function withMissingExtensions(workers: Workers, report: PushdownReport, options: AskOptions): Promise<PushdownReport> {
  const servers = [...new Set(report.queries.filter(namesExtension).flatMap(({ scans }) => scans.map(({ server }) => server)))];
  const found = await askEach(workers, servers, Math.min(Math.max(1, servers.length), options.jobs ?? several), (session, server) => remoteExtensions(session, server, options), options.signal);
  const installed = new Map<string, ReadonlySet<string>>();
  for (const [index, server] of servers.entries()) {
    const extensions = found[index];
    if (extensions !== undefined && !(extensions instanceof UserError)) installed.set(server, extensions);
  }
  return { ...report, queries: report.queries.map((query) => (namesExtension(query) ? toldApart(query, installed) : query)) };
}

function namesExtension({ clauses }: QueryVerdict): boolean {
  return clauses.some(({ reasons }) => reasons.some(({ id }) => id === 'extension-not-listed'));
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
