import { postgresVersion } from '../base/postgres-version.ts';
import type { HealthLine } from '../model/health.ts';
import type { LocalCluster, ServerUsage } from '../model/vitals.ts';
import { about } from './line.ts';
import { counted, duration } from './words.ts';

/**
 * What the options of a server mean for the tables on it, and their statistics.
 * @param roundTripMs undefined: not known
 */
export function usageLines(usage: ServerUsage, local: LocalCluster, roundTripMs: number | undefined): readonly HealthLine[] {
  return [...fetching(usage, roundTripMs), ...writing(usage), ...asynchronous(usage, local), ...statistics(usage), ...estimates(usage, roundTripMs)];
}

/* A whole table is read in so many round trips. */
const manyRoundTrips = 1_000;

function fetching({ largest }: ServerUsage, roundTripMs: number | undefined): readonly HealthLine[] {
  if (largest === undefined) return [];
  const trips = Math.ceil(largest.rows / largest.fetchSize);
  if (trips < manyRoundTrips) return [];
  const time = roundTripMs === undefined ? '' : `, ${duration(trips * roundTripMs)} of waiting`;
  return [
    about('options')('warning', `fetch_size ${largest.fetchSize}: reading all of ${largest.table} (some ${largest.rows.toLocaleString('en')} rows) takes ${trips.toLocaleString('en')} round trips${time}`,
      `Raise fetch_size of the table or the server, to ${Math.min(50_000, Math.max(1_000, largest.fetchSize * 100)).toLocaleString('en').replaceAll(',', '')} say; each scan keeps so many rows in memory.`),
  ];
}

function writing({ unbatched, tables }: ServerUsage): readonly HealthLine[] {
  if (unbatched === 0) return [];
  return [about('options')('note', `batch_size 1: an INSERT of many rows into ${unbatched === tables ? 'any of its tables' : counted(unbatched, 'of its tables', 'of its tables')} sends each by itself`, 'Set batch_size where many are written, 100 to 1000.')];
}

/**
 * The first minor of each major in which an Append over asynchronous foreign scans may be scanned again: before, that gives wrong
 * results or never ends. Commit 7d74b26447 of 2026-08-07 and its back-patches.
 */
const asyncMended: Readonly<Record<number, number>> = { 14: 24, 15: 19, 16: 15, 17: 11, 18: 5 };

function asynchronous({ asynchronous: used }: ServerUsage, { versionNum }: LocalCluster): readonly HealthLine[] {
  const [major, minor] = [Math.floor(versionNum / 10_000), versionNum % 10_000];
  const mended = asyncMended[major];
  if (!used || mended === undefined || minor >= mended) return [];
  return [
    about('options')('warning', `async_capable is on, and PostgreSQL ${postgresVersion(versionNum)} here gives wrong results, or never ends, where an asynchronous Append is scanned more than once (LATERAL, nested loops)`,
      `Upgrade the local server to ${major}.${mended}, or set async_capable to false.`),
  ];
}

/** Whether its foreign tables have statistics, whatever the wrapper. */
export function statistics({ tables, neverAnalyzed }: ServerUsage): readonly HealthLine[] {
  const say = about('statistics');
  if (tables === 0) return [];
  if (neverAnalyzed === 0) return [say('ok', `${counted(tables, 'foreign table')}, all analysed`)];
  const which = neverAnalyzed === tables ? (tables === 1 ? 'its foreign table was' : `none of its ${tables} foreign tables was`) : `${neverAnalyzed} of its ${tables} foreign tables ${neverAnalyzed === 1 ? 'was' : 'were'}`;
  const never = neverAnalyzed === tables && tables > 1 ? 'ever' : 'never';
  return [say('warning', `${which} ${never} analysed: the planner guesses ${tables === 1 ? 'its' : 'their'} size`, 'fdw analyze')];
}

function estimates({ remoteEstimates }: ServerUsage, roundTripMs: number | undefined): readonly HealthLine[] {
  if (remoteEstimates === 0) return [];
  const cost = roundTripMs === undefined ? '' : `; a join of three took 18 in a measurement, ${duration(18 * roundTripMs)} here`;
  return [about('remote-estimate')('note', `use_remote_estimate for ${counted(remoteEstimates, 'table')}: planning asks the remote about each path${cost}`)];
}
