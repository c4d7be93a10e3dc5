import { alterForeignTable } from '../ddl/foreign-table.ts';
import type { DriftFinding } from '../model/drift.ts';
import type { DriftId } from '../model/drift-rules.ts';
import type { LocalTable } from '../model/local-table.ts';
import { ident, qualified } from '../sql/quote.ts';
import { render } from '../sql/statement.ts';
import type { Promised } from './promises.ts';

/** How many rows were looked at, and what was seen of those that break a promise. */
export interface Seen {
  readonly rows: number;
  readonly broken: number;
  /** The address of one that does. */
  readonly at: string | undefined;
}

interface Kind {
  readonly id: DriftId;
  /** What the catalogs alone tell of the same; it says no more then. */
  readonly supersedes: DriftId | undefined;
  readonly does: string;
}

const kinds: Readonly<Record<Promised['kind'], Kind>> = {
  'not-null': { id: 'null-found', supersedes: 'not-null-broken', does: 'the planner believes that there are none' },
  check: { id: 'check-broken', supersedes: 'check-not-kept', does: 'the planner believes that there are none, and may leave the table out' },
  bounds: { id: 'partition-bounds-broken', supersedes: undefined, does: 'queries that go by the partition key do not find them' },
};

/** A promise that rows of the remote break. */
export function brokenFinding(table: LocalTable, promised: Promised, { rows, broken, at }: Seen): DriftFinding {
  const { id, does } = kinds[promised.kind];
  const one = at === undefined ? '' : `, the first at ctid ${at} of ${qualified(table.remote)}`;
  return {
    id, class: 'wrong-results', server: table.server, tables: [{ schema: table.schema, name: table.name }], subject: promised.subject,
    message: `${broken} of ${rows} rows that were looked at break ${promised.text}${one}: ${does}`, guess: false, mend: mendOf(table, promised),
  };
}

function mendOf(table: LocalTable, { kind, subject, inherited }: Promised): readonly string[] {
  if (inherited || subject === undefined) return [];
  return kind === 'check'
    ? [`ALTER FOREIGN TABLE ${qualified(table)}\n  DROP CONSTRAINT ${ident(subject)}`]
    : alterForeignTable(table, { columns: [{ kind: 'set-not-null', name: subject, notNull: false }] }).map((each) => render(each, () => ''));
}

/** What is found in the catalogs, without what rows have shown to be so. */
export function withoutSuperseded(findings: readonly DriftFinding[], seen: readonly DriftFinding[]): readonly DriftFinding[] {
  const key = (id: string, { tables: [table], subject }: DriftFinding): string => JSON.stringify([id, table, subject]);
  const told = new Set(seen.flatMap((finding) => Object.values(kinds).filter(({ id }) => id === finding.id).map(({ supersedes }) => key(supersedes ?? '', finding))));
  return findings.filter((finding) => !told.has(key(finding.id, finding)));
}
