import { createHash } from 'node:crypto';
import type { Rule } from '../model/rules.ts';
import type { Pieces } from './pieces.ts';
import type { Placed } from './placed.ts';
import { asUri } from './pushdown-sarif.ts';
import { sarifLog } from './sarif-log.ts';
import { visibleLines } from './text.ts';

/** Of what kind the findings are: `drift`, `health`. It is in the name of the fingerprint, so it stays as it is. */
interface Kind {
  readonly name: string;
  readonly ruleOf: (id: string) => Rule;
  readonly version: string;
}

/** Findings as SARIF 2.1.0, the most severe first as they are given, at the places of the spec; what the spec does not name stands in `database`, which is no file. */
export function placedSarif(all: readonly Placed[], { name, ruleOf, version }: Kind, pathOf: (file: string) => string): Pieces {
  const ids = [...new Set(all.map(({ rule }) => rule))].sort();
  const fingerprint = `fdw${name.charAt(0).toUpperCase()}${name.slice(1)}/v1`;
  return sarifLog(ids.map((id) => ruleJson(id, ruleOf(id), name)), all.map((each) => resultJson(each, ids.indexOf(each.rule), fingerprint, pathOf)), all.length, version);
}

function ruleJson(id: string, { what, why, todo }: Rule, tag: string): object {
  return {
    id,
    name: id,
    shortDescription: { text: what },
    fullDescription: { text: `${what} ${why}` },
    help: { text: `${what}\n\n${why}\n\n${todo}`, markdown: `${what}\n\n${why}\n\n**What to do:** ${todo}` },
    properties: { tags: ['postgresql', tag] },
  };
}

function resultJson({ rule, level, message, at, key }: Placed, ruleIndex: number, fingerprint: string, pathOf: (file: string) => string): object {
  const uri = at === undefined ? 'database' : at.source.file === '-' ? 'stdin' : asUri(pathOf(at.source.file));
  const region = at === undefined ? { startLine: 1 } : { startLine: at.line, startColumn: at.column, endLine: at.line, endColumn: at.endColumn };
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: visibleLines(message) },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
    partialFingerprints: { [fingerprint]: createHash('sha256').update(`${rule} ${key}`).digest('hex') },
  };
}
