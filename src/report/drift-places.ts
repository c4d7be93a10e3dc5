import type { DriftPlaces } from '../flows/drift.ts';
import type { DriftFinding, DriftReport } from '../model/drift.ts';
import { bySeverity } from './drift-markdown.ts';
import { subjectOf, tableName } from './drift-text.ts';
import type { Placed } from './placed.ts';

/** All of a report, the worst first. What is unknown counts as an error: nothing says that it is clean. */
export function placedDrift(report: DriftReport, places: DriftPlaces): readonly Placed[] {
  const unknown = report.unknown.map(({ server, table, id, message }): Placed => {
    const name = table === undefined ? undefined : tableName(table);
    return { rule: 'unknown', level: 'error', message: `${name ?? `server ${server}`}: ${message}`, at: (name === undefined ? undefined : places.table(name)) ?? places.server(server), key: [server, name ?? '', id].join(' '), more: [] };
  });
  return [...unknown, ...bySeverity(report).map((finding) => placed(finding, places))];
}

function placed(finding: DriftFinding, places: DriftPlaces): Placed {
  const { id, class: word, server, tables, subject, message, mend } = finding;
  const about = subjectOf(finding);
  const [first] = tables;
  const name = first === undefined ? `server ${server}` : tables.map(tableName).join(', ');
  const column = about === undefined ? '' : ` ${about}`;
  return {
    rule: id,
    level: word === 'invisible' ? 'note' : word === 'will-break' ? 'warning' : 'error',
    message: `${name}${column}: ${message} (${word})`,
    at: (first === undefined ? undefined : places.table(tableName(first))) ?? places.server(server),
    key: [server, first === undefined ? '' : tableName(first), id, subject ?? ''].join(' '),
    more: mend.map((each) => `${each};`),
  };
}
