import type { ServerHealth } from '../model/health.ts';
import { entriesOf, type HealthEntry } from './doctor-places.ts';
import { element, xmlText } from './xml.ts';

/** Health as JUnit XML: a suite per server, a case for each line. What could not be told is skipped; only a failure fails. */
export function doctorJunit(servers: readonly ServerHealth[]): string {
  const suites = servers.map(suite);
  const sum = (of: 'tests' | 'failures' | 'skipped'): number => suites.reduce((total, { counts }) => total + counts[of], 0);
  const totals = { tests: sum('tests'), failures: sum('failures'), errors: 0, skipped: sum('skipped') };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'fdw doctor', ...totals }, suites.map(({ xml }) => xml))}`;
}

function suite(health: ServerHealth) {
  const entries = entriesOf([health]);
  const of = (level: HealthEntry['level']): number => entries.filter((entry) => entry.level === level).length;
  const counts = { tests: entries.length, failures: of('fail'), errors: 0, skipped: of('unknown') };
  return { counts, xml: element('testsuite', { name: health.server, ...counts }, entries.map(testcase)) };
}

function testcase({ server, about, level, check, turn, message, todo }: HealthEntry): string {
  const name = `${about}: ${check}${turn === 1 ? '' : ` (${turn})`}`;
  const text = [xmlText([`${level}: ${message}`, ...(todo === undefined ? [] : [todo])].join('\n'))];
  const body = level === 'fail' ? element('failure', { type: check, message }, text) : level === 'unknown' ? element('skipped', { message }, []) : element('system-out', {}, text);
  return element('testcase', { name, classname: server }, [body]);
}
