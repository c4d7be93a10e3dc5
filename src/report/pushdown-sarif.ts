import { createHash } from 'node:crypto';
import { rules } from '../model/rules.ts';
import type { RuleId } from '../model/rules.ts';
import type { PushdownReport } from '../pushdown/types.ts';
import { findingsOf } from './pushdown-findings.ts';
import type { Finding } from './pushdown-findings.ts';
import type { Pieces } from './pieces.ts';
import { rulePage } from './rule-markdown.ts';
import { visibleLines } from './text.ts';
import { sarifLog } from './sarif-log.ts';

/**
 * Findings as SARIF 2.1.0 (docs.oasis-open.org/sarif), with what GitHub's code scanning asks for: rules with help,
 * the most severe results first, a location and a fingerprint each.
 *
 * @param pathOf a file's path from the root of the repository
 * @param version of fdw
 */
export function pushdownSarif(report: PushdownReport, pathOf: (file: string) => string, version: string): Pieces {
  const found = new Set<RuleId>();
  let count = 0;
  for (const { rule } of findingsOf(report)) {
    found.add(rule);
    count += 1;
  }
  const ids = [...found].sort();
  return sarifLog(ids.map(ruleJson), results(report, ids, pathOf), count, version);
}

function* results(report: PushdownReport, ids: readonly RuleId[], pathOf: (file: string) => string): Generator<object> {
  for (const finding of findingsOf(report)) yield resultJson(finding, ids.indexOf(finding.rule), pathOf);
}

function ruleJson(id: RuleId): object {
  const { what, why, todo } = rules[id];
  // The page for people; without its title, which is the id.
  const page = rulePage(id).replace(/^# .*\n+/, '');
  return {
    id,
    name: id,
    shortDescription: { text: what },
    fullDescription: { text: `${what} ${why}` },
    help: { text: `${what}\n\n${why}\n\n${todo}`, markdown: page },
    properties: { tags: ['postgresql', 'pushdown'] },
  };
}

function resultJson({ rule, level, message, file, region, query, key, ignored }: Finding, ruleIndex: number, pathOf: (file: string) => string): object {
  const uri = file === undefined ? 'command-line' : file === '-' ? 'stdin' : asUri(pathOf(file));
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: visibleLines(message) },
    ...(ignored !== undefined && { suppressions: [{ kind: 'inSource', justification: visibleLines(ignored) }] }),
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri },
          region: { startLine: region.line, startColumn: region.column, endLine: region.endLine, endColumn: region.endColumn },
        },
      },
    ],
    // The name, not the line: a query that moves in its file stays the same alert.
    partialFingerprints: { 'fdwFinding/v1': createHash('sha256').update([uri, nameIn(query.name, file), rule, key].join('\0')).digest('hex') },
  };
}

/** A query without a name of its own is named after its line, which changes with the lines above. */
function nameIn(name: string, file: string | undefined): string {
  return file !== undefined && name.startsWith(`${file}:`) ? '' : name;
}

/** A path as a URI reference (RFC 3986): `/` stays, the rest is escaped; an absolute one gets its scheme. */
export function asUri(path: string): string {
  const escaped = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${escaped}` : escaped;
}
