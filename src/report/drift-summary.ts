import type { DriftClass, DriftReport } from '../model/drift.ts';
import { nameKey } from '../model/name.ts';
import { count, visible } from './text.ts';

const classes: readonly DriftClass[] = ['wrong-results', 'breaks-now', 'will-break', 'invisible'];

/** How many findings there are of each class. */
export function classCounts({ findings }: DriftReport): Readonly<Record<DriftClass, number>> {
  const of = (wanted: DriftClass): number => findings.filter((finding) => finding.class === wanted).length;
  return { 'wrong-results': of('wrong-results'), 'breaks-now': of('breaks-now'), 'will-break': of('will-break'), invisible: of('invisible') };
}

/** `Drift: 1 wrong-results, 2 invisible; 1 server unknown. Compared 7 foreign tables on 2 servers.`, or `No drift. …`. */
export function driftSummary(report: DriftReport): string {
  const counts = classCounts(report);
  const found = classes.filter((word) => counts[word] > 0).map((word) => `${counts[word]} ${word}`);
  const blind = new Set(report.unknown.flatMap(({ server, table }) => (table === undefined ? [server] : []))).size;
  const compared = report.servers.filter(({ readAs }) => readAs !== undefined);
  const tables = compared.reduce((sum, server) => sum + server.tables, 0);
  const partly = new Set(report.unknown.flatMap(({ table }) => (table === undefined ? [] : [nameKey(table)]))).size;
  const unknown = [...(blind > 0 ? [`${count(blind, 'server')} unknown`] : []), ...(partly > 0 ? [`${count(partly, 'table')} partly unknown`] : [])].join(', ');
  const parts = [found.length > 0 ? `Drift: ${found.join(', ')}` : 'No drift', ...(unknown === '' ? [] : [unknown])].join('; ');
  const rows = compared.reduce((sum, { sampled }) => sum + (sampled?.rows ?? 0), 0);
  const looked = compared.every(({ sampled }) => sampled === undefined) ? '' : `, and looked at ${count(rows, 'row')}`;
  return `${parts}. Compared ${count(tables, report.snapshot === undefined ? 'foreign table' : 'relation')} on ${count(compared.length, 'server')}${looked}${report.snapshot === undefined ? '' : ` with ${visible(report.snapshot)}`}.`;
}
