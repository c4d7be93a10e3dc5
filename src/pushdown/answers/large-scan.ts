/** A remote's sequential scan that keeps rows out by a condition. */
export interface FilteredScan {
  readonly schema: string;
  readonly name: string;
  readonly condition: string;
  /** What comes through, as the remote estimates it. */
  readonly rows: number;
}

/** A table smaller than this is best read whole. */
export const largeTable = 10_000;

/** The share of a table's rows above which an index would hardly be used. */
export const smallShare = 0.1;

/** The sequential scans with a condition in a plan of EXPLAIN (VERBOSE, FORMAT JSON). */
export function filteredScans(plan: unknown): readonly FilteredScan[] {
  const found: FilteredScan[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isRecord(value)) return;
    const { 'Node Type': type, 'Relation Name': name, Schema: schema, Filter: condition, 'Plan Rows': rows } = value;
    if (type === 'Seq Scan' && typeof name === 'string' && typeof schema === 'string' && typeof condition === 'string' && typeof rows === 'number') found.push({ schema, name, condition, rows });
    Object.values(value).forEach(visit);
  };
  visit(plan);
  return found;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
