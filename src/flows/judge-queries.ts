import { atMostEvery } from '../base/at-most-every.ts';
import type { Problem } from '../base/spec-error.ts';
import type { Session } from '../postgres/session.ts';
import { runQueries } from '../pushdown/analyze/run.ts';
import { askRemotes } from '../pushdown/answers/ask.ts';
import { judge } from '../pushdown/judge.ts';
import { readStatStatements } from '../pushdown/queries/stat-statements.ts';
import type { PushdownReport, QueryInput } from '../pushdown/types.ts';
import type { Workers } from '../postgres/workers.ts';
import { ident } from '../sql/quote.ts';
import type { Spec } from '../spec/types.ts';
import { directRemotes } from './direct-remotes.ts';
import { judgeInJobs } from './judge-jobs.ts';
import { openLocalDatabase } from './local-database.ts';
import type { LocalDatabase } from './local-database.ts';
import { offlineDatabase, type OfflineDatabase } from './offline/offline-database.ts';
import { patientSession } from './patient-session.ts';
import { sessionPool } from './session-pool.ts';
import type { JudgeRequest } from './types.ts';

/**
 * Judges queries in the local database, or in a scratch one, and asks the remotes and executes where that is wanted.
 *
 * @param given the queries, beside those that the database itself keeps (`statStatements`)
 * @param hold what verdicts are held to, before a remote is asked
 * @throws UserError connection errors
 */
export async function judgeQueries(
  request: JudgeRequest,
  spec: Spec | undefined,
  given: readonly QueryInput[],
  hold: (judged: PushdownReport) => Promise<PushdownReport>,
): Promise<{ readonly report: PushdownReport; readonly warnings: readonly Problem[] }> {
  const { session: opened, reconnect, warnings: opening, close } = await openDatabase(request, spec);
  const pool = sessionPool({ session: opened, reconnect }, request.signal);
  const session = patientSession(opened, request.timeLimitMs);
  const of = (each: Session): Session => (each === opened ? session : patientSession(each, request.timeLimitMs));
  const warnings = [...opening];
  const progress = atMostEvery(500, request.progress);
  const limits = { role: request.role ?? spec?.pushdown.role, statementTimeoutMs: request.timeLimitMs, lockTimeoutMs: 5_000, signal: request.signal };
  try {
    const direct = await directRemotes(session, request);
    const kept = request.statStatements === undefined ? undefined : await readStatStatements(session, request.statStatements);
    if (kept !== undefined && kept.hidden > 0) warnings.push({ message: `${kept.hidden} statements of other roles cannot be seen by ${session.facts.user}`, at: undefined, hint: `GRANT pg_read_all_stats TO ${ident(session.facts.user)};` });
    const queries = [...given, ...(kept?.queries ?? [])];
    const steps = { planning: 0, judging: 0 };
    const judged = await judgeInJobs(pool, queries, request.jobs, (each, share, job) =>
      judge(of(each), share, {
        ...limits,
        job,
        remote: request.remote,
        spec,
        tree: request.tree,
        progress: (step, { name }) => progress(`${step} ${name} (${++steps[step]} of ${queries.length})`),
      }),
    );
    let report = await hold(judged);
    const workers: Workers = { each: (jobs, limit, work) => pool.each(jobs, limit, (each, job) => work(of(each), job)), alone: () => pool.alone() };
    if (request.remote) report = await askRemotes(workers, report, { ...limits, direct, jobs: request.jobs, progress: (done, of, server) => progress(`asking ${server} (${done} of ${of})`) });
    if (request.analyze) report = await runQueries(workers, report, queries, { ...limits, jobs: request.jobs, progress: (done, of, name) => progress(`executing ${name} (${done} of ${of})`) });
    return { report, warnings };
  } finally {
    await pool.close();
    await close();
  }
}

/** The local database, or one that is made for the purpose. */
async function openDatabase(request: JudgeRequest, spec: Spec | undefined): Promise<Pick<LocalDatabase, 'session' | 'reconnect' | 'warnings'> & Pick<OfflineDatabase, 'close'>> {
  if (request.offline !== undefined) return offlineDatabase(request.offline, spec, request.progress, request.signal);
  request.progress('connecting to the local database');
  const { session, reconnect, warnings } = await openLocalDatabase({ flag: request.database, spec: spec?.database?.value, env: request.env, signal: request.signal });
  return { session, reconnect, warnings, close: () => Promise.resolve() };
}
