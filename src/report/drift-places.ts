import type { SourceSpan } from '../base/source.ts';
import type { DriftPlaces } from '../flows/drift.ts';
import type { DriftFinding, DriftReport } from '../model/drift.ts';
import { bySeverity } from './drift-markdown.ts';
import { subjectOf, tableName } from './drift-text.ts';

/** How a pipeline shows a finding. What is unknown counts as an error: nothing says that it is clean. */
export type Level = 'error' | 'warning' | 'note';

/** One thing to say, for formats that list findings with their place. */
export interface PlacedDrift {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  /** Where the spec names the table, the schema or the server; undefined: it does not, or there is none. */
  readonly at: SourceSpan | undefined;
  /** What tells it from others, whatever else changes. */
  readonly key: string;
  readonly mend: readonly string[];
}

/** All of a report, the worst first. */
export function placedDrift(report: DriftReport, places: DriftPlaces): readonly PlacedDrift[] {
  const unknown = report.unknown.map(({ server, table, id, message }): PlacedDrift => {
    const name = table === undefined ? undefined : tableName(table);
    return { rule: 'unknown', level: 'error', message: `${name ?? `server ${server}`}: ${message}`, at: (name === undefined ? undefined : places.table(name)) ?? places.server(server), key: [server, name ?? '', id].join(' '), mend: [] };
  });
  return [...unknown, ...bySeverity(report).map((finding) => placed(finding, places))];
}

function placed(finding: DriftFinding, places: DriftPlaces): PlacedDrift {
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
    mend,
  };
}
