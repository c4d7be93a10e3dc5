import { groupBy } from '../base/group.ts';
import type { DriftResult } from '../flows/drift.ts';
import type { DriftClass, DriftFinding, DriftReport, DriftServer, DriftUnknown } from '../model/drift.ts';
import type { QualifiedName } from '../model/name.ts';
import { databaseText } from './database-text.ts';
import { driftSummary } from './drift-summary.ts';
import { postgresVersion } from '../base/postgres-version.ts';
import type { Style, Surface } from './style.ts';
import { count, indent, visible, visibleLines, wrap } from './text.ts';

/** Drift for people, by server and table; the last line is the summary. Without a final line feed. */
export function driftText({ database, report }: DriftResult, surface: Surface): string {
  const servers = report.servers.map((server) => serverText(server, report, surface));
  return [databaseText(database, surface), ...servers, surface.style.bold(driftSummary(report))].join('\n\n');
}

function serverText(server: DriftServer, { findings, unknown, snapshot }: DriftReport, surface: Surface): string {
  const { style, width } = surface;
  const own = findings.filter((finding) => finding.server === server.name);
  const blocks = [...groupBy(own, headOf)].map(([head, group]) => [`  ${style.bold(visible(head))}`, ...group.map((finding) => findingText(finding, surface))].join('\n'));
  const blind = unknown.filter((each) => each.server === server.name).map((each) => unknownText(each, surface));
  const clean = own.length === 0 && blind.length === 0 ? [style.green(snapshot === undefined ? '  as here' : `  as in ${visible(snapshot)}`)] : [];
  return [`${style.bold(`Server ${visible(server.name)}`)}\n${wrap(style.dim(about(server, snapshot === undefined ? 'foreign table' : 'relation')), width, 2)}`, ...clean, ...blocks, ...blind].join('\n');
}

function about({ tables, readAs, versionNum, sampled }: DriftServer, what: string): string {
  const counted = count(tables, what);
  if (readAs === undefined) return counted;
  return `${counted}, read as ${visible(readAs.local)}, who is ${visible(readAs.remote)} there, PostgreSQL ${postgresVersion(versionNum ?? 0)}${sampled === undefined ? '' : `; looked at ${count(sampled.rows, 'row')} of ${count(sampled.tables, 'table')}`}`;
}

/** What a finding is about, for its heading. */
function headOf({ id, tables, subject }: DriftFinding): string {
  const [first] = tables;
  if (first === undefined) return subject === undefined ? 'the server' : id === 'schema-gone' ? `schema ${subject}` : id === 'extension-differs' ? `extension ${subject}` : `type ${subject}`;
  // What has tables in common is a type.
  return tables.length === 1 ? tableName(first) : `type ${subject ?? ''} in ${tables.map(tableName).join(', ')}`;
}

/** Names as people read them, without quotes. */
export function tableName({ schema, name }: QualifiedName): string {
  return `${schema}.${name}`;
}

/** The column or constraint that a finding is about; messages on types, schemas and extensions name theirs. */
export function subjectOf({ tables, subject, message }: DriftFinding): string | undefined {
  return tables.length === 0 || subject === undefined || message.startsWith(`type ${subject}`) ? undefined : subject;
}

function paint(of: DriftClass, style: Style): (text: string) => string {
  return of === 'invisible' ? style.dim : of === 'will-break' ? style.yellow : style.red;
}

function findingText(finding: DriftFinding, surface: Surface): string {
  const { style, width } = surface;
  const about = subjectOf(finding);
  const subject = about === undefined ? '' : `${style.bold(visible(about))}: `;
  const guess = finding.guess ? style.dim(' (a guess)') : '';
  const head = wrap(`${paint(finding.class, style)(finding.class.padEnd(13))} ${subject}${visible(finding.message)}${guess} ${style.dim(`[${finding.id}]`)}`, width, 4, 14);
  return [head, ...finding.mend.map((sql) => style.cyan(indent(`${visibleLines(sql)};`, 18)))].join('\n');
}

function unknownText({ table, message, todo }: DriftUnknown, { style, width }: Surface): string {
  const about = table === undefined ? '' : `${visible(tableName(table))}: `;
  const lines = [wrap(`${style.yellow('unknown'.padEnd(13))} ${about}${visible(message)}`, width, 4, 14)];
  if (todo !== undefined) lines.push(wrap(`${style.cyan('→')} ${visible(todo)}`, width, 18, 2));
  return lines.join('\n');
}
