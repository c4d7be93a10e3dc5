import type { QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';
import type { ExplainOptions } from './explain/explain.ts';
import { explainStatements } from './explain/explain-statements.ts';
import type { Answer, Pace } from './explain/explain-statements.ts';
import type { FunctionsOfRun } from './facts/functions.ts';
import type { RelationsOfRun } from './facts/relations.ts';
import type { OpenedBody, OpenedQuery, ViewsOfRun } from './facts/views.ts';
import type { Parser } from './parser.ts';
import { everyFlow, flowOf } from './plan/flow.ts';
import type { PlanNode } from './plan/node.ts';
import { readRelations } from './plan/relations.ts';
import type { QueryInput } from './types.ts';

/** A query with its views opened up, and its plans. */
export interface PlannedQuery {
  readonly opened: OpenedQuery;
  readonly answer: Answer;
}

/** What is known so far of the objects that a run's queries name. */
export interface CatalogsOfRun {
  readonly relations: RelationsOfRun;
  readonly functions: FunctionsOfRun;
  readonly views: ViewsOfRun;
}

/**
 * Has queries planned, and reads what judging them takes: a fixed number of questions to the catalogs, however many there are.
 * @param next called before each query is EXPLAINed
 */
export async function prepare(
  session: Session,
  parser: Parser,
  catalogs: CatalogsOfRun,
  queries: readonly QueryInput[],
  options: ExplainOptions,
  pace: Pace,
  next: (query: QueryInput) => void,
): Promise<ReadonlyMap<QueryInput, PlannedQuery>> {
  const opened = await catalogs.views.open(session, parser, queries.map(({ sql }) => sql));
  await catalogs.functions.read(session, opened.flatMap(({ shape }) => shape.functions));
  const statements = queries.map(({ sql }, index) => ({ sql, parameters: opened[index]?.shape.parameters ?? 0 }));
  const answers = await explainStatements(session, statements, options, (index) => {
    const query = queries[index];
    if (query !== undefined) next(query);
  }, pace);
  const plans = answers.flatMap(({ explained, custom }) => [explained, custom]).flatMap((each) => (each !== undefined && 'plan' in each ? [each.plan] : []));
  await catalogs.relations.read(session, [...plans.flatMap(relationNames), ...opened.flatMap(({ reached }) => reached)]);
  const planned = new Map<QueryInput, PlannedQuery>();
  for (const [index, query] of queries.entries()) {
    const [views, answer] = [opened[index], answers[index]];
    if (views !== undefined && answer !== undefined) planned.set(query, { opened: { ...views, bodies: bodiesOf(views, catalogs.functions) }, answer });
  }
  return planned;
}

function bodiesOf({ shape }: OpenedQuery, functions: FunctionsOfRun): readonly OpenedBody[] {
  return shape.ownFunctions.flatMap((called) => {
    const found = functions.of(called);
    return found?.body === undefined ? [] : [{ schema: found.schema, name: found.name, sql: found.body, location: called.location }];
  });
}

/** All relations that a plan names. */
function relationNames(plan: PlanNode): readonly QualifiedName[] {
  return everyFlow(flowOf(plan)).flatMap(({ node }) => [
    ...(node.relation === undefined ? [] : [node.relation]),
    ...node.targets.flatMap((target) => target.relation ?? []),
    ...(node.relations === undefined ? [] : readRelations(node.relations).relations),
  ]);
}
