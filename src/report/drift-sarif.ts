import { createHash } from 'node:crypto';
import { driftRules } from '../model/drift-rules.ts';
import type { DriftPlaces } from '../flows/drift.ts';
import type { DriftReport } from '../model/drift.ts';
import type { Rule } from '../model/rules.ts';
import { placedDrift, type PlacedDrift } from './drift-places.ts';
import type { Pieces } from './pieces.ts';
import { asUri } from './pushdown-sarif.ts';
import { visibleLines } from './text.ts';
import { sarifLog } from './sarif-log.ts';

const unknownRule: Rule = {
  what: 'A server or table that could not be looked at.',
  why: 'The remote did not answer, or does not let itself be read.',
  todo: 'See what the message names; nothing says that it is clean.',
};

/** Drift as SARIF 2.1.0, the most severe first, at the places of the spec; what the spec does not name stands in `database`, which is no file. */
export function driftSarif(report: DriftReport, places: DriftPlaces, pathOf: (file: string) => string, version: string): Pieces {
  const all = placedDrift(report, places);
  const ids = [...new Set(all.map(({ rule }) => rule))].sort();
  return sarifLog(ids.map(ruleJson), all.map((each) => resultJson(each, ids.indexOf(each.rule), pathOf)), all.length, version);
}

function ruleJson(id: string): object {
  const known: Readonly<Record<string, Rule>> = driftRules;
  const { what, why, todo } = known[id] ?? unknownRule;
  return {
    id,
    name: id,
    shortDescription: { text: what },
    fullDescription: { text: `${what} ${why}` },
    help: { text: `${what}\n\n${why}\n\n${todo}`, markdown: `${what}\n\n${why}\n\n**What to do:** ${todo}` },
    properties: { tags: ['postgresql', 'drift'] },
  };
}

function resultJson({ rule, level, message, at, key }: PlacedDrift, ruleIndex: number, pathOf: (file: string) => string): object {
  const uri = at === undefined ? 'database' : at.source.file === '-' ? 'stdin' : asUri(pathOf(at.source.file));
  const region = at === undefined ? { startLine: 1 } : { startLine: at.line, startColumn: at.column, endLine: at.line, endColumn: at.endColumn };
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: visibleLines(message) },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
    partialFingerprints: { 'fdwDrift/v1': createHash('sha256').update(`${rule} ${key}`).digest('hex') },
  };
}
