import { summarise } from '../pushdown/held.ts';
import type { PushdownReport, QueryInput } from '../pushdown/types.ts';
import type { Session } from '../postgres/session.ts';
import type { SessionPool } from './session-pool.ts';

/** A share of the queries is as large at least: each asks some questions about its catalogs once. */
const leastShare = 8;

/** So many shares for each session, so that none waits long for the last of another. */
const sharesEach = 4;

/**
 * How many sessions there are where nobody says. Asking about what is blocked is mostly waiting, for the database to plan and for the line to
 * it: over four it takes 0.6 times as long beside the database, and 0.3 times with 2 ms each way (bench/pushdown.ts). Where all is sent,
 * a thousand queries take some 70 ms longer.
 */
const several = 4;

/**
 * Judges queries over several sessions at once. The report is the same, byte by byte, however many there are, but for the seconds that each took.
 * @param jobs how many; undefined: as many as help
 * @param judge judges a share over a session; `job` tells it from the others
 */
export async function judgeInJobs(pool: SessionPool, queries: readonly QueryInput[], jobs: number | undefined, judge: (session: Session, share: readonly QueryInput[], job: string) => Promise<PushdownReport>): Promise<PushdownReport> {
  const limit = jobs ?? several;
  const size = Math.max(leastShare, Math.ceil(queries.length / (limit * sharesEach)));
  const shares = limit === 1 ? [queries] : Array.from({ length: Math.ceil(queries.length / size) }, (_, index) => queries.slice(index * size, (index + 1) * size));
  const reports = await pool.each([...shares.entries()], limit, async (session, [index, share]) => ({ result: await judge(session, share, String(index)), stuck: false }));
  const judged = reports.flatMap((report) => report.queries);
  return { queries: judged, summary: summarise(judged) };
}
