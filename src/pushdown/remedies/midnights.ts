import { nameOf } from '../oracle/expression.ts';
import type { Prober } from '../oracle/prober.ts';
import { somePart } from './aggregates.ts';
import { functionNames } from './tree.ts';

const cutters: ReadonlySet<string> = new Set(['date_trunc', 'date_part', 'extract']);

/** Whether a statement cuts times to units. */
export function cutsTime(root: unknown): boolean {
  return [...functionNames(root)].some((name) => cutters.has(name)) || somePart(root, (node) => 'TypeCast' in node && nameOf(node.TypeCast.typeName?.names).name === 'date', true);
}

const known = new WeakMap<Prober, Map<string, ReadonlySet<string>>>();

/**
 * The days of 1970 to 2037 whose midnight comes twice in the session's time zone, as in the Azores, where clocks go from one
 * back to midnight. Of the two PostgreSQL means the later one (DetermineTimeZoneOffset prefers standard time), so that a day
 * begins an hour before what its date is as a timestamptz.
 */
export async function midnightsTwice(prober: Prober): Promise<ReadonlySet<string>> {
  const [row] = await prober.read<{ zone: string }>("SELECT pg_catalog.current_setting('TimeZone') AS zone", []);
  const zones = known.get(prober) ?? new Map<string, ReadonlySet<string>>();
  known.set(prober, zones);
  const zone = row?.zone ?? '';
  const found = zones.get(zone) ?? new Set((await prober.read<{ day: string }>(doubled, [zone])).map(({ day }) => day));
  zones.set(zone, found);
  return found;
}

const doubled = `
  SELECT pg_catalog.to_char(day, 'YYYY-MM-DD') AS day
  FROM (SELECT day, start, lag(start) OVER (ORDER BY day) AS before
        FROM pg_catalog.generate_series(timestamp '1970-01-01', timestamp '2037-12-31', interval '1 day') day, LATERAL (SELECT day AT TIME ZONE $1 AS start OFFSET 0) s) days
  WHERE start - before > interval '24 hours'
    AND EXISTS (SELECT FROM pg_catalog.generate_series(10, 180, 10) minutes WHERE (start - minutes * interval '1 minute') AT TIME ZONE $1 = day)`;
