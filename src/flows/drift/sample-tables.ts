import type { UserError } from '../../base/user-error.ts';
import { brokenFinding } from '../../drift/broken-promises.ts';
import { promisesOf } from '../../drift/promises.ts';
import type { DriftFinding, DriftUnknown } from '../../model/drift.ts';
import type { LocalTable } from '../../model/local-table.ts';
import { nameKey } from '../../model/name.ts';
import { readableKinds, type Standing } from '../../model/standing.ts';
import { DatabaseError, isStatementTimeout } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import type { Reader } from '../../remote/reader.ts';
import { type Sample, sampleRows } from '../../remote/sample.ts';

export interface Sampling {
  /** How many rows of each table. */
  readonly rows: number;
  /** Milliseconds for each table. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface Sampled {
  readonly findings: readonly DriftFinding[];
  readonly unknown: readonly DriftUnknown[];
  /** Tables and rows that were looked at. */
  readonly tables: number;
  readonly rows: number;
}

/** A remote that has been too slow for so many tables is not asked for more. */
const mostTimeouts = 3;

/**
 * Looks at rows behind the tables that promise something of them. One query for each such table.
 * @param found what is wrong by the catalogs: a table that cannot be read is not tried
 */
export async function sampleTables(session: Session, reader: Reader, tables: readonly LocalTable[], remote: Standing, found: readonly DriftFinding[], how: Sampling): Promise<Sampled> {
  const findings: DriftFinding[] = [];
  const unknown: DriftUnknown[] = [];
  const broken = new Set(found.filter(({ class: word }) => word === 'breaks-now').flatMap((finding) => finding.tables.map(nameKey)));
  let [looked, rows, timeouts] = [0, 0, 0];
  for (const table of tables) {
    const relation = remote.relations.get(nameKey(table.remote));
    if (relation === undefined || !readableKinds.has(relation.kind) || remote.denied.has(nameKey(table.remote))) continue;
    const promises = promisesOf(table, relation);
    const asked = promises.filter(({ trusted }) => trusted);
    unknown.push(...promises.filter(({ trusted }) => !trusted).map(({ text }) => onTable(table, 'sample-untrusted', `${text} was not tried on rows: it calls functions of another role, with the rights of whoever runs fdw`, 'Run fdw as the role that owns the functions.')));
    if (asked.length === 0) continue;
    try {
      const sample = await sampleRows(session, reader, { table, relation, conditions: asked.map((each) => each.broken), rows: how.rows, limit: how.limit });
      looked += 1;
      rows += sample.rows;
      findings.push(...asked.flatMap((promised, index) => broke(sample, index).map((seen) => brokenFinding(table, promised, seen))));
    } catch (error) {
      if (!(error instanceof DatabaseError) || how.signal.aborted) throw error;
      if (error.sqlstate.startsWith('08')) {
        unknown.push({ server: reader.server, table: undefined, id: 'remote-connection-lost', message: `The connection to the remote was lost while rows were looked at: ${error.message}`, todo: 'Try again.' });
        break;
      }
      if (isStatementTimeout(error)) {
        timeouts += 1;
        unknown.push(onTable(table, 'sample-timeout', `Rows were not looked at: they did not come within ${how.limit / 1000} s`, 'Raise --patience, or see on the remote what it waits for.'));
        if (timeouts < mostTimeouts) continue;
        unknown.push({ server: reader.server, table: undefined, id: 'sample-timeout', message: `No rows of further tables were looked at, after ${mostTimeouts} that did not come in time`, todo: 'Raise --patience, or choose tables with --schema.' });
        break;
      }
      if (cannotBeRead(error)) findings.push(unreadable(table, error));
      else if (!broken.has(nameKey(table))) unknown.push(onTable(table, 'sample-failed', `Rows could not be looked at: ${wordsOf(error)}`, undefined));
    }
  }
  return { findings, unknown, tables: looked, rows };
}

function broke({ rows, met }: Sample, index: number): readonly { readonly rows: number; readonly broken: number; readonly at: string | undefined }[] {
  const seen = met[index];
  return seen === undefined || seen.count === 0 ? [] : [{ rows, broken: seen.count, at: seen.at }];
}

function onTable({ server, schema, name }: LocalTable, id: string, message: string, todo: string | undefined): DriftUnknown {
  return { server, table: { schema, name }, id, message, todo };
}

/** Classes 22 and 23: data exceptions and violated constraints, be it of a domain. Their words have values of rows in them. */
function ofData({ sqlstate }: UserError & { readonly sqlstate: string }): boolean {
  return /^2[23]/.test(sqlstate);
}

/** Whether a value of a row is none of the column's type here: then the error's context names the column of the copy (conversion_error_callback, postgres_fdw.c). */
function cannotBeRead(error: DatabaseError): boolean {
  return ofData(error) && error.where?.includes('fdw_sample') === true;
}

function unreadable(table: LocalTable, error: DatabaseError): DriftFinding {
  return {
    id: 'row-unreadable', class: 'breaks-now', server: table.server, tables: [{ schema: table.schema, name: table.name }], guess: false, mend: [],
    subject: table.columns.find(({ name }) => error.where?.includes(`"${name}" of `))?.name,
    message: `a row has a value that cannot be read here as the column's type (SQLSTATE ${error.sqlstate}): queries that meet it fail`,
  };
}

function wordsOf(error: DatabaseError): string {
  return ofData(error) ? `SQLSTATE ${error.sqlstate}, whose words may have values in them` : error.message;
}
