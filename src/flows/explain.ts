import { existsSync } from 'node:fs';
import { nearest } from '../base/nearest.ts';
import { someOf } from '../base/some-of.ts';
import { UserError } from '../base/user-error.ts';
import { readQueries } from '../pushdown/queries/read.ts';
import type { QueryInput } from '../pushdown/types.ts';
import { judgeQueries } from './judge-queries.ts';
import { optionalSpec } from './optional-spec.ts';
import { namedSources, typedQueries } from './query-sources.ts';
import type { ExplainRequest, ExplainResult } from './types.ts';

/**
 * Judges one query in full. Executes it only under `analyze`.
 * @throws UserError `nothing-to-check`, `several-queries`, `no-such-query`; SpecError; connection errors
 */
export async function explainQuery(request: ExplainRequest): Promise<ExplainResult> {
  const loaded = await optionalSpec(request);
  const query = chooseOne(await queriesOf(request), request.name);
  const { report, warnings } = await judgeQueries({ ...request, tree: true }, loaded?.spec, [query], async (judged) => judged);
  const [judged] = report.queries;
  if (judged === undefined) throw new RangeError('one query has one verdict');
  return { query: judged, warnings: [...(loaded?.warnings ?? []), ...warnings] };
}

/** A path that is there, standard input, or else a statement. */
async function queriesOf({ query, readStdin }: ExplainRequest): Promise<readonly QueryInput[]> {
  if (query === '-' || existsSync(query)) return readQueries(await namedSources([query], readStdin));
  return typedQueries(query, 'query');
}

function chooseOne(queries: readonly QueryInput[], name: string | undefined): QueryInput {
  const names = queries.map((query) => query.name);
  const fitting = name === undefined ? queries : queries.filter((query) => query.name === name || (query.file !== undefined && `${query.file}:${query.line}` === name));
  const [first, ...more] = fitting;
  if (first !== undefined && more.length === 0) return first;
  if (queries.length === 0) throw new UserError('nothing-to-check', 'There is no query in what was given.', { todo: 'A query is a SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES or TABLE.' });
  if (first === undefined) {
    const near = name === undefined ? undefined : nearest(name, names);
    throw new UserError('no-such-query', `There is no query ${name ?? ''}.`, { why: `There are:\n${someOf(names)}`, todo: near === undefined ? undefined : `Did you mean ${near}?` });
  }
  throw new UserError('several-queries', `There are ${fitting.length} statements, and one is explained at a time.`, { why: someOf(names), todo: 'Name one of them with --name, or judge all with `fdw check-pushdown`.' });
}
