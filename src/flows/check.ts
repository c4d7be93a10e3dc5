import { UserError } from '../base/user-error.ts';
import { holdAll, idleIgnores, summarise } from '../pushdown/held.ts';
import { readQueries } from '../pushdown/queries/read.ts';
import type { QueryInput } from '../pushdown/types.ts';
import type { Spec, SpecCheck } from '../spec/types.ts';
import { applyBaseline, openBaseline } from './baseline.ts';
import { changedSince } from './changed-files.ts';
import { judgeQueries } from './judge-queries.ts';
import { optionalSpec } from './optional-spec.ts';
import { matchedSources, namedSources, typedQueries } from './query-sources.ts';
import type { CheckRequest, CheckResult } from './types.ts';

/**
 * Judges where the clauses of queries run. Executes none of them.
 * @throws UserError `nothing-to-check`, `file-unreadable` …; SpecError; connection errors
 */
export async function checkPushdown(request: CheckRequest): Promise<CheckResult> {
  const loaded = await optionalSpec(request);
  const all = await queriesOf(request, loaded?.spec);
  if (all.length === 0 && request.statStatements === undefined) throw nothingToCheck(request, loaded?.spec);
  const queries = request.changedSince === undefined ? all : await touched(all, request.changedSince, loaded?.files ?? []);
  const opened = await openBaseline(request);
  const complete = queries.length === all.length && request.files.length === 0 && request.query === undefined && request.statStatements === undefined;
  if (queries.length === 0 && request.statStatements === undefined) return { report: { queries: [], summary: summarise([]) }, baseline: undefined, warnings: loaded?.warnings ?? [] };
  let baseline: CheckResult['baseline'];
  const { report, warnings } = await judgeQueries(request, loaded?.spec, queries, async (judged) => {
    const held = opened === undefined ? undefined : await applyBaseline(judged, opened, complete);
    if (opened !== undefined && held !== undefined) baseline = { file: opened.file, updated: opened.update, changes: held.changes };
    const added = opened?.update === true ? [] : (held?.changes.added ?? judged.queries.filter(({ file, held: expected }) => file !== undefined && expected.length === 0));
    return holdAll(held?.report ?? judged, request.failOn, added);
  });
  const idle = idleIgnores(report).map(({ reason, at }) => ({ message: `nothing here has the reason \`${reason}\` any more`, at, hint: 'take the `ignore` out' }));
  return { report, baseline, warnings: [...(loaded?.warnings ?? []), ...warnings, ...idle] };
}

/** The queries of changed files; all of them where the spec has changed. What was typed or piped in has always changed. */
async function touched(queries: readonly QueryInput[], revision: string, specFiles: readonly string[]): Promise<readonly QueryInput[]> {
  const changed = await changedSince(revision);
  if (specFiles.some(changed)) return queries;
  return queries.filter(({ file }) => file === undefined || file === '-' || changed(file));
}

/** What the user named, else what the spec lists. */
async function queriesOf(request: CheckRequest, spec: Spec | undefined): Promise<readonly QueryInput[]> {
  if (request.files.length > 0 || request.query !== undefined) {
    const typed = request.query === undefined ? [] : typedQueries(request.query, '--query');
    return [...readQueries(await namedSources(request.files, request.readStdin)), ...typed];
  }
  if (spec === undefined || request.statStatements !== undefined) return [];
  const listed = readQueries(await matchedSources(spec.pushdown.queries));
  return [...listed, ...spec.pushdown.checks.map(fromCheck)];
}

/** A check of the spec: cut like a file, so that a trailing semicolon or a second statement is told alike. */
function fromCheck({ name, sql, expect, ignores }: SpecCheck): QueryInput {
  const [query, ...more] = readQueries([{ file: sql.at.source.file, text: sql.value }]);
  const place = { name: name.value, file: sql.at.source.file, line: sql.at.line, at: sql.at, expect, ignores };
  const wrong = query === undefined ? 'this check has no statement' : more.length > 0 ? 'a check holds one statement, and this has more' : undefined;
  const error = wrong === undefined ? query?.error : { message: wrong, hint: undefined, at: sql.at };
  // The text of a YAML scalar stands in the file with its own indentation and escapes, so errors point at the check.
  return { ...place, sql: query?.sql ?? sql.value, error: error === undefined ? undefined : { ...error, at: sql.at } };
}

function nothingToCheck(request: CheckRequest, spec: Spec | undefined): UserError {
  if (request.files.length > 0 || request.query !== undefined) {
    return new UserError('nothing-to-check', 'There is no query in what was given.', { todo: 'A query is a SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES or TABLE.' });
  }
  return new UserError('nothing-to-check', 'There is no query to check.', {
    why: spec === undefined ? 'No files, no --query and no spec were given.' : 'The spec lists none under `pushdown`.',
    todo: 'Name files (`fdw check-pushdown queries/*.sql`), give --query, or list them in the spec: `pushdown: {queries: [queries/**/*.sql]}`.',
  });
}
