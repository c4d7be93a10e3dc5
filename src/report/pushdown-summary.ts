import type { PushdownReport } from '../pushdown/types.ts';
import { count } from './text.ts';

/** `5 queries: 2 full, 2 partial, 1 danger; expectations missed by 1.` */
export function summaryLine({ queries, summary }: PushdownReport): string {
  const words = (['full', 'partial', 'none', 'danger', 'no-foreign'] as const).filter((word) => summary[word] > 0);
  const parts = words.map((word) => `${summary[word]} ${word}`);
  if (summary.error > 0) parts.push(`${summary.error} not judged`);
  const all = count(queries.length, 'query', 'queries');
  const missed = summary.missed > 0 ? `; expectations missed by ${summary.missed}` : '';
  return `${parts.length === 0 ? all : `${all}: ${parts.join(', ')}`}${missed}.`;
}
