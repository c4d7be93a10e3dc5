import { summarise } from '../pushdown/held.ts';
import type { PushdownReport, QueryInput } from '../pushdown/types.ts';
import type { Session } from '../postgres/session.ts';
import { leastShare, several } from '../pushdown/ask-each.ts';
import type { Workers } from '../postgres/workers.ts';

/** So many shares for each session, so that none waits long for the last of another. */
const sharesEach = 4;

/**
 * Judges queries over several sessions at once. The report is the same, byte by byte, however many there are, but for the seconds that each took.
 * @param jobs how many; undefined: as many as help
 * @param judge judges a share over a session; `job` tells it from the others
 */
export async function judgeInJobs(pool: Workers, queries: readonly QueryInput[], jobs: number | undefined, judge: (session: Session, share: readonly QueryInput[], job: string) => Promise<PushdownReport>): Promise<PushdownReport> {
  const limit = jobs ?? several;
  const size = Math.max(leastShare, Math.ceil(queries.length / (limit * sharesEach)));
  const shares = limit === 1 ? [queries] : Array.from({ length: Math.ceil(queries.length / size) }, (_, index) => queries.slice(index * size, (index + 1) * size));
  const reports = await pool.each([...shares.entries()], limit, async (session, [index, share]) => ({ result: await judge(session, share, String(index)), stuck: false }));
  const judged = reports.flatMap((report) => report.queries);
  return { queries: judged, summary: summarise(judged) };
}
