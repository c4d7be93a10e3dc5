import type { ExplainResult } from '../flows/types.ts';
import type { PlanStep } from '../pushdown/types.ts';
import { problemJson } from './error.ts';
import { formatVersion } from './format-version.ts';
import { queryJson } from './pushdown-json.ts';

/** One query's story as JSON; see schema/explain.schema.json. */
export function explainJson({ query, warnings }: ExplainResult): object {
  return {
    format_version: formatVersion,
    query: queryJson(query),
    tree: query.tree === undefined ? null : stepJson(query.tree),
    warnings: warnings.map(problemJson),
  };
}

function stepJson({ type, name, relations, runs, details, rows, scans, children }: PlanStep): object {
  return { type, name: name ?? null, relations, runs, details: details.map(({ label, text }) => ({ label, text })), rows, scans, children: children.map(stepJson) };
}
