import { atMostEvery } from '../base/at-most-every.ts';
import { UserError } from '../base/user-error.ts';
import { runQueries } from '../pushdown/analyze/run.ts';
import { askRemotes } from '../pushdown/answers/ask.ts';
import { holdAll } from '../pushdown/held.ts';
import { judge } from '../pushdown/judge.ts';
import { readQueries } from '../pushdown/queries/read.ts';
import type { QueryInput } from '../pushdown/types.ts';
import type { Spec, SpecCheck } from '../spec/types.ts';
import { applyBaseline, openBaseline } from './baseline.ts';
import { openLocalDatabase } from './local-database.ts';
import { offlineDatabase, type OfflineDatabase } from './offline/offline-database.ts';
import { optionalSpec } from './optional-spec.ts';
import { matchedSources, namedSources } from './query-sources.ts';
import type { CheckRequest, CheckResult } from './types.ts';

/**
 * Judges where the clauses of queries run. Executes none of them.
 * @throws UserError `nothing-to-check`, `file-unreadable` …; SpecError; connection errors
 */
export async function checkPushdown(request: CheckRequest): Promise<CheckResult> {
  const loaded = await optionalSpec(request);
  const queries = await queriesOf(request, loaded?.spec);
  if (queries.length === 0) throw nothingToCheck(request, loaded?.spec);
  const opened = await openBaseline(request);
  const { session, warnings, close } = await openDatabase(request, loaded?.spec);
  const progress = atMostEvery(500, request.progress);
  const limits = { role: request.role ?? loaded?.spec.pushdown.role, statementTimeoutMs: request.timeLimitMs, lockTimeoutMs: 5_000, signal: request.signal };
  try {
    const judged = await judge(session, queries, {
      ...limits,
      remote: request.remote,
      progress: (done, of, name) => progress(`judging ${name} (${done} of ${of})`),
    });
    const complete = request.files.length === 0 && request.query === undefined;
    const held = opened === undefined ? undefined : await applyBaseline(judged, opened, complete);
    const baseline = opened === undefined || held === undefined ? undefined : { file: opened.file, updated: opened.update, changes: held.changes };
    const added = opened?.update === true ? [] : (held?.changes.added ?? judged.queries.filter(({ file, held: expected }) => file !== undefined && expected.length === 0));
    let report = holdAll(held?.report ?? judged, request.failOn, added);
    if (request.remote) report = await askRemotes(session, report, { ...limits, progress: (done, of, server) => progress(`asking ${server} (${done} of ${of})`) });
    if (request.analyze) report = await runQueries(session, report, queries, { ...limits, progress: (done, of, name) => progress(`executing ${name} (${done} of ${of})`) });
    return { report, baseline, warnings: [...(loaded?.warnings ?? []), ...warnings] };
  } finally {
    await close();
  }
}

/** The local database, or one that is made for the purpose. */
async function openDatabase(request: CheckRequest, spec: Spec | undefined): Promise<OfflineDatabase> {
  if (request.offline !== undefined) return offlineDatabase(request.offline, spec, request.progress, request.signal);
  request.progress('connecting to the local database');
  const { session, warnings } = await openLocalDatabase({ flag: request.database, spec: spec?.database?.value, env: request.env, signal: request.signal });
  return { session, warnings, close: () => session.close() };
}

/** What the user named, else what the spec lists. */
async function queriesOf(request: CheckRequest, spec: Spec | undefined): Promise<readonly QueryInput[]> {
  if (request.files.length > 0 || request.query !== undefined) {
    const typed = request.query === undefined ? [] : readQueries([{ file: typedName, text: request.query }]).map(asTyped);
    return [...readQueries(await namedSources(request.files, request.readStdin)), ...typed];
  }
  if (spec === undefined) return [];
  const listed = readQueries(await matchedSources(spec.pushdown.queries));
  return [...listed, ...spec.pushdown.checks.map(fromCheck)];
}

const typedName = '--query';

/** A query of the command line has no file, and its place is its name. */
function asTyped(query: QueryInput): QueryInput {
  const unnamed = query.name.startsWith(`${typedName}:`);
  return { ...query, name: unnamed ? typedName : query.name, file: undefined };
}

/** A check of the spec: cut like a file, so that a trailing semicolon or a second statement is told alike. */
function fromCheck({ name, sql, expect }: SpecCheck): QueryInput {
  const [query, ...more] = readQueries([{ file: sql.at.source.file, text: sql.value }]);
  const place = { name: name.value, file: sql.at.source.file, line: sql.at.line, at: sql.at, expect };
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
