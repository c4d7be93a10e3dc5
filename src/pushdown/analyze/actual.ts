/** A Foreign Scan as it ran. */
export interface ActualScan {
  readonly remoteSql: string;
  /** Rows that came, before the filter; over all loops. */
  readonly rows: number;
  readonly loops: number;
}

/** What EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) counted. */
export interface ActualPlan {
  readonly rows: number;
  readonly seconds: number;
  readonly scans: readonly ActualScan[];
}

/**
 * Reads the answer. `Actual Rows` and `Rows Removed by Filter` are averages per loop (postgresql.org/docs/18/using-explain.html),
 * whole numbers up to 17.
 *
 * @throws TypeError where it has no plan in it
 */
export function actualPlan(answer: unknown): ActualPlan {
  const parsed: unknown = typeof answer === 'string' ? JSON.parse(answer) : answer;
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const root = isRecord(first) ? first['Plan'] : undefined;
  if (!isRecord(first) || !isRecord(root)) throw new TypeError('EXPLAIN gave no plan');
  const scans: ActualScan[] = [];
  const visit = (node: Json): void => {
    if (node['Node Type'] === 'Foreign Scan' && typeof node['Remote SQL'] === 'string') {
      const loops = number(node['Actual Loops']);
      scans.push({ remoteSql: node['Remote SQL'], rows: Math.round((number(node['Actual Rows']) + number(node['Rows Removed by Filter'])) * loops), loops });
    }
    if (Array.isArray(node['Plans'])) node['Plans'].filter(isRecord).forEach(visit);
  };
  visit(root);
  return { rows: Math.round(number(root['Actual Rows'])), seconds: number(first['Execution Time']) / 1000, scans };
}

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
